// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Builds on its parent's parent, as if the view between had been nullified: the fork that rule 5 of the
/// safety argument forbids.
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
        FakeApplication blocks = context.Network.Nodes[context.Index].Application;
        if (honest is null
            || context.Network.Validators.LeaderOf(honest.View) != context.Index
            || blocks.Find(honest.ParentHash) is not { } parent
            || blocks.Find(parent.ParentHash) is not { } stale)
        {
            return [message];
        }

        BlockHeader fork = honest with { Height = parent.Height, ParentHash = stale.Hash };
        if (message is not ProposalMessage { Proposal: var proposal })
        {
            return [message, new BlockMessage(fork)];
        }

        Vote vote = context.Sign(proposal.LeaderVote.Subject with { BlockHash = fork.Hash });
        return [new ProposalMessage(new Proposal(fork, stale.View, vote))];
    }
}
