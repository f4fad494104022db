// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Node.Bridging;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Wire;
using TokenLedger.Runtime;
using TokenLedger.Runtime.Chain;
using TokenLedger.Storage;

namespace TokenLedger.Node.Services;

/// <summary>
/// Reads of the finalized ledger. This part: the network, the node, accounts and balances; the others are
/// beside it.
/// </summary>
internal sealed partial class QueryServiceImpl(
    ValidatorRuntime runtime, GenesisDocument genesis, string name, PinnedSnapshots pins, Heartbeats beats,
    BridgeHost? bridge)
    : QueryService.QueryServiceBase
{
    private static readonly string Version =
        typeof(QueryServiceImpl).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    private readonly ByteString _genesisBytes = Encode(genesis.Write);

    public override Task<GetNetworkResponse> GetNetwork(
        GetNetworkRequest request, ServerCallContext context) =>
        Task.FromResult(new GetNetworkResponse
        {
            NetworkName = genesis.NetworkName,
            ChainId = genesis.ChainId,
            GenesisHash = LedgerReads.Wire(runtime.Ledger.GenesisHash),
            AsOfHeight = runtime.Ledger.Head.Height.Value,
        });

    public override Task<GetNodeStatusResponse> GetNodeStatus(
        GetNodeStatusRequest request, ServerCallContext context)
    {
        NodeHealth health = runtime.Health();
        FinalizedHead head = health.Head;
        var response = new GetNodeStatusResponse
        {
            Name = name,
            Version = Version,
            Height = head.Height.Value,
            BlockHash = LedgerReads.Wire(head.Hash),
            StateRoot = LedgerReads.Wire(head.Header.StateRoot),
            BlockTimeMs = head.Header.Timestamp.Value,
            Epoch = head.Header.Epoch.Value,
            View = health.Consensus.View.Value,
            Leader = health.Validators[health.Consensus.Leader].Validator.Name,
            Finalizing = health.Finalizing,
            Diagnosis = health.Diagnosis,
            Quorum = (uint)genesis.ValidatorSet.Quorum,
            PoolTransactions = (uint)health.PoolTransactions,
            Quarantine = health.Quarantine,
            BridgeAlarm = bridge?.Alarm ?? "",
            OldestBlockHeight = runtime.Ledger.SnapshotHeight.Next.Value,
        };
        response.Validators.AddRange(health.Validators.Select(validator => new ValidatorStatus
        {
            Name = validator.Validator.Name,
            Address = ByteString.CopyFrom(validator.Validator.Address.ToArray()),
            Reachable = validator.Reachable,
            Height = validator.Height.Value,
            StateRoot = LedgerReads.Wire(validator.StateRoot),
        }));
        return Task.FromResult(response);
    }

    public override Task<GetAccountResponse> GetAccount(GetAccountRequest request, ServerCallContext context)
    {
        Address address = RequestFields.Address(request.Account, "account");
        using PinnedSnapshots.Lease lease = pins.Borrow(null);
        var view = new LedgerView(lease.Snapshot.State);
        AccountState account = RequireAccount(view, address);
        return Task.FromResult(new GetAccountResponse
        {
            AsOfHeight = lease.Snapshot.Head.Height.Value,
            Account = StateMapper.ToWire(address, account, view.Institution(account.Institution)?.Name ?? ""),
        });
    }

    public override async Task<GetNonceResponse> GetNonce(GetNonceRequest request, ServerCallContext context)
    {
        Address sender = RequestFields.Address(request.Sender, "sender");
        ulong finalized = new LedgerView(runtime.Ledger.State).NextNonce(sender, request.Lane);
        ulong next = await runtime.NextNonceAsync(sender, request.Lane, context.CancellationToken)
            .ConfigureAwait(false);
        return new GetNonceResponse
        {
            AsOfHeight = runtime.Ledger.Head.Height.Value,
            Finalized = finalized,
            Next = Math.Max(next, finalized),
        };
    }

    public override Task<ListHistoryResponse> ListHistory(
        ListHistoryRequest request, ServerCallContext context)
    {
        Address account = RequestFields.Address(request.Account, "account");
        HistoryRow? after = HistoryToken.Read(request.PageToken);
        RequireAccount(new LedgerView(runtime.Ledger.State), account);
        int size = RequestFields.PageSize(request.PageSize);

        // Newest first, and rows are only ever added before the first: pages need no pinned height to fit
        // together.
        ImmutableArray<HistoryRow> rows = runtime.Ledger.History(account, after, size + 1);
        var response = new ListHistoryResponse
        {
            AsOfHeight = runtime.Ledger.Head.Height.Value,
            OldestHeight = runtime.Ledger.SnapshotHeight.Value == 0
                ? 0
                : runtime.Ledger.SnapshotHeight.Next.Value,
        };
        BlockEvents? block = null;
        foreach (HistoryRow row in rows.Take(size))
        {
            // Rows of one block stand together.
            block = block?.Height == row.Height ? block : BlockEvents.At(runtime.Ledger, row.Height);
            response.Events.Add(block.ToWire(row.EventIndex));
        }

        if (rows.Length > size)
        {
            response.NextPageToken = HistoryToken.Write(rows[size - 1]);
        }

        return Task.FromResult(response);
    }

    private static AccountState RequireAccount(LedgerView view, in Address address) => view.Account(address)
        ?? throw RequestFields.NotFound(
            RejectionCodes.Name(RejectionCode.AccountUnknown),
            $"{address} is not in the register of accounts.");

    private static AssetState RequireAsset(LedgerView view, in AssetId id) => view.Asset(id)
        ?? throw RequestFields.NotFound(
            RejectionCodes.Name(RejectionCode.AssetUnknown), $"There is no asset {id}.");

    private static ByteString Encode(Action<CanonicalWriter> write)
    {
        var writer = new CanonicalWriter();
        write(writer);
        return ByteString.CopyFrom(writer.Written);
    }
}
