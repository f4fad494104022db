// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Consensus;

namespace TokenLedger.Storage;

/// <summary>
/// Proof that "I am about to sign this" is on disk. Only <see cref="ConsensusLog"/> makes one, after its
/// sync; a signer that takes nothing else cannot sign a vote that a crash would make it forget.
/// </summary>
public sealed class DurableVote
{
    internal DurableVote(VoteSubject subject) => Subject = subject;

    /// <summary>What may be signed now.</summary>
    public VoteSubject Subject { get; }
}
