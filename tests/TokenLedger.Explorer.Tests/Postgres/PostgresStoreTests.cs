// SPDX-License-Identifier: Apache-2.0
using Npgsql;
using TokenLedger.Core;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Postgres;
using TokenLedger.Storage;
using TokenLedger.Testing;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Explorer.Tests.Postgres;

/// <summary>What only the store in PostgreSQL has: one writer among many, generations, rights.</summary>
[Trait("Category", "Interop")]
public sealed class PostgresStoreTests : IDisposable
{
    private static readonly string[] Views =
    [
        "accounts", "approvals", "assets", "balances", "blocks", "days", "documents", "events", "freezes",
        "held", "institutions", "lanes", "officers", "past", "postings", "projector", "proposals", "search",
        "supplies", "transactions",
    ];

    private readonly PostgresHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Open_WhileAnotherWrites_IsRefusedUntilThatOneEnds()
    {
        PostgresIndexStore first = await IndexedChain.OpenAsync(_harness.Settings);
        IndexUnavailableException refused = await Assert.ThrowsAsync<IndexUnavailableException>(
            () => IndexedChain.OpenAsync(_harness.Settings));
        Assert.Equal("INDEX_LOCKED", refused.Code);
        await IndexedChain.ApplyAsync(first, 9);
        await first.DisposeAsync();

        // The server gives the lock back once it has seen that the connection ended.
        PostgresIndexStore? taken = null;
        await Deadline.UntilAsync("the other one writes", TimeSpan.FromSeconds(30), async () =>
        {
            try
            {
                taken = await IndexedChain.OpenAsync(_harness.Settings);
                return true;
            }
            catch (IndexUnavailableException e) when (e.Code == "INDEX_LOCKED")
            {
                return false;
            }
        });
        await using PostgresIndexStore second = taken!;
        await IndexedChain.ApplyAsync(second, IndexedChain.Blocks.Count);
        await IndexedChain.RequireWholeAsync(second);
    }

    [Fact]
    public async Task Apply_ConnectionIsCutAgainAndAgain_NothingIsLostOrDoubled()
    {
        const int Seed = 12;
        var random = new Random(Seed);
        await using PostgresIndexStore store = await IndexedChain.OpenAsync(_harness.Settings);
        int cuts = 0;
        while ((await CursorAsync(store))?.Height.Value + 1 is var done
            && done != (ulong)IndexedChain.Blocks.Count)
        {
            // The cut comes somewhere in these blocks, or before the next ones.
            var cutting = Task.Run(() => PostgresCluster.Shared.Execute(
                _harness.Database,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                    + $" AND datname = '{_harness.Database}'"));
            try
            {
                await IndexedChain.ApplyAsync(store, (int)(done ?? 0) + random.Next(1, 8));
            }
            catch (IndexUnavailableException)
            {
                cuts++;
            }

            await cutting;
        }

        Assert.True(cuts > 3, $"{cuts} cuts with seed {Seed}");
        NpgsqlConnection.ClearAllPools();
        await IndexedChain.RequireWholeAsync(store);
    }

    [Fact]
    public async Task Rebuild_BesideTheLiveOne_IsReadOnceItIsWhole()
    {
        await using PostgresIndexStore live = await IndexedChain.OpenAsync(_harness.Settings);
        await IndexedChain.ApplyAsync(live, 20);
        await using var generations = new PostgresGenerations(
            _harness.Settings, IndexedChain.Chain.GenesisHash);
        await using (IIndexStore building = await generations.OpenBuildingAsync(default))
        {
            await IndexedChain.ApplyAsync(building, IndexedChain.Blocks.Count - 1);
            await Assert.ThrowsAsync<IndexUnavailableException>(() => generations.OpenBuildingAsync(default));
        }

        // One that was stopped goes on where it was, and nobody sees it before the switch.
        await using IIndexView before = (await live.ViewAsync(default))!;
        await using (IIndexStore building = await generations.OpenBuildingAsync(default))
        {
            Assert.Equal(
                (ulong)IndexedChain.Blocks.Count - 2, (await building.CursorAsync(default))!.Height.Value);
            await IndexedChain.ApplyAsync(building, IndexedChain.Blocks.Count);
            await IndexedChain.RequireWholeAsync(building);
            Assert.Equal(19L, Shown("SELECT height FROM explorer.projector"));
        }

        Assert.Equal(2, await generations.SwitchAsync(default));
        Assert.Equal((long)IndexedChain.Blocks.Count - 1, Shown("SELECT height FROM explorer.projector"));

        // A view of before the switch is of the old generation to its end.
        Assert.Equal(19UL, before.Cursor.Height.Value);
        Assert.Equal(19UL, (await before.BlocksAsync(new Height(99_999), 5, default))[0].Height.Value);
        await IndexedChain.RequireWholeAsync(live);
    }

    [Fact]
    public async Task Rebuild_WriterLosesItsConnection_WhatWasBuiltIsStillRead()
    {
        await using var generations = new PostgresGenerations(
            _harness.Settings, IndexedChain.Chain.GenesisHash);
        await using IIndexStore building = await generations.OpenBuildingAsync(default);
        await IndexedChain.ApplyAsync(building, 9);
        PostgresCluster.Shared.Execute(
            _harness.Database,
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");
        await Assert.ThrowsAsync<IndexUnavailableException>(() => building.CursorAsync(default).AsTask());
        await using IIndexView? view = await building.ViewAsync(default);
        Assert.Equal(8UL, view?.Cursor.Height.Value);
    }

    [Fact]
    public async Task Apply_AfterASwitch_GoesOnInTheGenerationThatIsRead()
    {
        await using PostgresIndexStore live = await IndexedChain.OpenAsync(_harness.Settings);
        await IndexedChain.ApplyAsync(live, 20);
        await using var generations = new PostgresGenerations(
            _harness.Settings, IndexedChain.Chain.GenesisHash);
        await using (IIndexStore building = await generations.OpenBuildingAsync(default))
        {
            await IndexedChain.ApplyAsync(building, 30);
        }

        await generations.SwitchAsync(default);
        IndexUnavailableException switched = await Assert.ThrowsAsync<IndexUnavailableException>(
            () => IndexedChain.ApplyAsync(live, IndexedChain.Blocks.Count));
        Assert.Equal("INDEX_SWITCHED", switched.Code);
        Assert.Equal(29UL, (await live.CursorAsync(default))!.Height.Value);
        await IndexedChain.ApplyAsync(live, IndexedChain.Blocks.Count);
        await IndexedChain.RequireWholeAsync(live);

        Assert.Equal(1, await generations.RollBackAsync(default));
        await using (IIndexView old = (await live.ViewAsync(default))!)
        {
            Assert.Equal(19UL, old.Cursor.Height.Value);
        }

        Assert.Equal(2, await generations.RollBackAsync(default));
        Assert.Equal([1], await generations.PruneAsync(default));
        await Assert.ThrowsAsync<NoGenerationException>(() => generations.RollBackAsync(default));
        await IndexedChain.RequireWholeAsync(live);
    }

    [Fact]
    public async Task Prune_WhileSomebodyReadsTheOldOne_EndsAndSaysSo()
    {
        await using PostgresIndexStore live = await IndexedChain.OpenAsync(_harness.Settings);
        await IndexedChain.ApplyAsync(live, 9);
        await using var generations = new PostgresGenerations(
            _harness.Settings, IndexedChain.Chain.GenesisHash);
        await using (IIndexView old = (await live.ViewAsync(default))!)
        {
            await old.BlocksAsync(new Height(9), 5, default);
            await using (IIndexStore building = await generations.OpenBuildingAsync(default))
            {
                await IndexedChain.ApplyAsync(building, 9);
            }

            await generations.SwitchAsync(default);
            IndexUnavailableException used = await Assert.ThrowsAsync<IndexUnavailableException>(
                () => generations.PruneAsync(default));
            Assert.Equal("INDEX_IN_USE", used.Code);
        }

        Assert.Equal([1], await generations.PruneAsync(default));
    }

    [Fact]
    public async Task Open_OfAnotherVersion_IsRefusedAndRebuiltBeside()
    {
        await using (PostgresIndexStore store = await IndexedChain.OpenAsync(_harness.Settings))
        {
            await IndexedChain.ApplyAsync(store, 5);
        }

        PostgresCluster.Shared.Execute(
            _harness.Database, "UPDATE explorer.generations SET schema_version = 99");
        StorageFault fault = await Assert.ThrowsAsync<StorageFault>(
            () => IndexedChain.OpenAsync(_harness.Settings));
        Assert.Equal(StorageFaultKind.Version, fault.Kind);
        await using var generations = new PostgresGenerations(
            _harness.Settings, IndexedChain.Chain.GenesisHash);
        await using (IIndexStore building = await generations.OpenBuildingAsync(default))
        {
            await IndexedChain.ApplyAsync(building, IndexedChain.Blocks.Count);
        }

        await generations.SwitchAsync(default);
        await using PostgresIndexStore again = await IndexedChain.OpenAsync(_harness.Settings);
        await IndexedChain.RequireWholeAsync(again);
    }

    [Fact]
    public async Task Views_OfTheLiveGeneration_AreAllItsTables()
    {
        await using PostgresIndexStore store = await IndexedChain.OpenAsync(_harness.Settings);
        await IndexedChain.ApplyAsync(store, IndexedChain.Blocks.Count);
        Assert.Equal(
            string.Join(',', Views),
            Shown("SELECT string_agg(viewname, ',' ORDER BY viewname) FROM pg_views"
                + " WHERE schemaname = 'explorer'"));
        Assert.Equal(
            IndexedChain.Chain.Ledger.View.Supply(TestNetwork.Bond).Units,
            (UInt128)(decimal)Shown(
                $"SELECT sum(amount) FROM explorer.balances WHERE asset = '{TestNetwork.Bond}'")!);
        Assert.Equal(0L, Shown(
            "SELECT count(*) FROM explorer.assets a WHERE supply <> coalesce("
                + "(SELECT sum(amount) FROM explorer.balances b WHERE b.asset = a.asset), 0)"));
    }

    [Fact]
    public async Task Read_ByAUserWithAPasswordAndNoOtherRights_Works()
    {
        PostgresCluster cluster = PostgresCluster.Shared;
        cluster.Execute(_harness.Database, "CREATE ROLE pages LOGIN PASSWORD 'geheim'");
        cluster.Execute(
            _harness.Database,
            "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO pages;"
                + " ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pages");
        cluster.Authenticate("local all pages scram-sha-256");
        await using (PostgresIndexStore store = await IndexedChain.OpenAsync(_harness.Settings))
        {
            await IndexedChain.ApplyAsync(store, IndexedChain.Blocks.Count);
        }

        string file = Path.GetTempFileName();
        try
        {
            PostgresSettings settings = cluster.SettingsOf(_harness.Database, "pages", file);
            await File.WriteAllTextAsync(file, "falsch\n");
            IndexUnavailableException refused = await Assert.ThrowsAsync<IndexUnavailableException>(
                () => IndexedChain.OpenAsync(settings, PostgresUse.Read));
            Assert.DoesNotContain("falsch", refused.ToString(), StringComparison.Ordinal);
            await File.WriteAllTextAsync(file, "geheim\n");
            await using PostgresIndexStore reader = await IndexedChain.OpenAsync(settings, PostgresUse.Read);
            await IndexedChain.RequireWholeAsync(reader);
            Assert.Equal(
                "INDEX_REFUSED",
                (await Assert.ThrowsAsync<IndexUnavailableException>(() => reader.ReportAsync(
                    Explorer.Following.FollowerStatus.Initial, default).AsTask())).Code);
        }
        finally
        {
            File.Delete(file);
            cluster.Execute(_harness.Database, "DROP OWNED BY pages");
            cluster.Execute(_harness.Database, "DROP ROLE pages");
        }
    }

    [Fact]
    public async Task Open_DatabaseThatIsNotThere_IsUnavailable()
    {
        IndexUnavailableException missing = await Assert.ThrowsAsync<IndexUnavailableException>(
            () => IndexedChain.OpenAsync(PostgresCluster.Shared.SettingsOf("nowhere")));
        Assert.Equal("INDEX_UNAVAILABLE", missing.Code);
        Assert.Contains("3D000", missing.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IndexUnavailableException>(() => IndexedChain.OpenAsync(
            new PostgresSettings("Host=/nowhere;Database=d;Username=u;Timeout=2", null), PostgresUse.Read));
    }

    [Fact]
    public async Task Read_NothingIndexedYet_IsNoView()
    {
        await using PostgresIndexStore reader = await IndexedChain.OpenAsync(
            _harness.Settings, PostgresUse.Read);
        Assert.Null(await reader.ViewAsync(default));
        Assert.Null(await reader.CursorAsync(default));
    }

    private static async Task<IndexCursor?> CursorAsync(PostgresIndexStore store)
    {
        while (true)
        {
            try
            {
                return await store.CursorAsync(default);
            }
            catch (IndexUnavailableException)
            {
                // It was cut while it was asked.
            }
        }
    }

    private object? Shown(string sql) => PostgresCluster.Shared.Execute(_harness.Database, sql);
}
