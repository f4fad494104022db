// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Wire;
using TokenLedger.Storage;
using Rejection = TokenLedger.Core.Rejection;
using Transfer = TokenLedger.Core.Ledger.Transfer;

namespace TokenLedger.Node.Services;

/// <summary>What exchanges ask before they pay, and when they close their books.</summary>
internal sealed partial class QueryServiceImpl
{
    public override Task<CanReceiveResponse> CanReceive(CanReceiveRequest request, ServerCallContext context)
    {
        Address account = RequestFields.Address(request.Account, "account");
        AssetId asset = RequestFields.Asset(request.Asset);
        if (!Amount.TryParse(request.Amount, out Amount amount))
        {
            throw RequestFields.Invalid(
                "amount is a whole number of atomic units, without sign or leading zero, of at most 128 "
                + "bits.");
        }

        using PinnedSnapshots.Lease lease = pins.Borrow(null);
        var view = new LedgerView(lease.Snapshot.State);
        Rejection? refusal = Receivable.Check(view, asset, account, amount, request.Tag)
            ?? (request.From.IsEmpty
                ? null
                : Try(lease.Snapshot, view, RequestFields.Address(request.From, "from"),
                    new Transfer(asset, account, amount, request.Tag)));
        return Task.FromResult(new CanReceiveResponse
        {
            AsOfHeight = lease.Snapshot.Head.Height.Value,
            CanReceive = refusal is null,
            Refusal = refusal is null ? null : StateMapper.ToWire(refusal),
        });
    }

    public override Task<GetBalanceResponse> GetBalance(GetBalanceRequest request, ServerCallContext context)
    {
        Address account = RequestFields.Address(request.Account, "account");
        AssetId id = RequestFields.Asset(request.Asset);
        return Task.FromResult(BalanceOf(account, id, request.HasAtHeight ? request.AtHeight : null));
    }

    private GetBalanceResponse BalanceOf(in Address account, in AssetId id, ulong? at)
    {
        using PinnedSnapshots.Lease lease = pins.Borrow(null);
        var view = new LedgerView(lease.Snapshot.State);
        RequireAccount(view, account);
        AssetState asset = RequireAsset(view, id);
        var response = new GetBalanceResponse
        {
            AsOfHeight = lease.Snapshot.Head.Height.Value,
            Amount = view.Balance(account, id).ToString(),
            Decimals = asset.Definition.Decimals,
        };
        if (at is { } height)
        {
            SetPast(response, lease.Snapshot, account, id, height);
        }

        return response;
    }

    private void SetPast(
        GetBalanceResponse response, LedgerSnapshot ledger, in Address account, in AssetId asset, ulong at)
    {
        ulong head = response.AsOfHeight;
        RequireKept(at, head);
        response.AsOfHeight = at;
        PastBalance past = PastBalance.At(
            ledger, runtime.Ledger.SnapshotHeight, account, asset, new Height(at));
        if (at < head)
        {
            response.Amount = past.Amount.ToString();
        }

        if (past.Change is { } change)
        {
            (response.ChangedHeight, response.ChangedIndex) = (change.Height.Value, change.EventIndex);
        }
    }

    private void RequireKept(ulong height, ulong head)
    {
        if (height > head)
        {
            throw ErrorModel.Failure(
                StatusCode.OutOfRange, "HEIGHT_UNKNOWN",
                $"Height {height} is not final here yet; the head is at height {head}.");
        }

        if (Pruned.Has(runtime.Ledger, new Height(height)))
        {
            throw Pruned.Failure(runtime.Ledger, StatusCode.OutOfRange, "HEIGHT_PRUNED");
        }
    }

    private Rejection? Try(LedgerSnapshot snapshot, LedgerView view, in Address sender, Transfer transfer)
    {
        ulong now = (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var time = new TimestampMs(Math.Max(now, snapshot.Head.Header.Timestamp.Value + 1));
        return runtime.Machine.Simulate(
            snapshot.State,
            new BlockContext(snapshot.Head.Height.Next, time),
            new Core.Ledger.Transaction(
                sender, 0, view.NextNonce(sender, 0), time.Plus(60_000), null, "", [transfer])).Rejection;
    }
}
