// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>Signs its votes wrongly, and its certificates too, for every second peer.</summary>
public sealed class ForgingVoter : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        message switch
        {
            _ when to % 2 == 0 => [message],
            VoteMessage { Vote: var vote } => [new VoteMessage(vote with { Signature = Forged(vote.Signature) })],
            CertificateMessage { Certificate: var held, IsAnswer: var answer } =>
                [new CertificateMessage(Forged(held), answer)],
            _ => [message],
        };

    private static Certificate Forged(Certificate held) =>
        held with { Signatures = held.Signatures.SetItem(0, Forged(held.Signatures[0])) };

    private static ImmutableArray<byte> Forged(ImmutableArray<byte> signature) =>
        signature.SetItem(30, (byte)(signature[30] ^ 1));
}
