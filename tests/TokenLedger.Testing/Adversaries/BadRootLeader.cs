// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Proposes blocks that look right and execute to another root: notarized, never certified.
/// </summary>
public sealed class BadRootLeader : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        message switch
        {
            ProposalMessage { Proposal: var proposal } => [Bad(context, proposal)],
            BlockMessage { Header: var header } => [message, new BlockMessage(Bad(header))],
            VoteMessage { Vote.Subject: { Kind: VoteKind.Notarize } subject }
                when context.Network.Validators.LeaderOf(subject.View) == context.Index => [],
            _ => [message],
        };

    private static BlockHeader Bad(BlockHeader header) =>
        header with { ReceiptsRoot = FakeApplication.BadRoot };

    private static ProposalMessage Bad(AdversaryContext context, Proposal proposal)
    {
        BlockHeader header = Bad(proposal.Header);
        Vote vote = context.Sign(proposal.LeaderVote.Subject with { BlockHash = header.Hash });
        return new ProposalMessage(proposal with { Header = header, LeaderVote = vote });
    }
}
