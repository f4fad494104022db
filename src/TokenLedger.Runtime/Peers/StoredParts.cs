// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Storage;
using Part = TokenLedger.Protocol.Sync.V1.StreamStoredBlockResponse.PartOneofCase;

namespace TokenLedger.Runtime.Peers;

/// <summary>A stored height in parts that fit a message, and back. What comes back is checked by who
/// asked.</summary>
internal sealed class StoredParts
{
    /// <summary>Bytes in a part.</summary>
    public const int PartBytes = 1024 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly MemoryStream[] _parts = [new(), new(), new(), new()];
    private long _bytes;

    /// <summary>Asks one peer after another: each attempt, from 0, the next.</summary>
    /// <returns>What it sent, unchecked; null when it has nothing, or does not answer.</returns>
    public static async Task<StoredBlock?> FetchAsync(
        PeerLink[] links,
        Height height,
        int attempt,
        TimeProvider time,
        ILogger log,
        CancellationToken cancellationToken)
    {
        if (links.Length == 0)
        {
            return null;
        }

        PeerLink link = links[attempt % links.Length];
        try
        {
            using AsyncServerStreamingCall<StreamStoredBlockResponse> call = link.Sync.StreamStoredBlock(
                new StreamStoredBlockRequest { Height = height.Value },
                deadline: time.GetUtcNow().UtcDateTime + Deadline,
                cancellationToken: cancellationToken);
            var parts = new StoredParts();
            while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                if (!parts.TryAdd(call.ResponseStream.Current))
                {
                    return null;
                }
            }

            return parts.Join();
        }
        catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
        {
            RuntimeLog.AskFailed(log, link.Name, e.Message);
            return null;
        }
    }

    /// <summary>The parts, each made when it is asked for.</summary>
    public static IEnumerable<StreamStoredBlockResponse> Split(StoredBlock stored) =>
        Cut(stored.Block).Select(static bytes => new StreamStoredBlockResponse { Block = bytes })
            .Concat(Cut(stored.Receipts)
                .Select(static bytes => new StreamStoredBlockResponse { Receipts = bytes }))
            .Concat(Cut(stored.Events)
                .Select(static bytes => new StreamStoredBlockResponse { Events = bytes }))
            .Concat(Cut(stored.Certificate)
                .Select(static bytes => new StreamStoredBlockResponse { Certificate = bytes }));

    /// <summary>Takes the next part.</summary>
    /// <returns>False when it is none, or more than a height can have.</returns>
    public bool TryAdd(StreamStoredBlockResponse response)
    {
        (int index, ByteString bytes) = response.PartCase switch
        {
            Part.Block => (0, response.Block),
            Part.Receipts => (1, response.Receipts),
            Part.Events => (2, response.Events),
            Part.Certificate => (3, response.Certificate),
            _ => (-1, ByteString.Empty),
        };
        _bytes += bytes.Length;
        if (index < 0 || _bytes > Limits.StoredBlockBytes)
        {
            return false;
        }

        _parts[index].Write(bytes.Span);
        return true;
    }

    /// <summary>What came; null when no header did.</summary>
    public StoredBlock? Join()
    {
        byte[][] parts = [.. _parts.Select(part => part.ToArray())];
        return parts[0].Length < BlockHeader.Size
            ? null
            : new StoredBlock(parts[0][..BlockHeader.Size], parts[0], parts[1], parts[2], parts[3]);
    }

    private static IEnumerable<ByteString> Cut(byte[] bytes) =>
        bytes.Chunk(PartBytes).Select(part => ByteString.CopyFrom(part));
}
