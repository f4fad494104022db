// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Storage.CrashHost;

namespace TokenLedger.Storage.Tests;

/// <summary>Compares a whole ledger with the chain that it should hold.</summary>
internal static class LedgerChecks
{
    /// <summary>The ledger holds this chain up to exactly <paramref name="head"/>.</summary>
    /// <param name="ledger">What is checked.</param>
    /// <param name="fresh">A chain at its genesis.</param>
    /// <param name="head">The last height.</param>
    public static void HoldsChain(LedgerReader ledger, SampleChain fresh, Height head)
    {
        Assert.Equal(head, ledger.Head.Height);
        var rows = fresh.Accounts.ToDictionary(account => account, _ => new List<HistoryRow>());
        HoldsBlock(ledger, fresh.Genesis, rows);
        Assert.True(ledger.HasIndexesOf(new Height(0), []));
        while (fresh.Head.Block.Header.Height < head)
        {
            HoldsBlock(ledger, fresh.Next(), rows);
        }

        Assert.Equal(fresh.Head.Block.Hash, ledger.Head.Hash);
        Assert.Equal(
            fresh.State.Select(entry => (entry.Key, entry.Value)),
            ledger.StateEntries().Select(entry =>
                (Convert.ToHexString(entry.Key.Span), Convert.ToHexString(entry.Value.Span))));
        foreach ((Address account, List<HistoryRow> expected) in rows)
        {
            expected.Reverse();
            Assert.Equal(expected.Take(Limits.PageRows), ledger.History(account, null, Limits.PageRows));
        }
    }

    private static void HoldsBlock(
        LedgerReader ledger, CommittedBlock expected, Dictionary<Address, List<HistoryRow>> rows)
    {
        BlockHeader header = expected.Block.Header;
        Height height = header.Height;
        Assert.Equal(header, ledger.FindHeader(height));
        Assert.Equal(height, ledger.FindHeight(header.Hash));
        Assert.Equal(expected.Block.Encode(), ledger.FindBlockBytes(height));
        Block? block = ledger.FindBlock(height);
        Assert.True(block?.BodyMatchesHeader());
        ImmutableArray<Receipt>? receipts = ledger.FindReceipts(height);
        Assert.Equal(expected.Receipts, receipts);
        Assert.Equal(expected.Block.Transactions.Length, ledger.CountTransactions(height));
        Assert.Equal(expected.Events, ledger.FindEvents(height));
        if (expected.Certificate is { } certificate)
        {
            Assert.Equal(new HeightCertificate(height, certificate), ledger.FindCertificate(height));
        }

        for (int i = 0; i < expected.Receipts.Length; i++)
        {
            Assert.Equal(
                new TransactionLocation(height, (uint)i),
                ledger.FindTransaction(expected.Receipts[i].TransactionId));
            var moved = (Transferred)expected.Events[i].Event;
            var row = new HistoryRow(height, (uint)i, (uint)i);
            rows[moved.From].Add(row);
            if (moved.To != moved.From)
            {
                rows[moved.To].Add(row);
            }
        }

        HoldsBalances(ledger, height, expected.Events);
        Assert.True(ledger.HasIndexesOf(height, expected.Events));
        Assert.False(ledger.State.TryGet([(byte)Table.Meta, 0xFF], out _));
    }

    private static void HoldsBalances(LedgerReader ledger, Height height, ImmutableArray<EventRecord> events)
    {
        var last = new Dictionary<(Address, AssetId), (uint Index, Amount After)>();
        var first = new Dictionary<(Address, AssetId), Amount>();
        for (int i = 0; i < events.Length; i++)
        {
            var moved = (Transferred)events[i].Event;
            first.TryAdd((moved.From, moved.Asset), new Amount(moved.FromAfter.Units + moved.Amount.Units));
            last[(moved.From, moved.Asset)] = ((uint)i, moved.FromAfter);
            first.TryAdd((moved.To, moved.Asset), new Amount(moved.ToAfter.Units - moved.Amount.Units));
            last[(moved.To, moved.Asset)] = ((uint)i, moved.ToAfter);
        }

        foreach (((Address account, AssetId asset), (uint index, Amount after)) in last)
        {
            var expected = new BalanceStep(height, index, first[(account, asset)], after);
            Assert.Equal(expected, ledger.FindBalanceChange(account, asset, height));
            Assert.Equal(
                expected, ledger.FindBalanceChangeAfter(account, asset, new Height(height.Value - 1)));
            Assert.NotEqual(
                expected, ledger.FindBalanceChange(account, asset, new Height(height.Value - 1)));
            Assert.NotEqual(expected, ledger.FindBalanceChangeAfter(account, asset, height));
        }
    }
}
