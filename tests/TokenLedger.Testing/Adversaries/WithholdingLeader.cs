// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Protocol.Sync.V1;

namespace TokenLedger.Testing;

/// <summary>
/// Proposal to half: shows its proposals to half of the validators only, and answers no question. The others
/// must get header and body from those who voted, or give the view up.
/// </summary>
public sealed class WithholdingLeader : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        message switch
        {
            ProposalMessage or BlockMessage when 2 * to >= context.Validators.Count => [],
            CertificateMessage { IsAnswer: true } => [],
            SyncAnswerMessage { Answer: GetCandidateResponse } =>
                [new SyncAnswerMessage(new GetCandidateResponse())],
            SyncAnswerMessage { Answer: ListCertificatesResponse } =>
                [new SyncAnswerMessage(new ListCertificatesResponse())],
            _ => [message],
        };
}
