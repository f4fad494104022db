// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Double precommit: with every finalize another one for some other block of the same view. Each validator
/// counts once, and the pair is proof.
/// </summary>
public sealed class DoubleFinalizer : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        message is VoteMessage { Vote.Subject: { Kind: VoteKind.Finalize } subject }
            ?
            [
                message,
                new VoteMessage(context.Sign(subject with
                {
                    BlockHash = DoubleNotarizer.OtherBlock(subject.View),
                })),
            ]
            : [message];
}
