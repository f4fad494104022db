// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Grpc.Core;
using TokenLedger.Chaos;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Admin.V1;
using TokenLedger.Storage;
using TokenLedger.Storage.RocksDb;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Cluster.Tests;

/// <summary>Bytes that rot on an observer's disk, beside a validator that has them right.</summary>
[Collection("single nodes")]
[Trait("Category", "Cluster")]
public sealed class ScrubTests : IDisposable
{
    private const ulong Blocks = 12;

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);
    private static readonly string[] Families = ["headers", "blocks", "receipts", "events", "certificates"];

    private readonly TestFolder _temporary = new();
    private readonly SingleNode _validator;
    private readonly string _configuration;
    private readonly string _data;

    public ScrubTests()
    {
        _validator = new SingleNode(_temporary, "one");
        using var free = new SingleNode(_temporary, "free");
        (_configuration, string pin) = ObserverFiles.Write(_validator, free);
        _data = Path.Combine(Path.GetDirectoryName(_configuration)!, "data");
        _validator.Configure(root => root["peers"]!["observers"] = new JsonArray(pin));
    }

    public void Dispose()
    {
        _validator.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public async Task Scrub_DamagedBlocks_AreRepairedFromAPeerBitForBit()
    {
        await _validator.StartAsync();
        await FollowAsync();
        string[] before = Content();
        Change("blocks", 3, value => value[^1] ^= 1);
        Change("receipts", 4, value => value[0] ^= 1);
        Change("certificates", 5, value => value[^1] ^= 1);
        Misdirect("headers", from: 8, to: 6);

        using (NodeProcess observer = NodeProcess.Start(_configuration))
        {
            using var admin = AdminClient.Connect(AdminSocket.DefaultOf(_data));
            ScrubResponse status = new();
            await Deadline.UntilAsync("it repairs", Within, async () =>
            {
                status = await ScrubAsync(admin) ?? status;
                return status.BlocksRepaired >= 4 && status.Passes > 0;
            }, observer.Tail);
            Assert.Equal(4UL, status.BlocksDamaged);
            Assert.Equal(4UL, status.BlocksRepaired);
            Assert.True(status.StateEntries > 0);
            await StopAsync(observer);
        }

        Assert.Equal(before, Content());
    }

    [Fact]
    public async Task Run_ByteOfATableChanged_StopsAndComesBackFromThePeers()
    {
        await _validator.StartAsync();
        await FollowAsync();
        string[] before = Content();
        string table = new DirectoryInfo(Path.Combine(_data, "ledger")).GetFiles("*.sst")
            .MaxBy(file => file.Length)!.FullName;
        byte[] bytes = File.ReadAllBytes(table);
        bytes[bytes.Length / 3] ^= 0x40;
        File.WriteAllBytes(table, bytes);

        using (NodeProcess damaged = NodeProcess.Start(_configuration))
        {
            using var admin = AdminClient.Connect(AdminSocket.DefaultOf(_data));
            await Deadline.UntilAsync("it stops", Within, async () =>
            {
                _ = await ScrubAsync(admin);
                return damaged.HasExited;
            }, damaged.Tail);
            Assert.Equal(5, await damaged.ExitAsync(SingleNode.ExitWithin));
            Assert.Contains("STORAGE_CORRUPT", damaged.Error, StringComparison.Ordinal);
        }

        await FollowAsync();
        Assert.Equal(before, Content());
        Assert.True(Directory.Exists(Path.Combine(_data, "ledger.damaged")));
    }

    private static async Task<ScrubResponse?> ScrubAsync(AdminClient admin)
    {
        try
        {
            return await admin.Calls.ScrubAsync(new ScrubRequest { Now = true });
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable)
        {
            return null;
        }
    }

    private static async Task StopAsync(NodeProcess observer)
    {
        observer.Terminate();
        Assert.Equal(0, await observer.ExitAsync(SingleNode.ExitWithin));
    }

    /// <summary>Lets the observer follow until it has enough blocks, and stops it.</summary>
    private async Task FollowAsync()
    {
        using NodeProcess observer = NodeProcess.Start(_configuration);
        using var admin = AdminClient.Connect(AdminSocket.DefaultOf(_data));
        await Deadline.UntilAsync("it follows", Within, async () =>
        {
            try
            {
                return (await admin.Calls.GetNodeStateAsync(new GetNodeStateRequest())).Height > Blocks;
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable)
            {
                return false;
            }
        }, observer.Tail);
        await StopAsync(observer);
    }

    private RocksKeyValueStore Open() => RocksKeyValueStore.Open(
        Path.Combine(_data, "ledger"), LedgerFormat.Families, RocksOptions.Ledger);

    /// <summary>The first blocks in full; opening and closing also writes out what is in memory.</summary>
    private string[] Content()
    {
        using RocksKeyValueStore store = Open();
        string copy = Path.Combine(_data, "copy");
        store.Checkpoint(copy);
        Directory.Delete(copy, recursive: true);
        return
        [
            .. Families.SelectMany(name => store.Scan(Family(name), [], Key(Blocks), 1_000).Select(entry =>
                $"{name} {Convert.ToHexString(entry.Key)} {Convert.ToHexString(entry.Value)}")),
        ];
    }

    private void Change(string family, ulong height, Action<byte[]> change)
    {
        using RocksKeyValueStore store = Open();
        Assert.True(store.TryGet(Family(family), Key(height), out byte[]? value));
        change(value);
        Put(store, family, height, value);
    }

    private void Misdirect(string family, ulong from, ulong to)
    {
        using RocksKeyValueStore store = Open();
        Assert.True(store.TryGet(Family(family), Key(from), out byte[]? value));
        Put(store, family, to, value);
    }

    private static void Put(RocksKeyValueStore store, string family, ulong height, byte[] value)
    {
        using IWriteBatch batch = store.CreateBatch();
        batch.Put(Family(family), Key(height), value);
        store.Write(batch, sync: true);
    }

    private static Family Family(string name) => LedgerFormat.Families.Single(family => family.Name == name);

    private static byte[] Key(ulong height)
    {
        byte[] key = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(key, height);
        return key;
    }
}
