// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Cluster.Tests;

/// <summary>A subscriber whose node dies resumes on another one and misses nothing.</summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class EventStreamTests(ProcessCluster cluster)
{
    private static readonly TimeSpan StreamWithin = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Subscribe_ServingNodeKilled_ResumesOnAnotherFromItsCursorWithoutAGap()
    {
        const int First = 3;
        const int Second = 1;
        await cluster.EnsureWholeAsync();
        var seen = new List<Event>();
        string cursor;
        (Load load, PrivateKey[] keys) = await Load.StartAsync(cluster, 3);
        await using (load)
        {
            await Deadline.UntilAsync(
                "the load runs", StreamWithin, () => Task.FromResult(load.Final.Count >= 10));
            ulong middle = (await cluster.StatusAsync(First)).Height;
            cursor = await ReadAsync(First, "", seen, e => e.Height >= middle, () => cluster.Kill(First));
            await Deadline.UntilAsync(
                "the load goes on", StreamWithin, () => Task.FromResult(load.Final.Count >= 40));
        }

        // What the clients left behind without waiting for it becomes final too; after that, one last event.
        await cluster.EnsureWholeAsync();
        await Deadline.UntilAsync("nothing waits in any pool", StreamWithin, async () =>
            (await Task.WhenAll(ProcessCluster.All.Select(cluster.StatusAsync)))
                .All(static status => status.PoolTransactions == 0));
        ulong end = (await cluster.Client.DoAsync(
            keys[0], new Core.Ledger.Transfer(Load.Asset, keys[1].Address, new Core.Amount(1)))).Height;
        await cluster.ReachAsync(end, StreamWithin, Second, First);
        int before = seen.Count;
        await ReadAsync(Second, cursor, seen, e => e.Height >= end, () => { });

        // A cursor is exclusive, so nothing came twice; whoever lost its cursor knows an event by (height,
        // index).
        var again = new List<Event>();
        await ReadAsync(Second, cursor, again, e => e.Height >= end, () => { });
        Assert.Equal(seen.Skip(before).Select(IdOf), again.Select(IdOf));
        RequireWhole(seen);
        await RequireBalancesAsync(seen, keys);
        Array.ForEach(keys, static key => key.Dispose());
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("not a cursor!")]
    public async Task Subscribe_UnknownCursor_IsRefusedWithAReason(string cursor)
    {
        await cluster.EnsureWholeAsync();
        await RequireRefusedAsync("CURSOR_INVALID", cursor);
    }

    /// <summary>A cursor of another network, or of this one before a reset, is not taken.</summary>
    [Fact]
    public async Task Subscribe_CursorOfAnotherNetworkOrFromFarAhead_IsRefusedWithAReason()
    {
        await cluster.EnsureWholeAsync();
        string cursor = await ReadAsync(0, "", [], static _ => true, static () => { });
        await RequireRefusedAsync("CURSOR_INVALID", Changed(cursor, 1));
        await RequireRefusedAsync("CURSOR_INVALID", Changed(cursor, 8));
        await RequireRefusedAsync("NODE_BEHIND", Changed(cursor, 9));

        // More of its block than the block has: the rest of it would be skipped.
        await RequireRefusedAsync("CURSOR_INVALID", Changed(cursor, 17));
    }

    /// <summary>A reader of a quiet stream must be able to tell a stalled network from a quiet one.</summary>
    [Fact]
    public async Task Streams_NothingBecomesFinal_SayWhereTheyStandAndThatItIsOld()
    {
        await cluster.EnsureWholeAsync();
        cluster.Kill(2);
        cluster.Kill(3);
        await Deadline.UntilAsync("the node notices", StreamWithin, async () =>
            await cluster.TryStatusAsync(0) is { Finalizing: false });
        using AsyncServerStreamingCall<WatchBlocksResponse> blocks = cluster.Node(0).Queries.WatchBlocks(
            new WatchBlocksRequest(), deadline: Deadline.In(2 * StreamWithin));
        Metadata headers = await blocks.ResponseHeadersAsync;
        Assert.Equal("false", headers.GetValue(Protocol.FreshnessMetadata.Finalizing));
        GetNodeStatusResponse head = await cluster.StatusAsync(0);
        Assert.True(await blocks.ResponseStream.MoveNext(default));
        RequireStalled(blocks.ResponseStream.Current.Heartbeat, head);

        using AsyncServerStreamingCall<SubscribeResponse> events = cluster.Node(0).Events.Subscribe(
            new SubscribeRequest { Types_ = { "asset_paused" } }, deadline: Deadline.In(StreamWithin));
        Assert.Equal(
            "false", (await events.ResponseHeadersAsync).GetValue(Protocol.FreshnessMetadata.Finalizing));
        Assert.True(await events.ResponseStream.MoveNext(default));
        RequireStalled(events.ResponseStream.Current.Heartbeat, head);
        await cluster.EnsureWholeAsync();
        Assert.True(await blocks.ResponseStream.MoveNext(default));
        while (blocks.ResponseStream.Current.Block is null)
        {
            Assert.True(await blocks.ResponseStream.MoveNext(default));
        }

        Assert.Equal(head.Height + 1, blocks.ResponseStream.Current.Block.Height);
    }

    private static void RequireStalled(Heartbeat? heartbeat, GetNodeStatusResponse head)
    {
        Assert.NotNull(heartbeat);
        Assert.Equal(
            (head.Height, head.BlockTimeMs, false),
            (heartbeat.Height, heartbeat.TimeMs, heartbeat.Finalizing));
    }

    /// <summary>A cursor with one byte changed: version 1, network 8, height 8, delivered 4.</summary>
    private static string Changed(string cursor, int at)
    {
        byte[] bytes = Base64Url.DecodeFromChars(cursor);
        bytes[at] ^= 1;
        return Base64Url.EncodeToString(bytes);
    }

    private async Task RequireRefusedAsync(string reason, string cursor)
    {
        using AsyncServerStreamingCall<SubscribeResponse> call = cluster.Node(0).Events.Subscribe(
            new SubscribeRequest { Cursor = cursor }, deadline: Deadline.In(StreamWithin));
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            () => call.ResponseStream.MoveNext(default));
        Assert.Equal(reason, Protocol.ErrorModel.Read(refused)?.Reason);
    }

    private static (ulong Height, uint Index) IdOf(Event e) => (e.Height, e.Index);

    /// <summary>
    /// Reads until the last event that is wanted, and the rest of its block, or until the stream breaks.
    /// </summary>
    /// <returns>The last cursor.</returns>
    private async Task<string> ReadAsync(
        int node, string cursor, List<Event> seen, Func<Event, bool> isLast, Action atLast)
    {
        using var patience = new CancellationTokenSource(StreamWithin);
        using AsyncServerStreamingCall<SubscribeResponse> call = cluster.Node(node).Events.Subscribe(
            new SubscribeRequest { Cursor = cursor }, cancellationToken: patience.Token);
        ulong? lastHeight = null;
        try
        {
            while (await call.ResponseStream.MoveNext(patience.Token))
            {
                SubscribeResponse current = call.ResponseStream.Current;
                if (lastHeight is not null && (current.Event is null || current.Event.Height > lastHeight))
                {
                    return cursor;
                }

                cursor = current.Cursor;
                if (current.Event is { } happened)
                {
                    seen.Add(happened);
                    if (lastHeight is null && isLast(happened))
                    {
                        lastHeight = happened.Height;
                        atLast();
                    }
                }
            }
        }
        catch (RpcException e) when (lastHeight is not null && e.StatusCode is StatusCode.Unavailable)
        {
            // Its node was killed, as it should be.
        }

        Assert.NotNull(lastHeight);
        return cursor;
    }

    /// <summary>Heights rise, and every block's events come in order from its first.</summary>
    private static void RequireWhole(List<Event> events)
    {
        for (int i = 0; i < events.Count; i++)
        {
            bool sameBlock = i > 0 && events[i].Height == events[i - 1].Height;
            Assert.True(i == 0 || events[i].Height >= events[i - 1].Height, "heights rise");
            Assert.Equal(sameBlock ? events[i - 1].Index + 1 : 0, events[i].Index);
        }
    }

    /// <summary>
    /// What the events add up to is what the ledger says, for the supply and for each client.
    /// </summary>
    private async Task RequireBalancesAsync(List<Event> events, PrivateKey[] keys)
    {
        var balances = new Dictionary<(ByteString Account, string Asset), UInt128>();
        var supplies = new Dictionary<string, UInt128>(StringComparer.Ordinal);
        foreach (Event e in events)
        {
            switch (e.KindCase)
            {
                case Event.KindOneofCase.UnitsIssued:
                    Add(e.UnitsIssued.To, e.UnitsIssued.Asset, Units(e.UnitsIssued.Amount));
                    supplies[e.UnitsIssued.Asset] = Units(e.UnitsIssued.SupplyAfter);
                    break;
                case Event.KindOneofCase.Transferred:
                    Transferred moved = e.Transferred;
                    balances[(moved.From, moved.Asset)] -= Units(moved.Amount);
                    Assert.Equal(Units(moved.FromAfter), balances[(moved.From, moved.Asset)]);
                    Add(moved.To, moved.Asset, Units(moved.Amount));
                    Assert.Equal(Units(moved.ToAfter), balances[(moved.To, moved.Asset)]);
                    break;
                default:
                    break;
            }
        }

        Assert.NotEmpty(keys);
        foreach (PrivateKey key in keys)
        {
            Assert.Equal(
                await cluster.BalanceAsync(0, key.Address, Load.Asset),
                balances[(ProcessCluster.Bytes(key.Address), Load.Asset.ToString())]);
        }

        string asset = Load.Asset.ToString();
        UInt128 held = balances.Where(row => row.Key.Asset == asset)
            .Aggregate(UInt128.Zero, static (sum, row) => sum + row.Value);
        Assert.Equal(supplies[asset], held);
        GetAssetResponse told = await cluster.Node(0).Queries.GetAssetAsync(
            new GetAssetRequest { Asset = asset });
        Assert.Equal(held.ToString(CultureInfo.InvariantCulture), told.Asset.Supply);

        void Add(ByteString account, string asset, UInt128 amount) =>
            balances[(account, asset)] = balances.GetValueOrDefault((account, asset)) + amount;
    }

    private static UInt128 Units(string amount) => UInt128.Parse(amount, CultureInfo.InvariantCulture);
}
