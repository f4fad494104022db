// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Ex-member certificate: pushes certificates with a signer from outside the set, and certificates of another
/// epoch. Only members count, and only in their epoch.
/// </summary>
public sealed class ForeignSignerCertifier : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message)
    {
        yield return message;
        if (message is not CertificateMessage { Certificate: var held })
        {
            yield break;
        }

        int members = context.Validators.Count;
        if (members < Limits.Validators)
        {
            // The last signer is exchanged for the first index that is no member's any more.
            uint rest = held.Signers & ~(1u << BitOperations.Log2(held.Signers));
            yield return new CertificateMessage(held with { Signers = rest | (1u << members) }, false);
        }

        VoteSubject other = held.Subject with { Epoch = new Epoch(held.Subject.Epoch.Value + 1) };
        yield return new CertificateMessage(held with { Subject = other }, false);
    }
}
