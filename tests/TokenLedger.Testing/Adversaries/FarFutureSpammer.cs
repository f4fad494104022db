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
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message)
    {
        yield return message;
        if (message is not VoteMessage { Vote.Subject: var subject })
        {
            yield break;
        }

        ulong now = subject.View.Value;
        foreach (ulong view in new[] { now + 1, now + 2, now + 1_000, ulong.MaxValue - 1, ulong.MaxValue })
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
