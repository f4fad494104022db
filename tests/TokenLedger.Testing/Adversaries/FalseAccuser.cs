// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// False evidence: tries to make honest validators look guilty. There is no message that carries evidence, so
/// it says in their names what conflicts with what they said: their votes with another block, and
/// certificates for another block with their real signatures. Subjects are signed, and only their signer's
/// connection counts, so nobody but the accuser is blamed.
/// </summary>
public sealed class FalseAccuser : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message)
    {
        yield return message;
        VoteSubject? subject = message switch
        {
            VoteMessage { Vote.Subject: var voted } => voted,
            CertificateMessage { Certificate.Subject: var certified } => certified,
            _ => null,
        };
        if (subject is not { } said)
        {
            yield break;
        }

        foreach (VoteMessage seen in context.Recent.OfType<VoteMessage>()
            .Where(seen => seen.Vote.Signer != context.Index && seen.Vote.Subject.View == said.View).Take(2))
        {
            yield return new VoteMessage(seen.Vote with { Subject = Other(seen.Vote.Subject) });
        }

        if (message is CertificateMessage { Certificate: var held })
        {
            yield return new CertificateMessage(held with { Subject = Other(held.Subject) }, IsAnswer: false);
        }
    }

    private static VoteSubject Other(VoteSubject subject) => subject with
    {
        Kind = subject.Kind == VoteKind.Nullify ? VoteKind.Finalize : subject.Kind,
        BlockHash = DoubleNotarizer.OtherBlock(subject.View),
    };
}
