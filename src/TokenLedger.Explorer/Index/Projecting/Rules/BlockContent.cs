// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Protocol.Wire;

namespace TokenLedger.Explorer.Index.Projecting.Rules;

/// <summary>
/// A block's transactions, decoded, and the proposals that they open: events carry a payload's hash only.
/// </summary>
internal sealed class BlockContent
{
    private readonly Queue<Propose>?[] _proposes;

    public BlockContent(VerifiedBlock block)
    {
        Height height = block.Header.Height;
        var rows = new TransactionRow[block.Transactions.Length];
        _proposes = new Queue<Propose>?[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            SignedTransaction signed = block.Transactions[i];
            if (TransactionMapper.TryDecode(signed.Body.AsSpan(), out Transaction? content) is { } refused)
            {
                throw new ProjectionException(height, $"transaction {i} does not decode: {refused.Detail}");
            }

            Receipt receipt = block.Receipts[i];
            rows[i] = new TransactionRow(
                height, (uint)i, block.Header.Timestamp, content!.Sender, signed, receipt);
            if (receipt.Succeeded)
            {
                _proposes[i] = ProposesOf(content.Operations);
            }
        }

        Rows = rows;
    }

    public IReadOnlyList<TransactionRow> Rows { get; }

    /// <summary>
    /// The operation that opened the next proposal of a transaction: each opens one, in order; null when
    /// there is none.
    /// </summary>
    public Propose? NextPropose(uint transactionIndex)
    {
        Queue<Propose>? left = transactionIndex < _proposes.Length ? _proposes[transactionIndex] : null;
        return left is { Count: > 0 } ? left.Dequeue() : null;
    }

    private static Queue<Propose>? ProposesOf(ImmutableArray<Operation> operations)
    {
        Queue<Propose>? found = null;
        foreach (Operation operation in operations)
        {
            if (operation is Propose propose)
            {
                (found ??= new Queue<Propose>()).Enqueue(propose);
            }
        }

        return found;
    }
}
