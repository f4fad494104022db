// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Protocol.Ledger.V1;
using Xunit.Abstractions;

namespace TokenLedger.Cluster.Tests;

/// <summary>SIGTERM ends a validator in order and soon, whoever is connected.</summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class ShutdownTests(ProcessCluster cluster, ITestOutputHelper output)
{
    private const int Node = 1;
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Terminate_StreamsAndWaitsOpen_StopsInOrderAndInTime()
    {
        await cluster.EnsureWholeAsync();
        DateTime deadline = TimeProvider.System.GetUtcNow().UtcDateTime + (3 * StopWithin);
        using AsyncServerStreamingCall<SubscribeResponse> events =
            cluster.Node(Node).Events.Subscribe(new SubscribeRequest(), deadline: deadline);
        using AsyncServerStreamingCall<WatchBlocksResponse> blocks =
            cluster.Node(Node).Queries.WatchBlocks(new WatchBlocksRequest(), deadline: deadline);
        Assert.True(await events.ResponseStream.MoveNext(default));
        Assert.True(await blocks.ResponseStream.MoveNext(default));
        using AsyncUnaryCall<WaitFinalResponse> waiting = cluster.Node(Node).Transactions.WaitFinalAsync(
            new WaitFinalRequest { TransactionId = ByteString.CopyFrom(new byte[32]) });

        // One goes on reading; the other reads only when the server has stopped.
        Task read = DrainAsync(events.ResponseStream);
        long started = Stopwatch.GetTimestamp();
        Assert.Equal(0, await cluster.TerminateAsync(Node, StopWithin));
        output.WriteLine($"stopped in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
        Assert.Contains("Stopped in order", cluster.Log(Node), StringComparison.Ordinal);
        foreach (Task end in (Task[])[read, DrainAsync(blocks.ResponseStream), waiting.ResponseAsync])
        {
            RpcException told = await Assert.ThrowsAsync<RpcException>(() => end);
            Assert.Equal(StatusCode.Unavailable, told.StatusCode);
        }

        await cluster.EnsureWholeAsync();
    }

    private static async Task DrainAsync<T>(IAsyncStreamReader<T> stream)
    {
        while (await stream.MoveNext(default))
        {
            // What was sent before the end is of no interest here.
        }
    }
}
