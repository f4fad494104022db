// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Always-nil: nullifies every view in place of every other vote, also those that it leads. f nullify votes
/// end no view, so the others finalize without it.
/// </summary>
public sealed class Nullifier : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message)
    {
        VoteSubject? subject = message switch
        {
            ProposalMessage { Proposal.LeaderVote.Subject: var proposed } => proposed,
            VoteMessage { Vote.Subject: { Kind: not VoteKind.Nullify } voted } => voted,
            _ => null,
        };
        return subject is { } bent
            ? [new VoteMessage(context.Sign(bent with { Kind = VoteKind.Nullify, BlockHash = default }))]
            : [message];
    }
}
