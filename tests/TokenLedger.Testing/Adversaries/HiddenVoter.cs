// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Testing;

/// <summary>
/// Selective vote withholding: votes to one validator only, and shows its certificates to none. That one
/// alone may see a quorum, and must take the others along.
/// </summary>
public sealed class HiddenVoter : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        message switch
        {
            VoteMessage when to != (context.Index + 1) % context.Validators.Count => [],
            CertificateMessage => [],
            _ => [message],
        };
}
