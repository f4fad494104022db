// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Node.Services;
using TokenLedger.Protocol.Admin.V1;
using TokenLedger.Runtime;

namespace TokenLedger.Node.Administration;

/// <summary>Snapshots that the node's operator asks for, over the socket of
/// <see cref="AdminListener"/>.</summary>
internal sealed class SnapshotServiceImpl(ValidatorRuntime runtime) : SnapshotService.SnapshotServiceBase
{
    public override async Task<WriteSnapshotResponse> WriteSnapshot(
        WriteSnapshotRequest request, ServerCallContext context)
    {
        try
        {
            (string path, BlockHeader header) = await runtime.TakeSnapshotAsync(context.CancellationToken)
                .ConfigureAwait(false);
            return new WriteSnapshotResponse
            {
                Path = path,
                Height = header.Height.Value,
                BlockHash = LedgerReads.Wire(header.Hash),
                StateRoot = LedgerReads.Wire(header.StateRoot),
                Bytes = (ulong)new FileInfo(path).Length,
            };
        }
        catch (IOException e)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, e.Message));
        }
    }
}
