// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Wire;
using TokenLedger.Testing.Devnet;
using Transfer = TokenLedger.Core.Ledger.Transfer;

namespace TokenLedger.Chaos;

/// <summary>One payment that became final.</summary>
/// <param name="Told">What the client was told.</param>
/// <param name="At">When, as a timestamp of <see cref="Stopwatch"/>.</param>
/// <param name="Latency">Since it was due: what waits behind a stall counts too.</param>
internal sealed record Settled(Acknowledgement Told, long At, TimeSpan Latency);

/// <summary>
/// Clients that pay each other single signed transfers at a fixed rate, whatever becomes of the network. Each
/// has one payment under way; one whose node does not answer asks another, with the same bytes.
/// </summary>
internal sealed class OfferedLoad : IAsyncDisposable
{
    /// <summary>What the clients own and pay with.</summary>
    public const string Asset = "HYDRO-REVENUE";

    /// <summary>Longer than any clock here is wrong: a fast one must not find them expired.</summary>
    private static readonly TimeSpan ValidFor = TimeSpan.FromHours(12);

    private static readonly TimeSpan TryWithin = TimeSpan.FromSeconds(2);

    private readonly ChaosCluster _cluster;
    private readonly PrivateKey[] _keys;
    private readonly ulong[] _nonces;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Settled> _settled = new();
    private volatile bool _ending;
    private Task[] _clients = [];

    private OfferedLoad(ChaosCluster cluster, PrivateKey[] keys)
    {
        _cluster = cluster;
        _keys = keys;
        _nonces = new ulong[keys.Length];
    }

    /// <summary>The clients' accounts.</summary>
    public IEnumerable<Address> Accounts => _keys.Select(static key => key.Address);

    /// <summary>What became final and was not taken yet, oldest first.</summary>
    public ConcurrentQueue<Settled> Settled => _settled;

    /// <summary>Registers and funds the clients. The network must be whole.</summary>
    public static async Task<OfferedLoad> PrepareAsync(ChaosCluster cluster, int clients) =>
        new(cluster, await Setup.SendersAsync(cluster.Client, clients, AssetId.Parse(Asset)));

    /// <summary>Lets the clients pay, all together so often, at nodes drawn from some.</summary>
    public void Start(double perSecond, IReadOnlyList<int> nodes)
    {
        long started = Stopwatch.GetTimestamp();
        _ending = false;
        _clients = [.. Enumerable.Range(0, _keys.Length).Select(
            index => PayAsync(index, started, perSecond / _keys.Length, nodes))];
    }

    /// <summary>Throws what a client failed with, if one did: clients only ever stop when told.</summary>
    public async Task RequirePayingAsync()
    {
        foreach (Task client in _clients.Where(static client => client.IsFaulted))
        {
            await client;
        }
    }

    /// <summary>Ends the clients once what they have under way is final. They can be started again.</summary>
    public Task StopAsync()
    {
        _ending = true;
        return Task.WhenAll(_clients);
    }

    /// <summary>Ends the clients. What waits is not acknowledged, though it may become final.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            // What a client failed with was thrown to whoever looked at it or stopped it.
            await _stop.CancelAsync();
            await Task.WhenAll(_clients).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Array.ForEach(_keys, static key => key.Dispose());
            _stop.Dispose();
        }
    }

    private async Task PayAsync(int index, long started, double perSecond, IReadOnlyList<int> nodes)
    {
        Address to = _keys[(index + 1) % _keys.Length].Address;
        int node = index;
        double phase = (double)index / _keys.Length;
        try
        {
            for (long sent = 0; !_ending; sent++)
            {
                TimeSpan due = TimeSpan.FromSeconds((sent + phase) / perSecond);
                TimeSpan wait = due - Stopwatch.GetElapsedTime(started);
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, _stop.Token);
                }

                if (_ending)
                {
                    return;
                }

                SubmitTransactionRequest request = Sign(_keys[index], _nonces[index], to);
                Acknowledgement? told;
                while ((told = await TryAsync(request, nodes[node % nodes.Count])) is null)
                {
                    node++;
                }

                _nonces[index]++;
                long now = Stopwatch.GetTimestamp();
                _settled.Enqueue(new Settled(told, now, Stopwatch.GetElapsedTime(started, now) - due));
            }
        }
        catch (OperationCanceledException)
        {
            // The load ends.
        }
    }

    private SubmitTransactionRequest Sign(PrivateKey key, ulong nonce, Address to) =>
        _cluster.Client.Sign(key, TransactionMapper.Encode(
            DevnetClient.Draft(key, nonce, new Transfer(AssetId.Parse(Asset), to, new Amount(1))) with
            {
                ValidUntil = new TimestampMs(DevnetClient.NowMs() + (ulong)ValidFor.TotalMilliseconds),
            }));

    /// <summary>One try at one node.</summary>
    /// <returns>Null when it did not become final there in time.</returns>
    private async Task<Acknowledgement?> TryAsync(SubmitTransactionRequest request, int node)
    {
        _stop.Token.ThrowIfCancellationRequested();
        try
        {
            DateTime deadline = Deadline.In(TryWithin);
            SubmitTransactionResponse submitted =
                await _cluster.Node(node).Transactions.SubmitTransactionAsync(
                    request, deadline: deadline, cancellationToken: _stop.Token);
            TransactionStatus final = (await _cluster.Node(node).Transactions.WaitFinalAsync(
                new WaitFinalRequest { TransactionId = submitted.TransactionId },
                deadline: deadline,
                cancellationToken: _stop.Token)).Status;
            return final.State == TransactionState.Succeeded
                ? new Acknowledgement(submitted.TransactionId, final.Height, final.Index)
                : throw new ViolationException(
                    "valid transfers succeed",
                    $"{final.State}: {final.Refusal?.Code} {final.Refusal?.Detail}");
        }
        catch (RpcException e)
            when (e.StatusCode is not (StatusCode.InvalidArgument or StatusCode.Unauthenticated))
        {
            // The node is down, or behind and does not know the nonces before this one: another may.
            await Task.Delay(20, _stop.Token);
            return null;
        }
    }
}
