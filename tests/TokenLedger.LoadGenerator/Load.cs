// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;
using Transfer = TokenLedger.Core.Ledger.Transfer;

namespace TokenLedger.LoadGenerator;

/// <summary>What one phase of load came to.</summary>
/// <param name="Accepted">Transactions that nodes took.</param>
/// <param name="Final">Transactions that became final while the phase lasted.</param>
/// <param name="Elapsed">How long it lasted.</param>
/// <param name="Latencies">Of a sample of the transactions.</param>
internal sealed record LoadResult(long Accepted, long Final, TimeSpan Elapsed, Latencies Latencies)
{
    public double AcceptedPerSecond => Accepted / Elapsed.TotalSeconds;

    public double FinalPerSecond => Final / Elapsed.TotalSeconds;
}

/// <summary>Sends single signed transfers from many accounts to all nodes.</summary>
internal sealed class Load(DevnetClient network, PrivateKey[] senders, AssetId asset)
{
    /// <summary>
    /// Accepted and not yet final, at most: what a full pool of clients would keep waiting.
    /// </summary>
    private const long MaxWaiting = 6_000;

    private readonly ulong[] _nonces = new ulong[senders.Length];
    private long _accepted;
    private long _final;

    /// <summary>Runs for a while at a rate; with none, as fast as the network takes them.</summary>
    public async Task<LoadResult> RunAsync(TimeSpan duration, double? perSecond, int sampleEvery)
    {
        using var stop = new CancellationTokenSource();
        var latencies = new Latencies();
        Task counting = CountFinalAsync(stop.Token);
        Volatile.Write(ref _accepted, 0);
        Volatile.Write(ref _final, 0);
        long started = Stopwatch.GetTimestamp();
        List<Task>[] rest = await Task.WhenAll(Enumerable.Range(0, senders.Length).Select(index =>
            SendAsync(index, started, duration, perSecond / senders.Length, sampleEvery, latencies)));
        var result = new LoadResult(
            Volatile.Read(ref _accepted), Volatile.Read(ref _final), Stopwatch.GetElapsedTime(started),
            latencies);

        // Nothing of this phase is left that would burden the next one.
        await Task.WhenAll(rest.SelectMany(static tasks => tasks));
        await stop.CancelAsync();
        await counting;
        return result;
    }

    /// <summary>One sender's part.</summary>
    /// <returns>What becomes final later: the samples, and the last one, which all others precede.</returns>
    private async Task<List<Task>> SendAsync(
        int index, long started, TimeSpan duration, double? perSecond, int sampleEvery, Latencies latencies)
    {
        LedgerClient node = network.Nodes[index % network.Nodes.Length];
        PrivateKey key = senders[index];
        Address to = senders[(index + 1) % senders.Length].Address;
        var rest = new List<Task>();
        ByteString? last = null;
        for (long sent = 0; Stopwatch.GetElapsedTime(started) < duration; sent++)
        {
            if (perSecond is { } rate)
            {
                // Senders are spread over the interval, so that the whole load is even.
                double phase = (double)index / senders.Length;
                TimeSpan due = TimeSpan.FromSeconds((sent + phase) / rate);
                TimeSpan wait = due - Stopwatch.GetElapsedTime(started);
                if (due >= duration)
                {
                    break;
                }

                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait);
                }
            }

            while (Volatile.Read(ref _accepted) - Volatile.Read(ref _final) > MaxWaiting)
            {
                await Task.Delay(5);
            }

            long at = Stopwatch.GetTimestamp();
            ByteString? id = await SubmitAsync(node, key, index, to);
            last = id ?? last;
            if (id is not null && (sent * senders.Length + index) % sampleEvery == 0)
            {
                rest.Add(SampleAsync(node, id, at, latencies));
            }
        }

        if (last is not null)
        {
            rest.Add(FinalAsync(node, last));
        }

        return rest;
    }

    private async Task<ByteString?> SubmitAsync(LedgerClient node, PrivateKey key, int index, Address to)
    {
        SubmitTransactionRequest request = network.Sign(
            key, _nonces[index], new Transfer(asset, to, new Amount(1)));
        try
        {
            SubmitTransactionResponse response = await node.Transactions.SubmitTransactionAsync(
                request, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30));
            _nonces[index]++;
            Interlocked.Increment(ref _accepted);
            return response.TransactionId;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.ResourceExhausted or StatusCode.Unavailable)
        {
            // The sender's share of the pool is full: the same transaction again, a little later.
            await Task.Delay(20);
            return null;
        }
    }

    private static async Task SampleAsync(LedgerClient node, ByteString id, long at, Latencies latencies)
    {
        await FinalAsync(node, id);
        latencies.Add(Stopwatch.GetElapsedTime(at));
    }

    private static async Task FinalAsync(LedgerClient node, ByteString id) =>
        await node.Transactions.WaitFinalAsync(
            new WaitFinalRequest { TransactionId = id },
            deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(60));

    private async Task CountFinalAsync(CancellationToken cancellationToken)
    {
        try
        {
            using AsyncServerStreamingCall<WatchBlocksResponse> blocks = network.Nodes[0].Queries.WatchBlocks(
                new WatchBlocksRequest(), cancellationToken: cancellationToken);
            while (await blocks.ResponseStream.MoveNext(cancellationToken))
            {
                Interlocked.Add(ref _final, blocks.ResponseStream.Current.Block?.TransactionCount ?? 0);
            }
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                throw;
            }
        }
    }
}
