// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Embedded;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Index;

public sealed class IndexFormatTests
{
    private static readonly FinalChain Chain = Activity.Chain(seed: 21, steps: 20);

    private static readonly string[] Known =
    [
        "meta f814e3d3064ed301",
        "blocks c068331609383739",
        "hashes 7b445bd5d3c7a152",
        "transactions 2b8a253d78a92fab",
        "ids 3154d0c1db8abe27",
        "events 4c2f599926eba871",
        "postings 7bcdf22e9495a3be",
        "balances 11d107571a033a71",
        "past b6dc354054ddf6f6",
        "holders 563eac59fc7c4bbc",
        "accounts aaa55ab89742a627",
        "frozen 64ee64e6b85b9f20",
        "assets 4e126afb82f478f2",
        "documents df0d1984637b96af",
        "institutions e0ad298fdba4bd81",
        "officers 954ddabaf4e2a7c6",
        "members 889b788700b2982c",
        "proposals b1344c892627250e",
        "approvals 731ee224a2903235",
        "freezes 336d2d7b8c35e111",
        "days 328bfbf7fc77f384",
        "search ef4cd55eba72fc3d",
        "supplies 1f2ee43de5ed646e",
        "held 81861e3a692c91b7",
    ];

    /// <summary>Whoever changes a byte of the index raises the schema's version, and then these.</summary>
    [Fact]
    public async Task Rows_OfAKnownChain_HaveKnownBytes()
    {
        var disk = new MemoryDisk();
        await IndexAsync(disk);
        using var store = new MemoryStore(disk, IndexFormat.Families);
        string[] found =
        [
            .. IndexFormat.Families.Select(family => $"{family.Name} {DigestOf(store, family)}"),
        ];
        Assert.Equal(Known, found);
    }

    [Fact]
    public async Task Read_RowsThatAreDamaged_AreNeverServed()
    {
        var disk = new MemoryDisk();
        await IndexAsync(disk);
        using (var store = new MemoryStore(disk, IndexFormat.Families))
        {
            using IWriteBatch batch = store.CreateBatch();
            batch.Put(IndexFormat.Assets, IndexFormat.Asset(TestNetwork.Bond), [1, 2, 3]);
            store.Write(batch, sync: true);
        }

        await using EmbeddedIndexStore index = Open(disk);
        await using IIndexView view = (await index.ViewAsync(default))!;
        StorageFault fault = await Assert.ThrowsAsync<StorageFault>(
            () => view.FindAssetAsync(TestNetwork.Bond, default).AsTask());
        Assert.Equal(StorageFaultKind.Corrupt, fault.Kind);
        Assert.Contains("assets", fault.Message, StringComparison.Ordinal);
        Assert.NotNull(await view.FindAssetAsync(TestNetwork.Carbon, default));
    }

    [Fact]
    public async Task Open_OfAnotherVersion_IsRefused()
    {
        var disk = new MemoryDisk();
        await IndexAsync(disk);
        using (var store = new MemoryStore(disk, IndexFormat.Families))
        {
            using IWriteBatch batch = store.CreateBatch();
            batch.Put(IndexFormat.Meta, IndexFormat.SchemaKey, [0, 0, 0, 99]);
            store.Write(batch, sync: true);
        }

        Assert.Equal(
            StorageFaultKind.Version, Assert.Throws<StorageFault>(() => Open(disk)).Kind);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2 }, new byte[] { 1, 3 })]
    [InlineData(new byte[] { 1, 0xFF }, new byte[] { 2 })]
    [InlineData(new byte[] { 0xFF, 0xFF }, new byte[0])]
    public void Behind_APrefix_IsTheFirstKeyWithoutIt(byte[] prefix, byte[] behind) =>
        Assert.Equal(behind, IndexFormat.Behind(prefix));

    private static async Task IndexAsync(MemoryDisk disk)
    {
        await using EmbeddedIndexStore index = Open(disk);
        var projector = new Projector(index);
        foreach (VerifiedBlock block in Chain.Verified())
        {
            await projector.ApplyAsync(Chain.Genesis, block, default);
        }
    }

    private static EmbeddedIndexStore Open(MemoryDisk disk) =>
        EmbeddedIndexStore.Open(new MemoryStore(disk, IndexFormat.Families), Chain.GenesisHash);

    private static string DigestOf(MemoryStore store, Family family)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (KeyValue row in store.Scan(family, [], [], int.MaxValue))
        {
            hash.AppendData(BitConverter.GetBytes(row.Key.Length));
            hash.AppendData(row.Key);
            hash.AppendData(BitConverter.GetBytes(row.Value.Length));
            hash.AppendData(row.Value);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
