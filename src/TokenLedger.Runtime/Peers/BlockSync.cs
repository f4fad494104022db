// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.Extensions.Logging;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Runtime.Chain;

namespace TokenLedger.Runtime.Peers;

/// <summary>
/// Brings a node that is behind to the others' height: streams finalized blocks from one peer after another,
/// checks the links and every certificate itself, and has the chain's thread execute them and compare all
/// roots.
/// </summary>
/// <param name="validators">Whose certificates count.</param>
/// <param name="genesisHash">The network.</param>
/// <param name="scheme">Recovers their signers.</param>
/// <param name="feed">The head to go on from.</param>
/// <param name="chain">Executes the blocks.</param>
/// <param name="loud">Whether being behind is worth a log; for an observer it is the rule.</param>
/// <param name="time">Times out silent peers.</param>
/// <param name="log">Tells of what failed.</param>
internal sealed class BlockSync(
    ValidatorSet validators,
    Hash256 genesisHash,
    ISignatureScheme scheme,
    FinalityFeed feed,
    ChainWorker chain,
    bool loud,
    TimeProvider time,
    ILogger log)
{
    /// <summary>Blocks that an observer takes without a word: those since it last looked.</summary>
    private const int QuietBlocks = 64;

    private static readonly TimeSpan StreamDeadline = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Silence in a stream after which another peer is asked: a liar must not hold a node back for long.
    /// </summary>
    internal static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(5);

    /// <summary>Follows one peer until it has nothing more. Returns how many blocks were committed.</summary>
    public async Task<long> FollowAsync(PeerLink peer, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        Height first = feed.Head.Height;
        if (loud)
        {
            RuntimeLog.CatchingUp(log, first.Value, peer.Name);
        }

        try
        {
            FinalizedHead before;
            do
            {
                before = feed.Head;
                await StreamOnceAsync(peer, before, cancellationToken).ConfigureAwait(false);
            }
            while (feed.Head.Height > before.Height);
        }
        catch (Exception e) when (e is RpcException or CanonicalFormatException or SyncRefusedException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            RuntimeLog.SyncFailed(log, peer.Name, e.Message);
        }
#pragma warning disable CA1031 // What one peer sends must not stop a node that others could bring up to date.
        catch (Exception e) when (e is not (InvariantException or OperationCanceledException))
#pragma warning restore CA1031
        {
            RuntimeLog.SyncBroke(log, peer.Name, e);
        }

        long blocks = (long)(feed.Head.Height.Value - first.Value);
        if (blocks > (loud ? 0 : QuietBlocks))
        {
            RuntimeLog.CaughtUp(
                log, feed.Head.Height.Value, blocks, time.GetElapsedTime(started).TotalSeconds);
        }

        return blocks;
    }

    private async Task StreamOnceAsync(
        PeerLink peer, FinalizedHead head, CancellationToken cancellationToken)
    {
        using var idle = new CancellationTokenSource(IdleAfter, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
        using AsyncServerStreamingCall<StreamBlocksResponse> call = peer.Sync.StreamBlocks(
            new StreamBlocksRequest
            {
                FromHeight = head.Height.Next.Value,
                MaxBlocks = SyncEndpoint.MaxBlocks,
            },
            deadline: time.GetUtcNow().UtcDateTime + StreamDeadline,
            cancellationToken: ends.Token);
        var run = new BlockRun(validators, genesisHash, scheme, head.Hash);
        var ahead = new RunsAhead();
        try
        {
            while (await call.ResponseStream.MoveNext(ends.Token).ConfigureAwait(false))
            {
                idle.CancelAfter(Timeout.InfiniteTimeSpan);
                StreamBlocksResponse response = call.ResponseStream.Current;
                if (run.Add(response.Block.Span, response.Certificate.Span) is { } final)
                {
                    ahead.Add(ApplyAsync(final, cancellationToken), final.Bytes);
                }

                await ahead.RoomAsync().ConfigureAwait(false);
                idle.CancelAfter(IdleAfter);
            }

            await ahead.AllAsync().ConfigureAwait(false);
        }
        finally
        {
            // After the first that was refused none is a child of the head any more.
            await ahead.AllAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ApplyAsync(FinalRun run, CancellationToken cancellationToken)
    {
        var reply = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        chain.Post(new SyncedBlocks(run.Blocks, run.Certificate, reply));
        string? refused = await reply.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (refused is not null)
        {
            throw new SyncRefusedException(refused);
        }
    }
}
