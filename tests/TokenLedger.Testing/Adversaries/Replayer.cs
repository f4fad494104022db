// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Testing;

/// <summary>
/// Replay: with every vote and certificate again something that it or another validator said before. Votes
/// are taken from their signer's connection only, and the same thing twice changes nothing.
/// </summary>
public sealed class Replayer : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message)
    {
        yield return message;
        if (message is not (VoteMessage or CertificateMessage) || context.Recent.Count == 0)
        {
            yield break;
        }

        // Mostly its own and certificates: another's vote has it blocked for a while, and then nobody
        // listens.
        DeterministicRandom random = context.Draw((ulong)context.Recent.Count + (ulong)to
            + (message is VoteMessage { Vote.Subject.View.Value: var view } ? view << 8 : 0));
        PeerMessage old = random.Pick(context.Recent);
        bool own = old is not VoteMessage { Vote.Signer: var signer } || signer == context.Index;
        if (own || random.PerMille(100))
        {
            yield return old;
        }
    }
}
