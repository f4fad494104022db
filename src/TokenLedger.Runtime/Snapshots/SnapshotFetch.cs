// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Snapshots;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Runtime.Peers;
using TokenLedger.Storage;

namespace TokenLedger.Runtime.Snapshots;

/// <summary>
/// Fetches one snapshot from those who have it, a stream of chunks from one after another. Who sends anything
/// that is not part of the state is not asked again; what he sent before was proved, and stays.
/// </summary>
internal sealed class SnapshotFetch(
    SnapshotInstall install, List<SnapshotPeer> peers, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan StreamDeadline = TimeSpan.FromSeconds(60);

    /// <summary>Whoever is busy with others has a moment.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);

    private int _turn;

    /// <summary>Fetches, checks and adopts the newest state that somebody really has.</summary>
    /// <returns>False when nobody serves any. What was fetched last waits for the next start.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        while (peers.Where(peer => peer.IsAsked).SelectMany(peer => peer.Offers)
            .MaxBy(offer => offer.Header.Height.Value) is { } newest)
        {
            using SnapshotStaging staging =
                install.Stage(held => peers.Exists(peer => peer.Has(held)), newest);
            if (await FetchAsync(staging, cancellationToken).ConfigureAwait(false))
            {
                install.Finish(staging);
                return true;
            }

            // Who offers what nobody serves must not keep the others' older ones from this node.
            SnapshotHead head = staging.Snapshot!;
            RuntimeLog.StateSyncGivenUp(log, head.Header.Height.Value);
            peers.ForEach(peer => peer.Offers.RemoveAll(offer => offer.Header.Hash == head.Header.Hash));
        }

        return false;
    }

    private async Task<bool> FetchAsync(SnapshotStaging staging, CancellationToken cancellationToken)
    {
        SnapshotHead head = staging.Snapshot!;
        RuntimeLog.StateSyncBegins(
            log, head.Header.Height.Value, staging.StateEntries().Count());
        if (!await LeadsToCheckpointAsync(head, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        while (staging.Next is not null)
        {
            if (NextPeer(head) is not { } peer)
            {
                return false;
            }

            await AskAsync(peer, token => StreamAsync(peer, staging, token), cancellationToken)
                .ConfigureAwait(false);
        }

        return true;
    }

    private SnapshotPeer? NextPeer(SnapshotHead head)
    {
        SnapshotPeer[] able = [.. peers.Where(peer => peer.Has(head))];
        return able.Length == 0 ? null : able[_turn++ % able.Length];
    }

    /// <summary>One stream from one peer. Whatever it does costs no more than its time.</summary>
    private async Task AskAsync(
        SnapshotPeer peer, Func<CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        try
        {
            await ask(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is CanonicalFormatException or SyncRefusedException)
        {
            install.Refused(peer, e.Message);
        }
        catch (Exception e) when (e is RpcException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            peer.Failed();
            RuntimeLog.StateSyncRefused(log, peer.Name, e.Message);
            await Task.Delay(RetryAfter, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task StreamAsync(
        SnapshotPeer peer, SnapshotStaging staging, CancellationToken cancellationToken)
    {
        using var idle = new CancellationTokenSource(BlockSync.IdleAfter, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
        using AsyncServerStreamingCall<StreamStateChunksResponse> call = peer.Client.StreamStateChunks(
            new StreamStateChunksRequest
            {
                BlockHash = ByteString.CopyFrom(staging.Head.Hash.ToArray()),
                Start = ByteString.CopyFrom(staging.Next!.Value.ToArray()),
                MaxChunks = Limits.SnapshotStreamChunks,
            },
            deadline: time.GetUtcNow().UtcDateTime + StreamDeadline,
            cancellationToken: ends.Token);
        bool any = false;
        while (staging.Next is not null
            && await call.ResponseStream.MoveNext(ends.Token).ConfigureAwait(false))
        {
            idle.CancelAfter(Timeout.InfiniteTimeSpan);
            if (staging.TryAdd(StateChunk.Decode(call.ResponseStream.Current.Chunk.Span)) is { } problem)
            {
                throw new SyncRefusedException(problem);
            }

            any = true;
            peer.Succeeded();
            idle.CancelAfter(BlockSync.IdleAfter);
        }

        if (!any)
        {
            throw new SyncRefusedException("it offers a snapshot and sends nothing of it");
        }
    }

    /// <summary>
    /// Fetches the headers from the pinned checkpoint to the snapshot: each names its parent, so the last one
    /// stands on the first.
    /// </summary>
    private async Task<bool> LeadsToCheckpointAsync(
        SnapshotHead head, CancellationToken cancellationToken)
    {
        if (install.Checkpoint is not { } pinned || pinned.Height == head.Header.Height)
        {
            return true;
        }

        bool leads = false;
        ulong between = head.Header.Height.Value - pinned.Height.Value;
        while (!leads && between < Limits.CheckpointHeaders && NextPeer(head) is { } peer)
        {
            await AskAsync(
                peer,
                async token => leads =
                    await HeadersLeadAsync(peer, pinned, head, token).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
        }

        return leads;
    }

    private async Task<bool> HeadersLeadAsync(
        SnapshotPeer peer, Checkpoint pinned, SnapshotHead head, CancellationToken cancellationToken)
    {
        ulong count = head.Header.Height.Value - pinned.Height.Value + 1;
        using AsyncServerStreamingCall<StreamHeadersResponse> call = peer.Client.StreamHeaders(
            new StreamHeadersRequest { FromHeight = pinned.Height.Value, MaxHeaders = (uint)count },
            deadline: time.GetUtcNow().UtcDateTime + StreamDeadline,
            cancellationToken: cancellationToken);
        Hash256? last = null;
        ulong taken = 0;
        while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            foreach (ByteString bytes in call.ResponseStream.Current.Headers)
            {
                var reader = new CanonicalReader(bytes.Span);
                var header = BlockHeader.Read(ref reader);
                reader.End();
                bool follows = last is null ? header.Hash == pinned.Hash : header.ParentHash == last;
                if (!follows || ++taken > count)
                {
                    throw new SyncRefusedException("its headers do not lead from the pinned checkpoint");
                }

                last = header.Hash;
            }
        }

        if (taken == 0)
        {
            // It began with a later snapshot itself.
            peer.Failed();
            return false;
        }

        return last == head.Header.Hash
            ? true
            : throw new SyncRefusedException("its headers do not lead to the snapshot");
    }
}
