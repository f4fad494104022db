// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Maintenance;
using TokenLedger.Node.Bridging;
using TokenLedger.Node.Configuration;
using TokenLedger.Node.Operations;
using TokenLedger.Protocol.Admin.V1;
using TokenLedger.Runtime;
using TokenLedger.Storage;

namespace TokenLedger.Node.Administration;

/// <summary>What the node's operator may ask of it, over the socket of <see cref="AdminListener"/>.</summary>
internal sealed class AdminServiceImpl(
    ValidatorRuntime runtime, NodeOptions options, LedgerScrubber scrubber, BridgeHost? bridge,
    CancellationToken stopping)
    : AdminService.AdminServiceBase
{
    /// <summary>Checkpoints held at once: each keeps old tables from being deleted.</summary>
    private const int MaxCheckpoints = 4;

    private int _checkpoints;

    public override Task<GetNodeStateResponse> GetNodeState(
        GetNodeStateRequest request, ServerCallContext context)
    {
        NodeHealth now = runtime.Health();
        DiskRoom disk = DiskRoom.Of(options.DataDirectory);
        return Task.FromResult(new GetNodeStateResponse
        {
            Name = options.Name,
            GenesisHash = ByteString.CopyFrom(runtime.Ledger.GenesisHash.ToArray()),
            Validator = options.VoteKey is not null,
            Height = now.Head.Height.Value,
            BlockHash = ByteString.CopyFrom(now.Head.Hash.ToArray()),
            Finalizing = now.Finalizing,
            Diagnosis = now.Diagnosis,
            DataDirectory = options.DataDirectory,
            DiskFreeBytes = (ulong)disk.Free,
            DiskTotalBytes = (ulong)disk.Total,
            Refusal = runtime.Refusal?.Detail ?? "",
        });
    }

    public override Task<ScrubResponse> Scrub(ScrubRequest request, ServerCallContext context)
    {
        if (request.Now)
        {
            scrubber.Hurry();
        }

        ScrubStatus now = scrubber.Status;
        return Task.FromResult(new ScrubResponse
        {
            Passes = now.Passes,
            FinishedMs = now.Finished is { } finished ? (ulong)finished.ToUnixTimeMilliseconds() : 0,
            InPass = now.InPass,
            FromHeight = now.Height,
            BlocksLeft = now.Left,
            StateEntries = now.StateEntries,
            BlocksDamaged = now.Found,
            BlocksRepaired = now.Repaired,
            PeriodHours = (ulong)options.ScrubPeriod.TotalHours,
        });
    }

    public override async Task<ResetBridgeResponse> ResetBridge(
        ResetBridgeRequest request, ServerCallContext context)
    {
        LaneRunner[] lanes =
        [
            .. (bridge?.Lanes ?? []).Where(lane => request.ChainId == 0 || lane.ChainId == request.ChainId),
        ];
        if (lanes.Length != 1)
        {
            throw new RpcException(new Status(
                StatusCode.NotFound,
                request.ChainId != 0 ? $"This node does not look at chain {request.ChainId}."
                    : lanes.Length == 0 ? "This node takes no part in a bridge."
                    : "This node looks at several chains: say which."));
        }

        await lanes[0].ResetAsync(context.CancellationToken).ConfigureAwait(false);
        return new ResetBridgeResponse();
    }

    public override async Task HoldCheckpoint(
        HoldCheckpointRequest request,
        IServerStreamWriter<HoldCheckpointResponse> responseStream,
        ServerCallContext context)
    {
        if (Interlocked.Increment(ref _checkpoints) > MaxCheckpoints)
        {
            Interlocked.Decrement(ref _checkpoints);
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"{MaxCheckpoints} checkpoints are held already."));
        }

        try
        {
            using var ends =
                CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
            using var place = CheckpointFolder.Create(options.DataDirectory);
            runtime.Ledger.Checkpoint(place.Path);
            await responseStream.WriteAsync(
                new HoldCheckpointResponse { Path = place.Path }, ends.Token).ConfigureAwait(false);
            var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using CancellationTokenRegistration left = ends.Token.Register(gone.SetResult);
            await gone.Task.ConfigureAwait(false);
        }
        catch (StorageFault e) when (e.Scope == StorageScope.Request)
        {
            throw new RpcException(new Status(StatusCode.Internal, e.Message));
        }
        finally
        {
            Interlocked.Decrement(ref _checkpoints);
        }
    }
}
