// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Double proposal: proposes one block to the validators of even index and another, with its body, to the
/// odd. Two quorums share an honest voter, who votes once; who sees both has proof.
/// </summary>
public sealed class EquivocatingLeader : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        message switch
        {
            _ when to % 2 == 0 => [message],
            ProposalMessage { Proposal: var proposal } =>
                [context.Propose(proposal, Other(proposal.Header))],
            BlockMessage { Block: var block } when context.Leads(block.Header.View) =>
                [message, new BlockMessage(block with { Header = Other(block.Header) })],
            _ => [message],
        };

    /// <summary>The same block a millisecond later: as valid as the first.</summary>
    public static BlockHeader Other(BlockHeader header) =>
        header with { Timestamp = new TimestampMs(header.Timestamp.Value + 1) };
}
