// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Storage;

namespace TokenLedger.Runtime.Consensus;

/// <summary>
/// Signs votes with the consensus key. It takes nothing but votes whose record is durable, so that no
/// signature can exist before its record, by type.
/// </summary>
internal sealed class VoteSigner(ISigner key, int index, Hash256 genesisHash)
{
    public Vote Sign(DurableVote vote)
    {
        Hash256 digest = vote.Subject.SigningDigest(genesisHash);
        return new Vote(vote.Subject, index, [.. key.Sign(digest)]);
    }
}
