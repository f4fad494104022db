// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Vote for an invalid block: finalizes what it notarizes at once, certified or not, and where its machine
/// gives a view up it notarizes and finalizes the view's proposal all the same, without verification or
/// ancestry. f such votes make no quorum without honest ones.
/// </summary>
public sealed class BlindVoter : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message)
    {
        if (message is not VoteMessage { Vote.Subject: { Kind: not VoteKind.Finalize } subject }
            || (subject.Kind == VoteKind.Notarize ? subject.BlockHash : ProposalOf(context, subject.View))
                is not { } hash)
        {
            return [message];
        }

        return
        [
            new VoteMessage(context.Sign(subject with { Kind = VoteKind.Notarize, BlockHash = hash })),
            new VoteMessage(context.Sign(subject with { Kind = VoteKind.Finalize, BlockHash = hash })),
        ];
    }

    /// <summary>The block proposed in a view, as far as it was seen.</summary>
    public static Hash256? ProposalOf(AdversaryContext context, View view) => context.Recent
        .OfType<ProposalMessage>()
        .FirstOrDefault(seen => seen.Proposal.View == view)?.Proposal.BlockHash;
}
