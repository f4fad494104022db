// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;
using Operation = TokenLedger.Core.Ledger.Operation;
using Transfer = TokenLedger.Core.Ledger.Transfer;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// Subscribers that read late: each is told so, loses nothing, and costs the others nothing.
/// </summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class SlowSubscriberTests(ProcessCluster cluster)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(Limits.SubscriberSlowMs + 2_000);

    /// <summary>Many times what a stream's buffers hold.</summary>
    private const int Batches = 40;

    [Fact]
    public async Task Subscribe_NotReadForAWhile_IsToldToResume()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey[] keys = await Load.FundedAsync(cluster, 2);
        var paid = new List<(ulong, uint)>();
        var request = new SubscribeRequest { Accounts = { ProcessCluster.Bytes(keys[0].Address) } };
        using AsyncServerStreamingCall<SubscribeResponse> slow = cluster.Node(0).Events.Subscribe(request);
        Assert.True(await slow.ResponseStream.MoveNext(default));
        SubscribeResponse read = slow.ResponseStream.Current;
        (string cursor, Event first) = (read.Cursor, read.Event);
        long stopped = Stopwatch.GetTimestamp();

        // Another one of the same node reads everything as it comes, meanwhile.
        using AsyncServerStreamingCall<SubscribeResponse> quick = cluster.Node(0).Events.Subscribe(request);
        Task all = ReadAsync(
            quick, item => paid.Add(IdOf(item.Event)), () => paid.Count == 2 + (100 * Batches));
        for (int i = 0; i < Batches; i++)
        {
            await cluster.Client.DoAsync(keys[0], [.. Enumerable.Repeat<Operation>(
                new Transfer(Load.Asset, keys[1].Address, new Amount(1)), 100)]);
        }

        await all.WaitAsync(Within);
        await Deadline.UntilAsync(
            "it is late", 2 * Late, () => Task.FromResult(Stopwatch.GetElapsedTime(stopped) > Late));
        var seen = new List<(ulong, uint)> { IdOf(first) };
        RpcException told = await Assert.ThrowsAsync<RpcException>(() => ReadAsync(
            slow,
            item =>
            {
                seen.Add(IdOf(item.Event));
                cursor = item.Cursor;
            },
            static () => false)).WaitAsync(Within);
        Assert.Equal("SLOW_CONSUMER", ErrorModel.Read(told)?.Reason);
        Assert.InRange(seen.Count, 2, paid.Count - 1);

        // Inclusive: the last one comes once more, known by its id.
        using AsyncServerStreamingCall<SubscribeResponse> again = cluster.Node(1).Events.Subscribe(
            new SubscribeRequest { Accounts = { request.Accounts }, Cursor = cursor, Inclusive = true });
        await ReadAsync(again, item => seen.Add(IdOf(item.Event)), () => seen.Count == paid.Count + 1)
            .WaitAsync(Within);
        Assert.Equal(paid, seen.Distinct());
        Array.ForEach(keys, static key => key.Dispose());
    }

    private static (ulong Height, uint Index) IdOf(Event e) => (e.Height, e.Index);

    private static async Task ReadAsync(
        AsyncServerStreamingCall<SubscribeResponse> call, Action<SubscribeResponse> take, Func<bool> enough)
    {
        while (!enough() && await call.ResponseStream.MoveNext(default))
        {
            if (call.ResponseStream.Current.Event is not null)
            {
                take(call.ResponseStream.Current);
            }
        }
    }
}
