// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Evidence flood: with every vote, votes of every kind for many blocks in this view and those around it. One
/// accusation is made for a validator and view, and the flood costs nobody but its sender.
/// </summary>
public sealed class EvidenceFlooder : Adversary
{
    private const byte Blocks = 8;

    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message)
    {
        yield return message;
        if (message is not VoteMessage { Vote.Subject: var subject })
        {
            yield break;
        }

        for (byte block = 0; block < Blocks; block++)
        {
            VoteSubject other = subject with
            {
                Kind = block % 2 == 0 ? VoteKind.Notarize : VoteKind.Finalize,
                View = new View(subject.View.Value - Math.Min((ulong)block / 4, subject.View.Value)),
                BlockHash = Hashing.Hash(DomainTag.Header, [block]),
            };
            yield return new VoteMessage(context.Sign(other));
        }
    }
}
