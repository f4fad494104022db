// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Bridge;
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.State;
using TokenLedger.Crypto;
using TokenLedger.Execution;
using TokenLedger.Node.Bridging;
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
        return Task.FromResult(new GetLockResponse
        {
            AsOfHeight = lane.Height.Value,
            Lock = BridgeStateMapper.ToWire(request.Nonce, locked),
            Mint = Message(view, lane.Lane, locked.MintId),
            Void = Message(view, lane.Lane, locked.VoidId),
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
        if (host?.StatusOf(request.ChainId) is not { Final: not null } status)
        {
            throw RequestFields.NotFound(
                "BRIDGE_NOT_FOLLOWED",
                $"This node does not look at chain {request.ChainId}, or has not yet: ask a validator whose "
                + "node.json names its endpoints.");
        }

        var view = new LedgerView(lease.Snapshot.State);
        var response = new GetBackingResponse();
        response.Tokens.AddRange(status.Backing.Select(backing => Wire(view, backing)));
        return Task.FromResult(response);
    }

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

        wire.Node = host?.StatusOf(chainId) is { } status ? Wire(status) : null;
        return wire;
    }

    private static NodeView Wire(BridgeStatus status) => new()
    {
        Signer = ByteString.CopyFrom(status.Signer.ToArray()),
        Sender = ByteString.CopyFrom(status.Sender.ToArray()),
        FinalBlock = status.Final?.Number ?? 0,
        FinalHash = status.Final is { } head ? ByteString.CopyFrom(head.Hash.ToArray()) : ByteString.Empty,
        FinalTimeSeconds = status.Final?.TimeSeconds ?? 0,
        OpenSends = (uint)status.OpenSends,
        Halt = status.Halt,
        Note = status.Note,
    };

    private Message? Message(LedgerView view, BridgeLaneState lane, ulong id)
    {
        if (id == 0)
        {
            return null;
        }

        BridgeMessageState message = view.BridgeMessage(lane.Terms.ChainId, id)!;
        Hash256 digest = new BridgeMessages(genesisHash, lane.Terms).Digest(message, message.Epoch);
        var scheme = new Secp256k1Scheme();
        int right = message.Epoch != lane.Epoch ? 0 : message.Signatures.Count(signature =>
            signature.Signer < lane.Signers.Length
            && scheme.TryRecover(digest, signature.Bytes.AsSpan(), out Address signer)
            && signer == lane.Signers[signature.Signer].Key);
        return BridgeStateMapper.ToWire(id, message, right, lane.Quorum);
    }

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
