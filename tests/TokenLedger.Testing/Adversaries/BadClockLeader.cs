// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Bad timestamp: proposes blocks from an hour ahead, from before their parent, or from long ago. A voter
/// wants a time after the parent's and near its own clock.
/// </summary>
public sealed class BadClockLeader : Adversary
{
    private const ulong HourMs = 3_600_000;

    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        message switch
        {
            ProposalMessage { Proposal: var proposal } =>
                [context.Propose(proposal, Bad(context, proposal.Header))],
            BlockMessage { Block: var block } when context.Leads(block.Header.View) =>
                [message, new BlockMessage(block with { Header = Bad(context, block.Header) })],
            _ => [message],
        };

    private static BlockHeader Bad(AdversaryContext context, BlockHeader header)
    {
        ulong time = header.Timestamp.Value;
        ulong bad = context.Draw(header.View.Value).Below(3) switch
        {
            0 => time + HourMs,
            1 => time - Math.Min(time, HourMs),
            _ => context.Find(header.ParentHash)?.Timestamp.Value ?? 0,
        };
        return header with { Timestamp = new TimestampMs(bad) };
    }
}
