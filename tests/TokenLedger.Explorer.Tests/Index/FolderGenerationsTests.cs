// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Embedded;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Storage;
using TokenLedger.Storage.RocksDb;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Index;

public sealed class FolderGenerationsTests : IDisposable
{
    private static readonly FinalChain Chain = Activity.Chain(seed: 6, steps: 20);
    private static readonly IReadOnlyList<VerifiedBlock> Blocks = Chain.Verified();

    private readonly FolderHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Switch_WhileTheOldOneIsRead_LeavesItsViewsAndGoesOnInTheNew()
    {
        await using IIndexStore live = _harness.Open(Chain.GenesisHash);
        await ApplyAsync(live, 10);
        await using var generations = new FolderGenerations(_harness.Folder, Chain.GenesisHash);
        IIndexView before = (await live.ViewAsync(default))!;
        await using (IIndexStore building = await generations.OpenBuildingAsync(default))
        {
            await ApplyAsync(building, 15);
        }

        Assert.Equal(2, await generations.SwitchAsync(default));
        IndexUnavailableException switched = await Assert.ThrowsAsync<IndexUnavailableException>(
            () => ApplyNextAsync(live, 10));
        Assert.Equal("INDEX_SWITCHED", switched.Code);
        Assert.Equal(14UL, (await live.CursorAsync(default))!.Height.Value);

        // The old one is open as long as somebody looks at it.
        Assert.Equal(9UL, (await before.BlocksAsync(new Height(99), 5, default))[0].Height.Value);
        StorageFault held = await Assert.ThrowsAsync<StorageFault>(() => generations.PruneAsync(default));
        Assert.Equal(StorageFaultKind.Locked, held.Kind);
        await before.DisposeAsync();
        Assert.Equal([1], await generations.PruneAsync(default));
        await ApplyAsync(live, Blocks.Count);
        await using IIndexView view = (await live.ViewAsync(default))!;
        await LedgerComparison.RequireSameAsync(view, Chain.Ledger);
    }

    [Fact]
    public async Task Prune_OfAnotherVersion_RemovesIt()
    {
        await using (IIndexStore live = _harness.Open(Chain.GenesisHash))
        {
            await ApplyAsync(live, 3);
        }

        await using var generations = new FolderGenerations(_harness.Folder, Chain.GenesisHash);
        await using (IIndexStore building = await generations.OpenBuildingAsync(default))
        {
            await ApplyAsync(building, 3);
        }

        await generations.SwitchAsync(default);
        string old = Path.Combine(_harness.Folder, "index-1");
        using (var raw = RocksKeyValueStore.Open(old, IndexFormat.Families, RocksOptions.Ledger))
        {
            using IWriteBatch batch = raw.CreateBatch();
            batch.Put(IndexFormat.Meta, IndexFormat.SchemaKey, [0, 0, 0, 1]);
            raw.Write(batch, sync: true);
        }

        Assert.Equal([1], await generations.PruneAsync(default));
        Assert.False(Directory.Exists(old));
    }

    [Fact]
    public async Task OpenBuilding_AfterAStop_GoesOnWhereItWas()
    {
        await using var generations = new FolderGenerations(_harness.Folder, Chain.GenesisHash);
        await using (IIndexStore building = await generations.OpenBuildingAsync(default))
        {
            await ApplyAsync(building, 7);
        }

        await using (IIndexStore building = await generations.OpenBuildingAsync(default))
        {
            Assert.Equal(6UL, (await building.CursorAsync(default))!.Height.Value);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("../x")]
    [InlineData("99999999999999999999")]
    public async Task Open_LiveNamesNothing_IsRefused(string text)
    {
        await File.WriteAllTextAsync(Path.Combine(_harness.Folder, "live"), text);
        StorageFault fault = Assert.Throws<StorageFault>(() => _harness.Open(Chain.GenesisHash));
        Assert.Equal(StorageFaultKind.Corrupt, fault.Kind);
    }

    [Fact]
    public void Open_Twice_IsRefused()
    {
        using FileLease lease = FileLease.Take(Path.Combine(_harness.Folder, "generations.lock"), "x");
        Assert.Equal(
            StorageFaultKind.Locked,
            Assert.Throws<StorageFault>(
                () => new FolderGenerations(_harness.Folder, Chain.GenesisHash)).Kind);
    }

    private static Task<IndexCursor> ApplyNextAsync(IIndexStore store, int block) =>
        new Projector(store).ApplyAsync(Chain.Genesis, Blocks[block], default);

    private static async Task ApplyAsync(IIndexStore store, int count)
    {
        int done = (int)((await store.CursorAsync(default))?.Height.Value + 1 ?? 0);
        for (int i = done; i < count; i++)
        {
            await ApplyNextAsync(store, i);
        }
    }
}
