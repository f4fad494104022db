// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Bad root: proposes blocks that look right and execute to another root. They may be notarized; no honest
/// node certifies them, so none is final.
/// </summary>
public sealed class BadRootLeader : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        message switch
        {
            ProposalMessage { Proposal: var proposal } => [context.Propose(proposal, Bad(proposal.Header))],
            BlockMessage { Block: var block } when context.Leads(block.Header.View) =>
                [message, new BlockMessage(block with { Header = Bad(block.Header) })],
            VoteMessage { Vote.Subject: { Kind: VoteKind.Notarize } subject }
                when context.Leads(subject.View) => [],
            _ => [message],
        };

    private static BlockHeader Bad(BlockHeader header) => (header.View.Value % 3) switch
    {
        0 => header with { StateRoot = FakeApplication.BadRoot },
        1 => header with { EventsRoot = FakeApplication.BadRoot },
        _ => header with { ReceiptsRoot = FakeApplication.BadRoot },
    };
}
