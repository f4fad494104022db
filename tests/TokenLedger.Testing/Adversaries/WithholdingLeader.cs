// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Testing;

/// <summary>Shows its proposals to half of the validators only, and answers no fetch.</summary>
public sealed class WithholdingLeader : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        message switch
        {
            ProposalMessage when 2 * to >= context.Network.Options.Validators => [],
            BlockMessage when 2 * to >= context.Network.Options.Validators => [],
            CertificateMessage { IsAnswer: true } => [],
            _ => [message],
        };
}
