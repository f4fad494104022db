// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;
using Transfer = TokenLedger.Core.Ledger.Transfer;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// Clients that each pay the next one, one transaction after another, and note what the network acknowledged
/// as final. A client whose node dies asks another one, with the same bytes.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    /// <summary>What the clients own and pay with.</summary>
    public static AssetId Asset { get; } = AssetId.Parse("HYDRO-REVENUE");

    private static readonly TimeSpan CallWithin = TimeSpan.FromSeconds(2);

    private readonly ProcessCluster _cluster;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ByteString, TransactionStatus> _final = new();
    private readonly Task[] _clients;

    private Load(ProcessCluster cluster, PrivateKey[] keys)
    {
        _cluster = cluster;
        _clients = [.. keys.Select((key, i) => PayAsync(key, keys[(i + 1) % keys.Length].Address, i))];
    }

    /// <summary>What was acknowledged as final, by transaction id.</summary>
    public IReadOnlyDictionary<ByteString, TransactionStatus> Final => _final;

    /// <summary>Funds as many accounts as there are clients and lets them pay.</summary>
    public static async Task<(Load Load, PrivateKey[] Keys)> StartAsync(ProcessCluster cluster, int clients)
    {
        PrivateKey[] keys = await FundedAsync(cluster, clients);
        return (new Load(cluster, keys), keys);
    }

    /// <summary>New registered accounts with units of <see cref="Asset"/>.</summary>
    public static Task<PrivateKey[]> FundedAsync(ProcessCluster cluster, int count) =>
        Setup.FundAsync(
            cluster.Client, [.. Enumerable.Range(0, count).Select(static _ => PrivateKey.Generate())], Asset);

    /// <summary>Ends the clients; what they wait for stays unacknowledged.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_clients);
            _stop.Dispose();
        }
    }

    private async Task PayAsync(PrivateKey key, Address to, int node)
    {
        for (ulong nonce = 0; ; nonce++)
        {
            SubmitTransactionRequest request = _cluster.Client.Sign(
                key, nonce, new Transfer(Asset, to, new Amount(1)));
            while (!await TryAsync(request, node++ % ProcessCluster.Size))
            {
                if (_stop.IsCancellationRequested)
                {
                    return;
                }
            }
        }
    }

    private async Task<bool> TryAsync(SubmitTransactionRequest request, int node)
    {
        try
        {
            DateTime deadline = Deadline.In(CallWithin);
            SubmitTransactionResponse submitted =
                await _cluster.Node(node).Transactions.SubmitTransactionAsync(
                    request, deadline: deadline, cancellationToken: _stop.Token);
            WaitFinalResponse final = await _cluster.Node(node).Transactions.WaitFinalAsync(
                new WaitFinalRequest { TransactionId = submitted.TransactionId },
                deadline: deadline,
                cancellationToken: _stop.Token);
            _final[submitted.TransactionId] = final.Status;
            return true;
        }
        catch (RpcException e)
            when (e.StatusCode is not (StatusCode.InvalidArgument or StatusCode.Unauthenticated))
        {
            // The node is down, or behind and does not know the nonces before this one: another may.
            await Deadline.PauseAsync();
            return false;
        }
    }
}
