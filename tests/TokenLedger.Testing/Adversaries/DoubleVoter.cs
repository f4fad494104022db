// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Votes for both: with every notarize or finalize another for some other block, and with every finalize a
/// nullify.
/// </summary>
public sealed class DoubleVoter : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message)
    {
        yield return message;
        if (message is not VoteMessage { Vote.Subject: { Kind: not VoteKind.Nullify } subject })
        {
            yield break;
        }

        Hash256 other = Hashing.Hash(DomainTag.Header, [(byte)(subject.View.Value % 256)]);
        yield return new VoteMessage(context.Sign(subject with { BlockHash = other }));
        yield return new VoteMessage(context.Sign(
            subject with { Kind = VoteKind.Nullify, BlockHash = default }));
    }
}
