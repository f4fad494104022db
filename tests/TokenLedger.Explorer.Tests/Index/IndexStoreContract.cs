// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Projecting;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Index;

/// <summary>What every index store must do.</summary>
public abstract class IndexStoreContract : IAsyncLifetime
{
    private static readonly LedgerHistory History = new();
    private static readonly FinalChain Chain = Activity.Chain(seed: 3, steps: 120, history: History);
    private static readonly IReadOnlyList<VerifiedBlock> Blocks = Chain.Verified();

    private readonly IIndexHarness _harness;
    private IIndexStore _store;

    private protected IndexStoreContract(IIndexHarness harness)
    {
        _harness = harness;
        _store = harness.Open(Chain.GenesisHash);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _harness.Dispose();
    }

    [Fact]
    public async Task New_HasNoCursorAndNoView()
    {
        Assert.Null(await _store.CursorAsync(default));
        Assert.Null(await _store.ViewAsync(default));
    }

    [Fact]
    public async Task Apply_WholeChain_IsTheLedgersState()
    {
        await ApplyAsync(Blocks.Count);
        await using IIndexView view = (await _store.ViewAsync(default))!;
        await LedgerComparison.RequireSameAsync(view, Chain.Ledger);
        Assert.Equal(Blocks[^1].Hash, view.Cursor.Hash);
        Assert.Equal(Blocks.Sum(static b => b.Events.Length), (int)view.Cursor.Counts.Events);
        Assert.Equal(Blocks.Sum(static b => b.Transactions.Length), (int)view.Cursor.Counts.Transactions);
    }

    [Fact]
    public async Task Apply_NotTheNext_IsRefusedAndChangesNothing()
    {
        await ApplyAsync(3);
        IndexCursor cursor = (await _store.CursorAsync(default))!;
        IndexBatch next = await ProjectAsync(3);
        IndexBatch again = next with { Block = next.Block with { Header = Blocks[2].Header } };
        IndexBatch skipped = next with { Block = next.Block with { Header = Blocks[4].Header } };
        IndexBatch foreign = next with
        {
            Block = next.Block with
            {
                Header = next.Block.Header with { ParentHash = ProvenChain.Filled(1) },
            },
        };
        foreach (IndexBatch wrong in new[] { again, skipped, foreign })
        {
            await Assert.ThrowsAsync<IndexOrderException>(() => _store.ApplyAsync(wrong, default).AsTask());
            Assert.Equal(cursor, await _store.CursorAsync(default));
        }

        await _store.ApplyAsync(next, default);
        await Assert.ThrowsAsync<IndexOrderException>(() => _store.ApplyAsync(next, default).AsTask());
        Assert.Equal(next.Cursor, await _store.CursorAsync(default));
    }

    [Fact]
    public async Task Apply_FirstNotGenesis_IsRefused()
    {
        IndexBatch first = Projection.OfGenesis(Chain.Genesis, Blocks[0]);
        IndexBatch later = first with { Block = first.Block with { Header = Blocks[1].Header } };
        await Assert.ThrowsAsync<IndexOrderException>(() => _store.ApplyAsync(later, default).AsTask());
        Assert.Null(await _store.CursorAsync(default));
    }

    [Fact]
    public async Task View_IsOfOneMoment()
    {
        await ApplyAsync(5);
        await using IIndexView before = (await _store.ViewAsync(default))!;
        IReadOnlyList<BlockRow> blocks = await before.BlocksAsync(new Height(100), 50, default);
        await ApplyAsync(Blocks.Count);
        Assert.Equal(4UL, before.Cursor.Height.Value);
        Assert.Equal(blocks, await before.BlocksAsync(new Height(100), 50, default));
        Assert.Null(await before.FindBlockAsync(new Height(5), default));
        await using IIndexView after = (await _store.ViewAsync(default))!;
        Assert.NotNull(await after.FindBlockAsync(new Height(5), default));
    }

    [Fact]
    public async Task Reopen_HasAllThatWasApplied()
    {
        await ApplyAsync(Blocks.Count / 2);
        IndexCursor? cursor = await _store.CursorAsync(default);
        await _store.DisposeAsync();
        _store = _harness.Open(Chain.GenesisHash);
        Assert.Equal(cursor, await _store.CursorAsync(default));
        await ApplyAsync(Blocks.Count);
        await using IIndexView view = (await _store.ViewAsync(default))!;
        await LedgerComparison.RequireSameAsync(view, Chain.Ledger);
    }

    [Fact]
    public async Task Open_OfAnotherNetwork_IsRefused()
    {
        await ApplyAsync(1);
        await _store.DisposeAsync();
        StorageFault fault = Assert.Throws<StorageFault>(() => _harness.Open(ProvenChain.Filled(8)));
        Assert.Equal(StorageFaultKind.Genesis, fault.Kind);
        _store = _harness.Open(Chain.GenesisHash);
        Assert.NotNull(await _store.CursorAsync(default));
    }

    [Fact]
    public async Task Blocks_TransactionsAndEvents_AreThoseOfTheChain()
    {
        await ApplyAsync(Blocks.Count);
        await using IIndexView view = (await _store.ViewAsync(default))!;
        IReadOnlyList<BlockRow> rows = await LedgerComparison.Pages<BlockRow>((last, limit) =>
            view.BlocksAsync(
                new Height(last is null ? ulong.MaxValue - 1 : last.Height.Value - 1), limit, default));
        Assert.Equal(Blocks.Reverse().Select(b => b.Hash), rows.Select(row => row.Hash));
        foreach (VerifiedBlock block in Blocks)
        {
            Height height = block.Header.Height;
            BlockRow row = (await view.FindBlockAsync(height, default))!;
            Assert.Equal((block.Header, block.Certificate), (row.Header, row.Certificate));
            Assert.Equal(height, await view.FindHeightAsync(block.Hash, default));
            var start = new EventPlace(height, 0);
            IReadOnlyList<TransactionRow> transactions =
                await view.TransactionsAsync(start, Limits.PageRows, default);
            Assert.Equal(block.Transactions, transactions.Select(t => t.Signed).ToArray());
            Assert.Equal(block.Receipts, transactions.Select(t => t.Receipt).ToArray());
            Assert.Equal(
                block.Events,
                (await view.EventsAsync(start, Limits.PageRows, default)).Select(e => e.Record).ToArray());
            foreach (TransactionRow transaction in transactions)
            {
                Assert.Equal(
                    transaction, await view.FindTransactionAsync(transaction.Receipt.TransactionId, default));
            }
        }

        IReadOnlyList<TransactionRow> latest = await LedgerComparison.Pages<TransactionRow>((last, limit) =>
            view.LatestTransactionsAsync(
                last is null ? null : new EventPlace(last.Height, last.Index), limit, default));
        Assert.Equal(
            Blocks.Reverse().SelectMany(b => b.Receipts.Reverse()), latest.Select(t => t.Receipt));
        IReadOnlyList<EventRow> events = await LedgerComparison.Pages<EventRow>((last, limit) =>
            view.LatestEventsAsync(
                last is null ? null : new EventPlace(last.Height, last.Index), limit, default));
        Assert.Equal(Blocks.Reverse().SelectMany(b => b.Events.Reverse()), events.Select(e => e.Record));
        var middle = new EventPlace(new Height((ulong)Blocks.Count / 2), 0);
        Assert.All(
            await view.LatestEventsAsync(middle, Limits.PageRows, default),
            e => Assert.True(e.Height < middle.Height));
        Assert.Null(await view.FindTransactionAsync(ProvenChain.Filled(1), default));
        Assert.Null(await view.FindHeightAsync(ProvenChain.Filled(1), default));
    }

    [Fact]
    public async Task Postings_OfEachAccount_LeadToItsBalancesAtEveryHeight()
    {
        await ApplyAsync(Blocks.Count);
        await using IIndexView view = (await _store.ViewAsync(default))!;
        ulong postings = 0;
        foreach (AccountRow account in await view.AccountsAsync(null, Limits.PageRows, default))
        {
            IReadOnlyList<PostingRow> rows = await LedgerComparison.Pages<PostingRow>((last, limit) =>
                view.PostingsAsync(account.Account, last, limit, default));
            postings += (ulong)rows.Count;
            Assert.Equal(
                rows.OrderByDescending(r => r.Place.Height).ThenByDescending(r => r.Place.Index), rows);
            // A page may begin behind any place, whether there is a row or not.
            var middle = new EventPlace(new Height((ulong)Blocks.Count / 2), 0);
            Assert.Equal(
                rows.Where(r => r.Place.Height < middle.Height).Take(Limits.PageRows),
                await view.PostingsAsync(
                    account.Account,
                    new PostingRow(
                        account.Account, middle, PostingKind.Received, default, default, default, default, 0,
                        default),
                    Limits.PageRows, default));
            foreach (IGrouping<AssetId, PostingRow> asset in rows.GroupBy(row => row.Asset))
            {
                for (ulong at = 0; at <= view.Cursor.Height.Value; at++)
                {
                    Assert.Equal(
                        asset.FirstOrDefault(r => r.Place.Height.Value <= at)?.BalanceAfter ?? Amount.Zero,
                        await view.BalanceAtAsync(account.Account, asset.Key, new Height(at), default));
                }
            }
        }

        Assert.Equal(view.Cursor.Counts.Postings, postings);
    }

    [Fact]
    public async Task AllBalances_PageByPage_AreThoseOfEachAccount()
    {
        await ApplyAsync(Blocks.Count);
        await using IIndexView view = (await _store.ViewAsync(default))!;
        var expected = new List<BalanceRow>();
        foreach (AccountRow account in await view.AccountsAsync(null, Limits.PageRows, default))
        {
            expected.AddRange(await view.BalancesAsync(account.Account, null, Limits.PageRows, default));
        }

        Assert.NotEmpty(expected);
        Assert.Equal(expected, await LedgerComparison.Pages<BalanceRow>((last, limit) =>
            view.AllBalancesAsync(last, limit, default)));
    }

    [Fact]
    public async Task Past_AtEveryHeight_IsTheLedgersStateThen()
    {
        await ApplyAsync(Blocks.Count);
        await using IIndexView view = (await _store.ViewAsync(default))!;
        await History.RequireSameAsync(view, page: 3);
        Assert.Null(await view.FindSupplyAtAsync(TestNetwork.Bond, default, default));
        Assert.Empty((await view.HoldersAtAsync(TestNetwork.Bond, default, null, 3, default)).Rows);
    }

    [Fact]
    public async Task Bridges_AndWhatHappenedOnThem_AreThoseOfTheChain()
    {
        await ApplyAsync(Blocks.Count);
        await using IIndexView view = (await _store.ViewAsync(default))!;
        IReadOnlyList<LaneRow> lanes = await view.LanesAsync(default);
        Assert.Equal([10UL, 11_155_111UL], lanes.Select(lane => lane.ChainId));
        Assert.Equal((BridgeStops.Locks, "inspection"), (lanes[0].Stops, lanes[0].StopReason));
        Assert.Equal((BridgeStops.None, ""), (lanes[1].Stops, lanes[1].StopReason));
        Assert.All(lanes, lane => Assert.True(lane.ChangedAt >= lane.OpenedAt));
        foreach (LaneRow lane in lanes)
        {
            ProposalRow opened = (await view.FindProposalAsync(lane.Proposal, default))!;
            Assert.Equal(lane.ChainId, Assert.IsType<OpenBridgeLane>(opened.Payload.Single()).ChainId);
        }

        IReadOnlyList<EventRow> events = await LedgerComparison.Pages<EventRow>((last, limit) =>
            view.BridgeEventsAsync(
                last is null ? null : new EventPlace(last.Height, last.Index), limit, default));
        Assert.Equal(
            Blocks.Reverse().SelectMany(b => b.Events.Reverse())
                .Where(e => e.Event.GetType().Namespace == typeof(BridgeLocked).Namespace),
            events.Select(e => e.Record));
        Assert.Contains(events, e => e.Record.Event is BridgeLocked);
    }

    [Fact]
    public async Task Days_OfAnAsset_AddUpToItsSupply()
    {
        await ApplyAsync(Blocks.Count);
        await using IIndexView view = (await _store.ViewAsync(default))!;
        IReadOnlyList<DayRow> days = await LedgerComparison.Pages<DayRow>((last, limit) =>
            view.DaysAsync(TestNetwork.Bond, last is null ? uint.MaxValue : last.Day - 1, limit, default));
        Assert.True(days.Count > 1);
        Amount supply = Amount.Zero;
        foreach (DayRow day in days.Reverse())
        {
            supply = supply + day.Issued - day.Burned;
            Assert.Equal(supply, day.Supply);
        }

        Assert.Equal(Chain.Ledger.View.Supply(TestNetwork.Bond), supply);
        Assert.Equal(
            Blocks.SelectMany(b => b.Events).Select(e => e.Event).OfType<Transferred>()
                .Where(e => e.Asset == TestNetwork.Bond).Aggregate(Amount.Zero, (sum, e) => sum + e.Amount),
            days.Aggregate(Amount.Zero, (sum, day) => sum + day.Transferred));
    }

    [Fact]
    public async Task Freezes_AreEveryOrderNewestFirst()
    {
        await ApplyAsync(Blocks.Count);
        await using IIndexView view = (await _store.ViewAsync(default))!;
        IReadOnlyList<FreezeRow> rows = await LedgerComparison.Pages<FreezeRow>((last, limit) =>
            view.FreezesAsync(last?.Place, limit, default));
        Assert.Equal(
            Blocks.SelectMany(b => b.Events).Select(e => e.Event)
                .Where(e => e is AccountFrozen or AccountUnfrozen).Reverse()
                .Select(e => e is AccountFrozen frozen
                    ? (frozen.Account, frozen.Mode)
                    : (((AccountUnfrozen)e).Account, FreezeMode.None)),
            rows.Select(row => (row.Account, row.Mode)));
        Assert.Equal(3, rows.Count);
    }

    [Fact]
    public async Task Search_ByEverything_FindsIt()
    {
        await ApplyAsync(Blocks.Count);
        await using IIndexView view = (await _store.ViewAsync(default))!;
        TransactionRow transaction = (await view.LatestTransactionsAsync(null, 1, default))[0];
        string id = transaction.Receipt.TransactionId.ToString();
        string bond = TestNetwork.Bond.ToString();
        await FindsAsync(view, "pk-bo", new SearchHit(SearchKind.Asset, bond));
        await FindsAsync(view, "BOND", new SearchHit(SearchKind.Asset, bond));
        await FindsAsync(view, "2030", new SearchHit(SearchKind.Asset, bond));
        await FindsAsync(view, "بانڈ", new SearchHit(SearchKind.Asset, bond));
        await FindsAsync(view, "ministry", new SearchHit(
            SearchKind.Institution, TestNetwork.Ministry.ToString()));
        await FindsAsync(view, "وزارت", new SearchHit(
            SearchKind.Institution, TestNetwork.Ministry.ToString()));
        await FindsAsync(view, "12", new SearchHit(SearchKind.Block, "12"));
        await FindsAsync(view, id, new SearchHit(SearchKind.Transaction, id));
        await FindsAsync(view, id[..9], new SearchHit(SearchKind.Transaction, id));
        await FindsAsync(
            view, Blocks[7].Hash.ToString().ToUpperInvariant(), new SearchHit(SearchKind.Block, "7"));
        await FindsAsync(view, TestNetwork.Alice.ToString()[..11], new SearchHit(
            SearchKind.Account, TestNetwork.Alice.ToString()));
        await FindsAsync(view, TestNetwork.Bank.ToString(), new SearchHit(
            SearchKind.Institution, TestNetwork.Bank.ToString()));
        Assert.Empty(await view.SearchAsync(SearchQuery.Parse("nothing of this"), 10, default));
        Assert.Empty(await view.SearchAsync(SearchQuery.Parse("  "), 10, default));
        Assert.Empty(await view.SearchAsync(SearchQuery.Parse("99999999999"), 10, default));
    }

    private static async Task FindsAsync(IIndexView view, string typed, SearchHit expected) =>
        Assert.Contains(expected, await view.SearchAsync(SearchQuery.Parse(typed), 20, default));

    private async Task ApplyAsync(int count)
    {
        var projector = new Projector(_store);
        int done = (int)((await _store.CursorAsync(default))?.Height.Value + 1 ?? 0);
        foreach (VerifiedBlock block in Blocks.Take(count).Skip(done))
        {
            await projector.ApplyAsync(Chain.Genesis, block, default);
        }
    }

    private async Task<IndexBatch> ProjectAsync(int block) => Projection.Of(
        Blocks[block], await _store.LoadAsync(ProjectionKeys.Of(Blocks[block]), default));
}
