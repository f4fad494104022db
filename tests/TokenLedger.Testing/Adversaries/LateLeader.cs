// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Testing;

/// <summary>
/// Proposal at the timeout's edge: its proposal comes to some just before their leader timer ends and to the
/// others just after, so that some notarize and some nullify. Both are legal for one view, and either
/// certificate, or both, must lead on.
/// </summary>
public sealed class LateLeader : Adversary
{
    private const ulong EdgeMs = 60;

    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message)
    {
        if (message is not ProposalMessage { Proposal: var proposal })
        {
            return [message];
        }

        // Who has work of its own gives an idle leader no heartbeat on top.
        DeterministicRandom random = context.Draw((proposal.View.Value << 8) + (ulong)to);
        ulong allowed = context.Draw(proposal.View.Value << 8 | 0xFF).PerMille(300)
            ? context.Timers.HeartbeatMs
            : 0;
        ulong edge = Math.Max(context.Timers.LeaderMs + allowed, EdgeMs) - EdgeMs;
        return [new DelayedMessage(message, edge + random.Between(0, 2 * EdgeMs))];
    }
}
