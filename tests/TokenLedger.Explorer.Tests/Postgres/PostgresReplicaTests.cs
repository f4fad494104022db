// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Postgres;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Explorer.Tests.Postgres;

/// <summary>A streaming replica serves reads, and each says of which height it is.</summary>
[Trait("Category", "Interop")]
public sealed class PostgresReplicaTests : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    private readonly PostgresCluster _primary = PostgresCluster.Create();

    public void Dispose() => _primary.Dispose();

    [Fact]
    public async Task View_OfAReplica_IsOneMomentAndFollowsThePrimary()
    {
        string database = _primary.CreateDatabase();
        await using PostgresIndexStore store = await IndexedChain.OpenAsync(_primary.SettingsOf(database));
        await IndexedChain.ApplyAsync(store, 20);
        using PostgresCluster replica = _primary.CreateReplica();
        await using PostgresIndexStore reader = await IndexedChain.OpenAsync(
            replica.SettingsOf(database), PostgresUse.Read);
        await using IIndexView early = await ViewAsync(reader, 19);

        // From then on the primary keeps what an open view of the replica may still ask for.
        await Deadline.GetAsync<object>("the primary hears of the view", Within, () => Task.FromResult(
            _primary.Execute(database, "SELECT 1 FROM pg_stat_replication WHERE backend_xmin IS NOT NULL")));
        await IndexedChain.ApplyAsync(store, IndexedChain.Blocks.Count);
        ulong end = (ulong)IndexedChain.Blocks.Count - 1;
        await using (IIndexView late = await ViewAsync(reader, end))
        {
            Assert.Equal(IndexedChain.Blocks[^1].Hash, late.Cursor.Hash);
        }

        // The primary went on, and what was asked of one moment stays of that moment.
        Assert.Equal(19UL, early.Cursor.Height.Value);
        Assert.Equal(19UL, (await early.BlocksAsync(new Height(end), 3, default))[0].Height.Value);
        Assert.Empty(await ProofOfProjection.ProblemsAsync(early, default));
        await IndexedChain.RequireWholeAsync(reader);
    }

    [Fact]
    public async Task View_WhileThePrimaryIsAway_IsStillServed()
    {
        string database = _primary.CreateDatabase();
        await using PostgresIndexStore store = await IndexedChain.OpenAsync(_primary.SettingsOf(database));
        await IndexedChain.ApplyAsync(store, IndexedChain.Blocks.Count);
        using PostgresCluster replica = _primary.CreateReplica();
        await using PostgresIndexStore reader = await IndexedChain.OpenAsync(
            replica.SettingsOf(database), PostgresUse.Read);
        await using (await ViewAsync(reader, (ulong)IndexedChain.Blocks.Count - 1))
        {
            _primary.Stop();
        }

        await IndexedChain.RequireWholeAsync(reader);
        IndexUnavailableException lost = await Assert.ThrowsAsync<IndexUnavailableException>(
            () => store.CursorAsync(default).AsTask());
        Assert.Equal("INDEX_UNAVAILABLE", lost.Code);
        _primary.Start();
        Assert.NotNull(await store.CursorAsync(default));
    }

    [Fact]
    public async Task Open_ForWritingOnAReplica_SaysWhatIsWrong()
    {
        string database = _primary.CreateDatabase();
        await using (PostgresIndexStore store = await IndexedChain.OpenAsync(_primary.SettingsOf(database)))
        {
            await IndexedChain.ApplyAsync(store, 3);
        }

        using PostgresCluster replica = _primary.CreateReplica();
        await using PostgresIndexStore wrong = await IndexedChain.OpenAsync(replica.SettingsOf(database));
        IndexUnavailableException refused = await Assert.ThrowsAsync<IndexUnavailableException>(
            () => IndexedChain.ApplyAsync(wrong, 5));
        Assert.Contains("read-only", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A view of a height, once the reader is there.</summary>
    private static async Task<IIndexView> ViewAsync(PostgresIndexStore reader, ulong height) =>
        await Deadline.GetAsync<IIndexView>($"the replica reaches {height}", Within, async () =>
        {
            IIndexView? view = await reader.ViewAsync(default);
            if (view?.Cursor.Height.Value == height)
            {
                return view;
            }

            if (view is not null)
            {
                await view.DisposeAsync();
            }

            return null;
        });
}
