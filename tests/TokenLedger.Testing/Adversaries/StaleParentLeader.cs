// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Builds on its parent's parent, as if the view between had been nullified: unlock without proof. Rule 5 of
/// the safety argument: a voter wants the nullification of every view that a proposal skips.
/// </summary>
public sealed class StaleParentLeader : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message)
    {
        BlockHeader? honest = message switch
        {
            ProposalMessage { Proposal.Header: var header } => header,
            BlockMessage { Header: var header } => header,
            _ => null,
        };
        if (honest is null
            || !context.Leads(honest.View)
            || context.Find(honest.ParentHash) is not { } parent
            || context.Find(parent.ParentHash) is not { } stale)
        {
            return [message];
        }

        BlockHeader fork = honest with { Height = parent.Height, ParentHash = stale.Hash };
        return message switch
        {
            ProposalMessage { Proposal: var proposal } => [context.Propose(proposal, fork, stale.View)],
            BlockMessage { Block: var block } => [message, new BlockMessage(block with { Header = fork })],
            _ => [message],
        };
    }
}
