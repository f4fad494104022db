// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Testing;

/// <summary>
/// Oversized block: the bodies of its blocks are a little over the limit. Nobody decodes, keeps or hands on
/// more than the limit, and its view is given up.
/// </summary>
public sealed class OversizedBlockLeader : Adversary
{
    private static readonly ImmutableArray<SignedTransaction> Body = Filling();

    private static readonly Hash256 BodyRoot = Block.TransactionsRootOf(Body);

    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        message switch
        {
            ProposalMessage { Proposal: var proposal } => [context.Propose(proposal, Large(proposal.Header))],
            BlockMessage { Block: var block } when context.Leads(block.Header.View) =>
                [new BlockMessage(new Block(Large(block.Header), Body))],
            _ => [message],
        };

    private static BlockHeader Large(BlockHeader header) => header with { TransactionsRoot = BodyRoot };

    private static ImmutableArray<SignedTransaction> Filling()
    {
        var one = new SignedTransaction(
            ImmutableArray.Create(new byte[Limits.TransactionBytes - 1]),
            [.. new byte[Limits.SignatureBytes]]);
        return [.. Enumerable.Repeat(one, (Limits.BlockBytes / one.EncodedSize) + 1)];
    }
}
