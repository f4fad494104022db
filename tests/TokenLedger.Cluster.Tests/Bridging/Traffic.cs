// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;
using LockForBridge = TokenLedger.Core.Bridge.LockForBridge;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>
/// Holders who each lock units for a wallet abroad, and wallets which burn what they have, one after another
/// until they are stopped. A holder whose node dies asks another one, with the same bytes.
/// </summary>
internal sealed class Traffic : IAsyncDisposable
{
    public const ulong LockUnits = 7;
    public const ulong BurnUnits = 3;

    private static readonly TimeSpan CallWithin = TimeSpan.FromSeconds(2);

    private readonly BridgeCluster _cluster;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ulong, Address> _locks = new();
    private readonly ConcurrentDictionary<ulong, Address> _burns = new();
    private readonly Task[] _people;

    /// <summary>Lets them begin.</summary>
    /// <param name="cluster">The network.</param>
    /// <param name="holders">Accounts here that sent nothing yet.</param>
    /// <param name="wallets">As many registered wallets abroad, which have units.</param>
    public Traffic(BridgeCluster cluster, PrivateKey[] holders, PrivateKey[] wallets)
    {
        _cluster = cluster;
        _people =
        [
            .. holders.Zip(wallets, (holder, wallet) => LockAsync(holder, wallet.Address)),
            .. wallets.Zip(holders, (wallet, holder) => BurnAsync(wallet, holder.Address)),
        ];
    }

    /// <summary>Who locked, by the lock's number.</summary>
    public IReadOnlyDictionary<ulong, Address> Locks => _locks;

    /// <summary>For whom was burned, by the burn's number.</summary>
    public IReadOnlyDictionary<ulong, Address> Burns => _burns;

    /// <summary>Waits until they have begun so many more in each direction.</summary>
    public async Task MoreAsync(int count)
    {
        (int locks, int burns) = (_locks.Count + count, _burns.Count + count);
        await Deadline.UntilAsync(
            $"{count} more transfers in each direction",
            BridgeCluster.Patience,
            () => Task.FromResult(
                (_locks.Count >= locks && _burns.Count >= burns) || _people.Any(static p => p.IsFaulted)),
            _cluster.Tell);
    }

    /// <summary>Stops them; what they began goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_people);
            _stop.Dispose();
        }
    }

    private async Task LockAsync(PrivateKey holder, Address wallet)
    {
        for (ulong nonce = 0; !_stop.IsCancellationRequested; nonce++)
        {
            SubmitTransactionRequest request = _cluster.Nodes.Client.Sign(
                holder, nonce,
                new LockForBridge(ForeignChain.Id, BridgeCluster.Asset, new Amount(LockUnits), wallet));

            // Until it is known: a lock that nobody wrote down would be missed at the end.
            TransactionStatus? status = null;
            for (int node = 0; status is null; node++)
            {
                status = await TryAsync(request, node % ProcessCluster.Size);
            }

            Assert.Equal(TransactionState.Succeeded, status.State);
            _locks[BridgeCluster.NonceIn(status)] = holder.Address;
            await PauseAsync();
        }
    }

    private async Task<TransactionStatus?> TryAsync(SubmitTransactionRequest request, int node)
    {
        try
        {
            DateTime deadline = Deadline.In(CallWithin);
            var transactions = _cluster.Nodes.Node(node).Transactions;
            SubmitTransactionResponse submitted =
                await transactions.SubmitTransactionAsync(request, deadline: deadline);
            WaitFinalResponse final = await transactions.WaitFinalAsync(
                new WaitFinalRequest { TransactionId = submitted.TransactionId }, deadline: deadline);
            return final.Status;
        }
        catch (RpcException e)
            when (e.StatusCode is not (StatusCode.InvalidArgument or StatusCode.Unauthenticated))
        {
            await Deadline.PauseAsync();
            return null;
        }
    }

    private async Task BurnAsync(PrivateKey wallet, Address account)
    {
        while (!_stop.IsCancellationRequested)
        {
            if (await _cluster.Chain.UnitsAsync(BridgeCluster.Asset, wallet.Address) >= BurnUnits)
            {
                _burns[await _cluster.BurnAsync(wallet, BurnUnits, account)] = account;
            }

            await PauseAsync();
        }
    }

    /// <summary>So that they leave the machine some time.</summary>
    private static async Task PauseAsync()
    {
        for (int i = 0; i < 10; i++)
        {
            await Deadline.PauseAsync();
        }
    }
}
