// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Stale-round votes: with every vote also votes of all kinds for views just past, long past and none at all.
/// Nothing at or below the last final view changes, and nothing grows.
/// </summary>
public sealed class StaleVoter : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message)
    {
        yield return message;
        if (message is not VoteMessage { Vote.Subject: var subject })
        {
            yield break;
        }

        ulong now = subject.View.Value;
        foreach (ulong view in new[] { now - 1, now - Math.Min(now, 40), 1ul, 0ul })
        {
            yield return new VoteMessage(context.Sign(
                new VoteSubject(VoteKind.Nullify, subject.Epoch, new View(view), default)));
            yield return new VoteMessage(context.Sign(new VoteSubject(
                VoteKind.Notarize, subject.Epoch, new View(view), Hashing.Hash(DomainTag.Header, [7]))));
        }
    }
}
