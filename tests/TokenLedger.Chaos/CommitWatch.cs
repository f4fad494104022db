// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Grpc.Core;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Chaos;

/// <summary>A block that a node committed.</summary>
/// <param name="Node">The node.</param>
/// <param name="Height">The block's height.</param>
/// <param name="View">The view that it comes from.</param>
/// <param name="At">When it was seen here, as a timestamp of <see cref="Stopwatch"/>.</param>
internal sealed record Commit(int Node, ulong Height, ulong View, long At);

/// <summary>Follows the blocks of all nodes and notes when they came. Thread-safe.</summary>
internal sealed class CommitWatch : IAsyncDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);

    private readonly ChaosCluster _cluster;
    private readonly Lock _gate = new();
    private readonly List<Commit> _commits = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _watching;

    public CommitWatch(ChaosCluster cluster)
    {
        _cluster = cluster;
        _watching = [.. ChaosCluster.All.Select(WatchAsync)];
    }

    /// <summary>What was seen since a moment, oldest first.</summary>
    public Commit[] Since(long at)
    {
        lock (_gate)
        {
            return [.. _commits.Where(commit => commit.At >= at)];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_watching);
        _stop.Dispose();
    }

    private async Task WatchAsync(int node)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using AsyncServerStreamingCall<WatchBlocksResponse> blocks = _cluster.Node(node).Queries
                    .WatchBlocks(new WatchBlocksRequest(), cancellationToken: _stop.Token);
                while (await blocks.ResponseStream.MoveNext(_stop.Token))
                {
                    BlockSummary block = blocks.ResponseStream.Current.Block;
                    lock (_gate)
                    {
                        _commits.Add(new Commit(node, block.Height, block.View, Stopwatch.GetTimestamp()));
                    }
                }
            }
            catch (Exception e) when (e is RpcException or OperationCanceledException)
            {
                // The node is down, or the watch ends.
            }

            try
            {
                await Task.Delay(Again, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
