// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Far-future rounds: with every vote also votes for views near and far ahead, and asks for more than there
/// is. None of it is a crime; all of it wants to grow buffers.
/// </summary>
public sealed class FarFutureSpammer : Adversary
{
    private const int FarViews = 16;

    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message)
    {
        yield return message;
        if (message is not VoteMessage { Vote.Subject: var subject })
        {
            yield break;
        }

        ulong now = subject.View.Value;
        // Other far ones in every view: what is kept of each would add up.
        ulong first = 1_000 + (now * FarViews);
        IEnumerable<ulong> far = Enumerable.Range(0, FarViews).Select(i => first + (ulong)i);
        foreach (ulong view in far.Concat([now + 1, now + 2, ulong.MaxValue - 1, ulong.MaxValue]))
        {
            yield return new VoteMessage(context.Sign(subject with
            {
                Kind = VoteKind.Notarize,
                View = new View(view),
                BlockHash = Hashing.Hash(DomainTag.Header, [(byte)to]),
            }));
        }

        yield return new FetchMessage(default, new View(ulong.MaxValue));
    }
}
