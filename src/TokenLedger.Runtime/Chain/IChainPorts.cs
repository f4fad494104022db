// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Runtime.Chain;

/// <summary>What the chain's thread needs of the rest of the node. Every member returns at once.</summary>
internal interface IChainPorts
{
    /// <summary>Answers consensus.</summary>
    void Tell(ConsensusInput input);

    /// <summary>Pushes a block's body to every peer.</summary>
    void Relay(Block block);

    /// <summary>Asks peers for a body; it comes as <see cref="BodyArrived"/>, or never.</summary>
    void Fetch(Hash256 blockHash, int? holder);

    /// <summary>Asks for finalized blocks above the head, because final blocks are missing here.</summary>
    void CatchUp();

    /// <summary>
    /// True when more validators than may lie say that a block of this height, or above it, is final.
    /// </summary>
    bool IsFinalElsewhere(Height height);

    /// <summary>Stops the process: what was found cannot be lived with.</summary>
    void Fatal(Exception cause);
}
