// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Bridge;
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Node.Bridging;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Protocol.Wire;
using TokenLedger.Storage;
using Backing = TokenLedger.Bridge.Backing;
using WireBacking = TokenLedger.Protocol.Bridge.V1.Backing;

namespace TokenLedger.Node.Services;

/// <summary>Reads of the bridge.</summary>
/// <param name="pins">States to read from.</param>
/// <param name="host">This node's part in the bridge; null when it has none.</param>
/// <param name="genesisHash">The network.</param>
internal sealed class BridgeServiceImpl(PinnedSnapshots pins, BridgeHost? host, Hash256 genesisHash)
    : BridgeService.BridgeServiceBase
{
    private readonly StopSearch _stops = new();

    public override Task<ListLanesResponse> ListLanes(ListLanesRequest request, ServerCallContext context)
    {
        using PinnedSnapshots.Lease lease = pins.Borrow(null);
        LedgerSnapshot snapshot = lease.Snapshot;
        var response = new ListLanesResponse { AsOfHeight = snapshot.Head.Height.Value };
        byte[] from = [(byte)Table.BridgeLane];
        byte[] to = [(byte)Table.BridgeLane + 1];
        foreach (StateEntry entry in snapshot.State.Range(from, to, Limits.BridgeLanes))
        {
            response.Lanes.Add(Lane(snapshot, BinaryPrimitives.ReadUInt64BigEndian(entry.Key.Span[1..])));
        }

        return Task.FromResult(response);
    }

    public override Task<ListLocksResponse> ListLocks(ListLocksRequest request, ServerCallContext context)
    {
        using PinnedSnapshots.Lease lease = pins.Borrow(null);
        LaneView lane = RequireLane(lease.Snapshot, request.ChainId);
        var view = new LedgerView(lease.Snapshot.State);
        var response = new ListLocksResponse { AsOfHeight = lane.Height.Value };
        int size = RequestFields.PageSize(request.Limit);
        ulong before = request.Before == 0 ? lane.Lane.NextLock : request.Before;
        IEnumerable<ulong> nonces = request.OpenOnly
            ? lane.Outstanding.Keys.Reverse().Where(nonce => nonce < before)
            : Down(Math.Min(before, lane.Lane.NextLock));
        foreach (ulong nonce in nonces.Take(size + 1))
        {
            if (response.Locks.Count == size)
            {
                response.NextBefore = nonce + 1;
                break;
            }

            response.Locks.Add(BridgeStateMapper.ToWire(nonce, view.BridgeLock(request.ChainId, nonce)!));
        }

        return Task.FromResult(response);
    }

    public override Task<ListBurnsResponse> ListBurns(ListBurnsRequest request, ServerCallContext context)
    {
        using PinnedSnapshots.Lease lease = pins.Borrow(null);
        LaneView lane = RequireLane(lease.Snapshot, request.ChainId);
        var response = new ListBurnsResponse { AsOfHeight = lane.Height.Value };
        int size = RequestFields.PageSize(request.Limit);
        ulong before = request.Before == 0 ? lane.Lane.NextBurn : request.Before;
        IEnumerable<ulong> nonces = request.SuspendedOnly
            ? lane.Suspended.Keys.Reverse().Where(nonce => nonce < before)
            : Down(Math.Min(before, lane.Lane.NextBurn));
        foreach (ulong nonce in nonces.Take(size + 1))
        {
            if (response.Burns.Count == size)
            {
                response.NextBefore = nonce + 1;
                break;
            }

            response.Burns.Add(BridgeStateMapper.ToWire(lane.Burn(nonce)!));
        }

        return Task.FromResult(response);
    }

    public override Task<GetLockResponse> GetLock(GetLockRequest request, ServerCallContext context)
    {
        using PinnedSnapshots.Lease lease = pins.Borrow(null);
        LaneView lane = RequireLane(lease.Snapshot, request.ChainId);
        var view = new LedgerView(lease.Snapshot.State);
        BridgeLockState locked = view.BridgeLock(request.ChainId, request.Nonce) ?? throw NotFound(
            RejectionCode.BridgeLockUnknown, $"Lane {request.ChainId} has no lock {request.Nonce}.");
        BridgeViews views = Views(lease.Snapshot, lane);
        return Task.FromResult(new GetLockResponse
        {
            AsOfHeight = lane.Height.Value,
            Lock = BridgeStateMapper.ToWire(request.Nonce, locked),
            Mint = views.Message(locked.MintId),
            Void = views.Message(locked.VoidId),
            Refusal = lane.Outstanding.ContainsKey(request.Nonce) ? views.Refusal(request.Nonce) : null,
        });
    }

    public override Task<GetBurnResponse> GetBurn(GetBurnRequest request, ServerCallContext context)
    {
        using PinnedSnapshots.Lease lease = pins.Borrow(null);
        LaneView lane = RequireLane(lease.Snapshot, request.ChainId);
        BridgeBurnState burn = lane.Burn(request.Nonce) ?? throw NotFound(
            RejectionCode.BridgeBurnUnknown, $"Lane {request.ChainId} knows of no burn {request.Nonce}.");
        return Task.FromResult(new GetBurnResponse
        {
            AsOfHeight = lane.Height.Value,
            Burn = BridgeStateMapper.ToWire(burn),
        });
    }

    public override Task<GetBackingResponse> GetBacking(GetBackingRequest request, ServerCallContext context)
    {
        using PinnedSnapshots.Lease lease = pins.Borrow(null);
        RequireLane(lease.Snapshot, request.ChainId);
        (LaneRunner runner, _) = RequireFollowed(request.ChainId);
        var view = new LedgerView(lease.Snapshot.State);
        var response = new GetBackingResponse();
        response.Tokens.AddRange(runner.Backing.Select(backing => Wire(view, backing)));
        return Task.FromResult(response);
    }

    public override async Task<GetLimitsAbroadResponse> GetLimitsAbroad(
        GetLimitsAbroadRequest request, ServerCallContext context)
    {
        using PinnedSnapshots.Lease lease = pins.Borrow(null);
        LaneView lane = RequireLane(lease.Snapshot, request.ChainId);
        (LaneRunner runner, BridgeStatus status) = RequireFollowed(request.ChainId);
        try
        {
            LimitsAbroad limits = await runner.Limits.ReadAsync(
                lane.Lane.Terms.Contract, status.Final!,
                [.. lane.Tokens.Values.Select(static token => token.Token)], context.CancellationToken)
                .ConfigureAwait(false);
            return Views(lease.Snapshot, lane).Wire(limits);
        }
        catch (RemoteFaultException e)
        {
            throw ErrorModel.Failure(StatusCode.Unavailable, "BRIDGE_CHAIN_UNREADABLE", e.Message);
        }
    }

    /// <summary>A lane whose chain this node has read.</summary>
    private (LaneRunner Runner, BridgeStatus Status) RequireFollowed(ulong chainId) =>
        host?.Find(chainId) is { } runner && runner.Status is { Final: not null } status
            ? (runner, status)
            : throw RequestFields.NotFound(
                "BRIDGE_NOT_FOLLOWED",
                $"This node does not look at chain {chainId}, or has not yet: ask a validator whose "
                + "node.json names its endpoints.");

    private static WireBacking Wire(LedgerView view, Backing backing) => new()
    {
        Asset = backing.Asset.ToString(),
        Token = ByteString.CopyFrom(backing.Token.ToArray()),
        Decimals = view.Asset(backing.Asset)!.Definition.Decimals,
        Height = backing.Height.Value,
        BlockNumber = backing.Block.Number,
        BlockHash = ByteString.CopyFrom(backing.Block.Hash.ToArray()),
        Locked = backing.Locked.ToString(),
        Supply = backing.Supply.ToString(),
        MintsInFlight = backing.MintsInFlight.ToString(),
        VoidsUnrefunded = backing.VoidsUnrefunded.ToString(),
        BurnsUnreleased = backing.BurnsUnreleased.ToString(),
        Verdict = (Verdict)backing.Verdict,
        Note = backing.Note,
    };

    private Lane Lane(LedgerSnapshot snapshot, ulong chainId)
    {
        LaneView lane = RequireLane(snapshot, chainId);
        var view = new LedgerView(snapshot.State);
        Lane wire = BridgeStateMapper.ToWire(lane.Lane);
        wire.OpenLocks = (uint)lane.Outstanding.Count;
        wire.SuspendedBurns = (uint)lane.Suspended.Count;
        foreach ((AssetId asset, BridgeTokenState token) in lane.Tokens)
        {
            wire.Tokens.Add(BridgeStateMapper.ToWire(
                asset, token, view.Asset(asset)!.Definition.Decimals,
                BridgeBuckets.AvailableAt(token.Outbound, token.Quota.Outbound, lane.Time),
                BridgeBuckets.AvailableAt(token.Inbound, token.Quota.Inbound, lane.Time)));
        }

        wire.Node = host?.Find(chainId) is { } runner ? Wire(runner.Status, runner.Stall) : null;
        BridgeViews views = Views(snapshot, lane);
        wire.Signers.AddRange(views.Signers());
        wire.Alarms.AddRange(views.Alarms());
        wire.OpenRotation = views.Rotation();
        (ImmutableArray<StopFound> found, Height from) = _stops.Find(snapshot, lane.Lane);
        wire.Standing.AddRange(views.Standing(found));
        wire.SearchedFromHeight = from.Value;
        return wire;
    }

    private NodeView Wire(BridgeStatus status, string stall) => new()
    {
        Signer = ByteString.CopyFrom(status.Signer.ToArray()),
        Sender = ByteString.CopyFrom(status.Sender.ToArray()),
        FinalBlock = status.Final?.Number ?? 0,
        FinalHash = status.Final is { } head ? ByteString.CopyFrom(head.Hash.ToArray()) : ByteString.Empty,
        FinalTimeSeconds = status.Final?.TimeSeconds ?? 0,
        OpenSends = (uint)status.OpenSends,
        Halt = status.Halt,
        Note = status.Note.Length > 0 ? status.Note : status.SendNote,
        Stall = stall,
        WatchingSinceMs = status.Halt.Length == 0 ? host!.Signers.Since.Value : 0,
    };

    private BridgeViews Views(LedgerSnapshot snapshot, LaneView lane) =>
        new(snapshot, lane, host, genesisHash);

    private static LaneView RequireLane(LedgerSnapshot snapshot, ulong chainId) =>
        LaneView.Read(snapshot.State, snapshot.Head.Height, snapshot.Head.Header.Timestamp, chainId)
        ?? throw NotFound(RejectionCode.BridgeLaneUnknown, $"There is no lane to chain {chainId}.");

    private static RpcException NotFound(RejectionCode code, string detail) =>
        RequestFields.NotFound(RejectionCodes.Name(code), detail);

    private static IEnumerable<ulong> Down(ulong end)
    {
        for (ulong nonce = end; nonce-- > 1;)
        {
            yield return nonce;
        }
    }
}
