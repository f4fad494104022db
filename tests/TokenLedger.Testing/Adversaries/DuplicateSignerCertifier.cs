// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Duplicate-signer certificate: pushes certificates for its own votes in which its one signature stands in
/// every signer's place. Signers are distinct members, each with its own signature.
/// </summary>
public sealed class DuplicateSignerCertifier : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message)
    {
        yield return message;
        if (message is VoteMessage { Vote: var vote })
        {
            int quorum = context.Validators.Quorum;
            yield return new CertificateMessage(
                new Certificate(
                    vote.Subject, (1u << quorum) - 1, [.. Enumerable.Repeat(vote.Signature, quorum)]),
                IsAnswer: false);
        }
    }
}
