// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Snapshots;
using TokenLedger.Protocol.Sync.V1;

namespace TokenLedger.Runtime.Tests.Snapshots;

/// <summary>A validator that serves a snapshot as it is, or as a test makes it lie.</summary>
internal sealed class SnapshotPeerFake(SnapshotChain chain, SnapshotHead[] heads, StateChunk[] chunks)
    : SyncService.SyncServiceBase
{
    private int _sent;

    /// <summary>Changes each chunk in canonical form before it is sent; null sends nothing more.</summary>
    public Func<int, byte[], byte[]?> Lie { get; set; } = static (_, chunk) => chunk;

    /// <summary>Changes the headers of the chain.</summary>
    public Func<byte[], byte[]> LieAboutHeader { get; set; } = static header => header;

    /// <summary>Chunks after which every stream fails; unlimited when null.</summary>
    public int? FailsAfter { get; set; }

    public List<Hash256> Starts { get; } = [];

    public int Sent => _sent;

    public override Task<ListSnapshotsResponse> ListSnapshots(
        ListSnapshotsRequest request, ServerCallContext context)
    {
        var response = new ListSnapshotsResponse();
        response.Heads.AddRange(heads.Select(head => ByteString.CopyFrom(head.Encode())));
        return Task.FromResult(response);
    }

    public override async Task StreamStateChunks(
        StreamStateChunksRequest request,
        IServerStreamWriter<StreamStateChunksResponse> responseStream,
        ServerCallContext context)
    {
        var start = new Hash256(request.Start.Span);
        lock (Starts)
        {
            Starts.Add(start);
        }

        foreach (StateChunk chunk in chunks.Where(chunk => chunk.Range.Start >= start))
        {
            if (FailsAfter is { } most && _sent >= most)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "It went away."));
            }

            if (Lie(_sent, chunk.Encode()) is not { } said)
            {
                return;
            }

            _sent++;
            await responseStream.WriteAsync(
                new StreamStateChunksResponse { Chunk = ByteString.CopyFrom(said) });
        }
    }

    public override async Task StreamHeaders(
        StreamHeadersRequest request,
        IServerStreamWriter<StreamHeadersResponse> responseStream,
        ServerCallContext context)
    {
        var response = new StreamHeadersResponse();
        for (ulong i = 0; i < request.MaxHeaders; i++)
        {
            var writer = new CanonicalWriter();
            chain.Ledger.FindHeader(new Height(request.FromHeight + i))!.Write(writer);
            response.Headers.Add(ByteString.CopyFrom(LieAboutHeader(writer.ToArray())));
        }

        await responseStream.WriteAsync(response);
    }
}
