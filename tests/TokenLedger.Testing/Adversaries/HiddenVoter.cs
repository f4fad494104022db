// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Testing;

/// <summary>Votes to one validator only, and shows its certificates to none.</summary>
public sealed class HiddenVoter : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        message switch
        {
            VoteMessage when to != (context.Index + 1) % context.Network.Options.Validators => [],
            CertificateMessage => [],
            _ => [message],
        };
}
