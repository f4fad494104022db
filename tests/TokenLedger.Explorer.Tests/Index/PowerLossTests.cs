// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Embedded;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Index;

/// <summary>The power fails after each write, with any number of the last writes lost.</summary>
public sealed class PowerLossTests
{
    private static readonly FinalChain Chain = Activity.Chain(seed: 5, steps: 25);
    private static readonly IReadOnlyList<VerifiedBlock> Blocks = Chain.Verified();

    [Fact]
    public async Task Apply_PowerFailsAfterEachBlock_NothingIsLostOrDoubled()
    {
        var random = new Random(4);
        for (int failAt = 1; failAt < Blocks.Count; failAt++)
        {
            var disk = new MemoryDisk();
            await IndexAsync(disk, failAt);
            disk.Crash(random.Next(disk.UnsyncedWrites + 1));
            await RequireWholeAsync(disk);
        }
    }

    [Fact]
    public async Task Apply_PowerFailsAgainAndAgain_ComesToTheEnd()
    {
        var disk = new MemoryDisk();
        var random = new Random(5);
        for (int reached = 1; reached <= Blocks.Count; reached += 3)
        {
            await IndexAsync(disk, reached);
            disk.Crash(random.Next(disk.UnsyncedWrites + 1));
        }

        await RequireWholeAsync(disk);
    }

    [Fact]
    public async Task Apply_WriteFails_StopsAndGoesOnAfterReopening()
    {
        var disk = new MemoryDisk();
        await IndexAsync(disk, 7);
        await using (EmbeddedIndexStore store = Open(disk))
        {
            disk.FailNextWrite(StorageFaultKind.IO);
            var projector = new Projector(store);
            await Assert.ThrowsAsync<StorageFault>(
                () => projector.ApplyAsync(Chain.Genesis, Blocks[7], default));
            await Assert.ThrowsAsync<StorageFault>(
                () => projector.ApplyAsync(Chain.Genesis, Blocks[7], default));
        }

        await RequireWholeAsync(disk);
    }

    private static async Task RequireWholeAsync(MemoryDisk disk)
    {
        await IndexAsync(disk, Blocks.Count);
        await using EmbeddedIndexStore store = Open(disk);
        await using IIndexView view = (await store.ViewAsync(default))!;
        await LedgerComparison.RequireSameAsync(view, Chain.Ledger);
        Assert.Equal(Blocks.Sum(static b => b.Events.Length), (int)view.Cursor.Counts.Events);
        Assert.Equal(Blocks.Sum(static b => b.Transactions.Length), (int)view.Cursor.Counts.Transactions);
        Assert.Equal(3, (await view.FreezesAsync(null, 10, default)).Count);
    }

    /// <summary>Indexes up to a number of blocks, from wherever the disk is. Nothing is closed in
    /// order.</summary>
    private static async Task IndexAsync(MemoryDisk disk, int count)
    {
        await using EmbeddedIndexStore store = Open(disk);
        var projector = new Projector(store);
        int done = (int)((await store.CursorAsync(default))?.Height.Value + 1 ?? 0);
        foreach (VerifiedBlock block in Blocks.Take(count).Skip(done))
        {
            await projector.ApplyAsync(Chain.Genesis, block, default);
        }
    }

    private static EmbeddedIndexStore Open(MemoryDisk disk) =>
        EmbeddedIndexStore.Open(new MemoryStore(disk, IndexFormat.Families), Chain.GenesisHash);
}
