// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Runtime.Snapshots;
using TokenLedger.Storage;

namespace TokenLedger.Runtime.Peers;

/// <summary>Answers nodes that fetch a state.</summary>
public sealed partial class SyncEndpoint
{
    private const int HeadersPerMessage = 500;

    private readonly SnapshotShelf? _snapshots;
    private readonly HashSet<int> _streaming = [];

    /// <inheritdoc/>
    public override Task<ListSnapshotsResponse> ListSnapshots(
        ListSnapshotsRequest request, ServerCallContext context)
    {
        _peers.Identify(context);
        var response = new ListSnapshotsResponse();
        response.Heads.AddRange(_snapshots?.Heads.Select(head => ByteString.CopyFrom(head.Encode())) ?? []);
        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override async Task StreamStateChunks(
        StreamStateChunksRequest request,
        IServerStreamWriter<StreamStateChunksResponse> responseStream,
        ServerCallContext context)
    {
        int peer = _peers.Identify(context);
        if (request.BlockHash.Length != Hash256.Size || request.Start.Length != Hash256.Size)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "A hash is 32 bytes."));
        }

        using Turn turn = EnterStream(_streaming, peer, Limits.SnapshotStreams);
        var hash = new Hash256(request.BlockHash.Span);
        Hash256? next = new Hash256(request.Start.Span);
        int chunks = (int)Math.Min(request.MaxChunks, Limits.SnapshotStreamChunks);
        for (int i = 0; i < chunks && next is { } start; i++)
        {
            byte[]? chunk = _snapshots?.FindChunk(hash, start);
            if (chunk is null)
            {
                throw new RpcException(new Status(StatusCode.NotFound, "There is no such chunk here."));
            }

            next = SnapshotFile.RangeOf(chunk).Next;
            await responseStream.WriteAsync(
                new StreamStateChunksResponse { Chunk = UnsafeByteOperations.UnsafeWrap(chunk) },
                context.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override async Task StreamHeaders(
        StreamHeadersRequest request,
        IServerStreamWriter<StreamHeadersResponse> responseStream,
        ServerCallContext context)
    {
        using Turn turn = EnterStream(_streaming, _peers.Identify(context), Limits.SnapshotStreams);
        ulong next = Math.Min(request.FromHeight, _ledger.Head.Height.Next.Value);
        ulong end = next + Math.Min(request.MaxHeaders, (ulong)Limits.CheckpointHeaders);
        while (next < end)
        {
            StreamHeadersResponse response = Headers(_ledger, next, Math.Min(end - next, HeadersPerMessage));
            if (response.Headers.Count == 0)
            {
                return;
            }

            next += (ulong)response.Headers.Count;
            await responseStream.WriteAsync(response, context.CancellationToken).ConfigureAwait(false);
        }
    }

    private static StreamHeadersResponse Headers(LedgerStore ledger, ulong from, ulong count)
    {
        var response = new StreamHeadersResponse();
        var writer = new CanonicalWriter(BlockHeader.Size);
        for (ulong i = 0; i < count && ledger.FindHeader(new Height(from + i)) is { } header; i++)
        {
            writer.Clear();
            header.Write(writer);
            response.Headers.Add(ByteString.CopyFrom(writer.Written));
        }

        return response;
    }

    /// <summary>
    /// One of the few streams at once, and one a peer: the others have to ask somebody else, or later.
    /// </summary>
    private static Turn EnterStream(HashSet<int> streaming, int peer, int most)
    {
        lock (streaming)
        {
            if (streaming.Count >= most || !streaming.Add(peer))
            {
                throw new RpcException(new Status(
                    StatusCode.ResourceExhausted,
                    "Others are being served; ask another validator, or later."));
            }
        }

        return new Turn(streaming, peer);
    }

    private sealed class Turn(HashSet<int> streaming, int peer) : IDisposable
    {
        public void Dispose()
        {
            lock (streaming)
            {
                streaming.Remove(peer);
            }
        }
    }
}
