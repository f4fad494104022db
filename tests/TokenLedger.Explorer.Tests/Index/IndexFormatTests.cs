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
        "meta 7968d2d18462c1ba",
        "blocks d53db8b04fb4ebee",
        "hashes 300b17d6bd53d13e",
        "transactions 7fdff4eb20e0400e",
        "ids a5defa2326c7afc5",
        "events 5c7591d95d0ca235",
        "postings 5a8dd2e3126ac7e8",
        "balances 3570e3aceaacc5b3",
        "past 0ebeae775cf32775",
        "holders cbec7fc0aa441ec9",
        "accounts 5d49ddd602d0f873",
        "frozen 64ee64e6b85b9f20",
        "assets a897a76f4d997e50",
        "documents df0d1984637b96af",
        "institutions e0ad298fdba4bd81",
        "officers 954ddabaf4e2a7c6",
        "members 889b788700b2982c",
        "proposals 66e4de6dbab2c200",
        "approvals 22c8d93dd8898352",
        "freezes 336d2d7b8c35e111",
        "days 4f7d4974a8fb339a",
        "search ef4cd55eba72fc3d",
        "supplies fc5bad00ba532f9b",
        "held 4565dd6be7f575dd",
        "lanes dbd3f40d7e24a2b7",
        "bridge 5c585012b341500d",
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
