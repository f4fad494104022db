// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Runtime.Signing;
using TokenLedger.Storage;

namespace TokenLedger.Runtime.Consensus;

/// <summary>
/// Signs votes with the consensus key. It takes nothing but votes whose record is durable and that the guard
/// released, so that no signature can exist before either, by type.
/// </summary>
internal sealed class VoteSigner(ISigner key, int index, Hash256 genesisHash, SignerGuard guard)
{
    /// <summary>The key's guard.</summary>
    public SignerGuard Guard => guard;

    public Vote Sign(DurableVote vote, GuardLeave leave)
    {
        Invariant.Require(vote.Subject == leave.Subject, "record and guard are of one vote");
        Hash256 digest = vote.Subject.SigningDigest(genesisHash);
        return new Vote(vote.Subject, index, [.. key.Sign(digest)]);
    }
}
