// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Forgotten lock: votes as if it had never nullified or finalized the view. A finalize is followed by a
/// nullify to every second peer; a nullify by a finalize of the view's block, if it saw one. Rule 3: the two
/// never make both certificates, and the pair is proof.
/// </summary>
public sealed class ForgetfulVoter : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message)
    {
        yield return message;
        if (message is not VoteMessage { Vote.Subject: { Kind: not VoteKind.Notarize } subject })
        {
            yield break;
        }

        if (subject.Kind == VoteKind.Finalize)
        {
            if (to % 2 == 0)
            {
                yield return new VoteMessage(context.Sign(
                    subject with { Kind = VoteKind.Nullify, BlockHash = default }));
            }
        }
        else if (BlindVoter.ProposalOf(context, subject.View) is { } hash)
        {
            yield return new VoteMessage(context.Sign(
                subject with { Kind = VoteKind.Finalize, BlockHash = hash }));
        }
    }
}
