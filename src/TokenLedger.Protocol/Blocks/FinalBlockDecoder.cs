// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.Collections;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;
using TokenLedger.Protocol.Wire;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol.Blocks;

/// <summary>
/// Reads what a header covers and requires that it does: transactions, receipts and events. Pure.
/// </summary>
internal static class FinalBlockDecoder
{
    /// <summary>The block, which nothing says is final yet.</summary>
    /// <returns>Null and the failure when the header does not cover what came with it.</returns>
    /// <exception cref="CanonicalFormatException">Some bytes are malformed.</exception>
    public static VerifiedBlock? Read(
        V1.FinalBlock wire, BlockHeader header, in Hash256 hash, Certificate? certificate,
        in Hash256 genesisHash, out BlockFailure? failure)
    {
        if (Transactions(wire, header, out failure) is not { } transactions)
        {
            return null;
        }

        ImmutableArray<Receipt> receipts = Items(
            wire.Receipts, Limits.TransactionsPerBlock, Receipt.Read, out Hash256 receiptsRoot);
        if (receiptsRoot != header.ReceiptsRoot || !Match(receipts, transactions, genesisHash))
        {
            failure = Of(
                BlockFault.WrongReceipts, header, "The receipts are not those that its header covers.");
            return null;
        }

        ImmutableArray<EventRecord> events = Items(
            wire.Events, Limits.EventsPerBlock, EventCodec.Read, out Hash256 eventsRoot);
        if (eventsRoot != header.EventsRoot || !events.All(record => HasCause(record, receipts.Length)))
        {
            failure = Of(BlockFault.WrongEvents, header, "The events are not those that its header covers.");
            return null;
        }

        return new VerifiedBlock(header, hash, certificate, transactions, receipts, events);
    }

    private static ImmutableArray<SignedTransaction>? Transactions(
        V1.FinalBlock wire, BlockHeader header, out BlockFailure? failure)
    {
        RequireAtMost(wire.Transactions.Count, Limits.TransactionsPerBlock);
        var transactions = ImmutableArray.CreateBuilder<SignedTransaction>(wire.Transactions.Count);
        foreach (V1.SignedTransaction one in wire.Transactions)
        {
            if (TransactionMapper.TryFromWire(one, out SignedTransaction? signed) is { } refused)
            {
                failure = Of(BlockFault.Malformed, header, "A transaction is malformed: " + refused.Detail);
                return null;
            }

            transactions.Add(signed!);
        }

        ImmutableArray<SignedTransaction> all = transactions.MoveToImmutable();
        failure = Block.TransactionsRootOf(all) == header.TransactionsRoot
            ? null
            : Of(
                BlockFault.WrongTransactions, header,
                "The transactions are not those that its header covers.");
        return failure is null ? all : null;
    }

    private static ImmutableArray<T> Items<T>(
        RepeatedField<ByteString> wire, int limit, CanonicalRead<T> read, out Hash256 root)
    {
        RequireAtMost(wire.Count, limit);
        var leaves = new Hash256[wire.Count];
        var items = ImmutableArray.CreateBuilder<T>(wire.Count);
        for (int i = 0; i < leaves.Length; i++)
        {
            leaves[i] = ListTree.Leaf(wire[i].Span);
            items.Add(StateCodec.Decode(wire[i].Span, read));
        }

        root = ListTree.Root(leaves);
        return items.MoveToImmutable();
    }

    /// <summary>The roots bind the lists one by one; that they belong together is asked here.</summary>
    private static bool Match(
        ImmutableArray<Receipt> receipts, ImmutableArray<SignedTransaction> transactions,
        in Hash256 genesisHash)
    {
        if (receipts.Length != transactions.Length)
        {
            return false;
        }

        for (int i = 0; i < receipts.Length; i++)
        {
            if (receipts[i].TransactionId != transactions[i].IdOn(genesisHash))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasCause(EventRecord record, int transactions) =>
        record.TransactionIndex == EventRecord.Housekeeping || record.TransactionIndex < transactions;

    private static void RequireAtMost(int count, int limit)
    {
        if (count > limit)
        {
            throw new CanonicalFormatException($"{count} items are over the limit of {limit}.");
        }
    }

    private static BlockFailure Of(BlockFault fault, BlockHeader header, string sentence) =>
        new(fault, header.Height, sentence);
}
