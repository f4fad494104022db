// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Explorer.Index;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Explorer.Following;

/// <summary>
/// Follows the ledger from one node at a time: verifies every block and hands it to the projector. It resumes
/// after the index's cursor. After a lost or lying node the next one is asked, at once, and after a pause
/// when all have been; an index that cannot be reached is asked again after a pause. What only a person can
/// put right ends <see cref="RunAsync"/>: a broken index, or a block that does not follow from it.
/// </summary>
/// <param name="sources">The nodes, at least one, in the order in which they are asked.</param>
/// <param name="projector">Takes blocks.</param>
/// <param name="genesisHash">The network.</param>
/// <param name="scheme">Verifies signatures.</param>
/// <param name="state">What is known, for others.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class LedgerFollower(
    IReadOnlyList<IBlockSource> sources, Projector projector, Hash256 genesisHash, ISignatureScheme scheme,
    FollowerState state, TimeProvider time, ILogger log)
{
    /// <summary>The pause after the first failure; it doubles up to <see cref="LongestPause"/>.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>How long a node may say nothing, or claim blocks and send none, or see none become final
    /// while there are others to ask: seven heartbeats.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(35);

    private int _at;

    /// <summary>The pause after another failure.</summary>
    public static TimeSpan Longer(TimeSpan pause) =>
        TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks));

    /// <summary>Follows until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TimeSpan pause = FirstPause;
        int failed = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            IndexCursor? before = state.Current.Cursor;
            FollowFailure failure;
            string? index = null;
            try
            {
                before = await projector.CursorAsync(cancellationToken).ConfigureAwait(false);
                failure = await FollowAsync(before, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (IndexUnavailableException e) when (e.Code == IndexUnavailableException.Switched)
            {
                // As it was meant: nothing is away, and the other generation's cursor is where to go on.
                Log.Switched(log, e.Message);
                continue;
            }
            catch (IndexUnavailableException e)
            {
                failure = Failure(e.Code, e.Message);
                index = e.Message;
            }
            catch (RpcException e)
            {
                failure = Failure(ErrorModel.Read(e)?.Reason ?? "NODE_UNREACHABLE", e.Status.Detail);
            }
            catch (OperationCanceledException)
            {
                failure = Failure(
                    "NODE_SILENT",
                    $"The node sent nothing for {Silence.TotalSeconds} seconds, or not the blocks that it"
                        + " claims to have.");
            }

            Lose(failure, index);
            if (state.Current.Cursor != before)
            {
                (pause, failed) = (FirstPause, 0);
            }

            if (index is null)
            {
                _at = (_at + 1) % sources.Count;
                if (++failed % sources.Count != 0)
                {
                    continue;
                }
            }

            if (!await PauseAsync(pause, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            pause = Longer(pause);
        }
    }

    /// <summary>Follows one stream to its end.</summary>
    private async Task<FollowFailure> FollowAsync(IndexCursor? cursor, CancellationToken cancellationToken)
    {
        IBlockSource source = sources[_at];
        state.Change(status => status with { Cursor = cursor, IndexFailure = null });
        using var silence = new CancellationTokenSource(Silence, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, silence.Token);
        Google.Protobuf.ByteString genesis = await source.GenesisAsync(patience.Token).ConfigureAwait(false);
        BlockPosition? after = cursor is null ? null : new BlockPosition(cursor.Height, cursor.Hash);
        if (FinalBlockVerifier.Begin(genesis.Span, genesisHash, scheme, after, out BlockFailure? refused)
            is not { } verifier)
        {
            return Unverified(refused!);
        }

        // What another node claimed, or this one before, is forgotten.
        Height claimed = await source.HeightAsync(patience.Token).ConfigureAwait(false);
        state.Change(static status => status with { NodeHeight = null });
        Hear(claimed, finalizing: null);
        Log.Following(log, cursor?.Height.Value ?? 0);
        var final = new List<VerifiedBlock>();
        Height next = cursor?.Height.Next ?? new Height(0);
        await foreach (StreamBlocksResponse response in source.BlocksAsync(next, patience.Token)
            .ConfigureAwait(false))
        {
            if (response.Heartbeat is { } beat)
            {
                Hear(new Height(beat.Height), beat.Finalizing);
                if (beat.Height >= next.Value || (!beat.Finalizing && sources.Count > 1))
                {
                    // It owes a block, or the others may have some: no reason to wait for longer.
                    continue;
                }
            }
            else if (response.Block is { } part)
            {
                next = next.Next;
                if (verifier.Add(part, final) is { } failure)
                {
                    return Unverified(failure);
                }

                await IndexAsync(verifier, final, cancellationToken).ConfigureAwait(false);
            }

            silence.CancelAfter(Silence);
        }

        return Failure("STREAM_ENDED", "The node ended the stream of blocks.");
    }

    private async Task IndexAsync(
        FinalBlockVerifier verifier, List<VerifiedBlock> final, CancellationToken cancellationToken)
    {
        foreach (VerifiedBlock block in final)
        {
            IndexCursor cursor = await projector
                .ApplyAsync(verifier.Genesis, block, cancellationToken).ConfigureAwait(false);
            state.Change(status => status with { Cursor = cursor, Unverified = false });
            Hear(cursor.Height, finalizing: null);
        }

        final.Clear();
    }

    private void Hear(Height height, bool? finalizing) => state.Change(status => status with
    {
        Connected = true,
        Heard = time.GetUtcNow(),
        NodeHeight = status.NodeHeight > height ? status.NodeHeight : height,
        Finalizing = finalizing ?? true,
    });

    /// <summary>Notes a loss: of the node, or of the index.</summary>
    private void Lose(FollowFailure failure, string? index)
    {
        state.Change(status => status with
        {
            Connected = false,
            LastFailure = failure,
            IndexFailure = index,
        });
        if (index is null)
        {
            Log.Lost(log, failure.Code, failure.Sentence);
        }
        else
        {
            Log.IndexLost(log, failure.Code, failure.Sentence);
        }
    }

    private FollowFailure Unverified(BlockFailure failure)
    {
        state.Change(static status => status with { Unverified = true });
        Log.Unverified(log, failure.Height.Value, failure.Fault, failure.Sentence);
        return Failure("UNVERIFIED", failure.Sentence);
    }

    private FollowFailure Failure(string code, string sentence) => new(code, sentence, time.GetUtcNow());

    private async Task<bool> PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
