// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Proposes one block to the validators of even index and another, with its body, to the odd.
/// </summary>
public sealed class EquivocatingLeader : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        message switch
        {
            _ when to % 2 == 0 => [message],
            ProposalMessage { Proposal: var proposal } => [Second(context, proposal)],
            BlockMessage { Header: var header } => [message, new BlockMessage(Other(header))],
            _ => [message],
        };

    /// <summary>The same block a millisecond later: as valid as the first.</summary>
    public static BlockHeader Other(BlockHeader header) =>
        header with { Timestamp = new TimestampMs(header.Timestamp.Value + 1) };

    private static ProposalMessage Second(AdversaryContext context, Proposal proposal)
    {
        BlockHeader other = Other(proposal.Header);
        VoteSubject subject = proposal.LeaderVote.Subject with { BlockHash = other.Hash };
        return new ProposalMessage(proposal with { Header = other, LeaderVote = context.Sign(subject) });
    }
}
