// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Double prevote: with every notarize another one for some other block of the same view. Each validator
/// counts once, and the pair is proof.
/// </summary>
public sealed class DoubleNotarizer : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        message is VoteMessage { Vote.Subject: { Kind: VoteKind.Notarize } subject }
            ? [message, new VoteMessage(context.Sign(subject with { BlockHash = OtherBlock(subject.View) }))]
            : [message];

    /// <summary>A block that nobody has.</summary>
    public static Hash256 OtherBlock(View view) =>
        Hashing.Hash(DomainTag.Header, [(byte)(view.Value % 256)]);
}
