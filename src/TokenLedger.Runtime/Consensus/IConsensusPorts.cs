// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Runtime.Consensus;

/// <summary>What the consensus thread needs of the rest of the node. Every member returns at once.</summary>
internal interface IConsensusPorts
{
    /// <summary>Sends a vote to every peer.</summary>
    void Broadcast(Vote vote);

    /// <summary>Sends a proposal to every peer.</summary>
    void Broadcast(Proposal proposal);

    /// <summary>Sends a certificate to every peer.</summary>
    void Broadcast(Certificate certificate);

    /// <summary>Sends a certificate to one peer.</summary>
    void Send(int to, Certificate certificate);

    /// <summary>Pushes a known block's body to every peer once more.</summary>
    void RelayAgain(Hash256 blockHash);

    /// <summary>Asks a peer, or any, for certificates of a range of views.</summary>
    void FetchCertificates(View from, View to, int? holder);

    /// <summary>Hands an effect to the chain's thread.</summary>
    void Ask(ConsensusEffect effect);

    /// <summary>A peer misbehaved on its own connection.</summary>
    void Block(int peer, PeerFault fault);

    /// <summary>Stops the process: what was found cannot be lived with.</summary>
    void Fatal(Exception cause);
}
