// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Testing;

/// <summary>
/// Invalid transaction in a block: its blocks and its relayed batches hold a transaction whose signature is
/// not its sender's, under a header that fits. A voter checks every signature that its own pool has not.
/// </summary>
public sealed class InvalidTransactionLeader : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message)
    {
        switch (message)
        {
            case ProposalMessage { Proposal: var proposal }:
                return [context.Propose(proposal, Bad(proposal.Header))];
            case BlockMessage { Block: var block } when context.Leads(block.Header.View):
                return [new BlockMessage(new Block(Bad(block.Header), [Forged])), message];
            case TransactionsMessage { Transactions: [var first, ..] batch }:
                byte[] signature = [.. first.Signature];
                signature[40] ^= 1;
                return [new TransactionsMessage(batch.Add(first with { Signature = [.. signature] }))];
            default:
                return [message];
        }
    }

    private static SignedTransaction Forged { get; } = new(
        ImmutableArray.Create<byte>(1, 2, 3), [.. Enumerable.Repeat((byte)9, Core.Limits.SignatureBytes)]);

    /// <summary>The body is not here when the header is bent, so every header has the same one.</summary>
    private static BlockHeader Bad(BlockHeader header) =>
        header with { TransactionsRoot = Block.TransactionsRootOf([Forged]) };
}
