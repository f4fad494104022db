// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Postgres;

namespace TokenLedger.Explorer.Following;

/// <summary>
/// What a process that only serves pages knows: how far the index is, and what its projector said last of the
/// node.
/// </summary>
internal sealed class IndexWatcher(
    PostgresIndexStore store, FollowerState state, TimeProvider time, ILogger log)
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Watches until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(cancellationToken).ConfigureAwait(false);
                await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (IndexUnavailableException e)
            {
                var failure = new FollowFailure(e.Code, e.Message, time.GetUtcNow());
                state.Change(status => status with { LastFailure = failure, IndexFailure = e.Message });
                Log.IndexLost(log, e.Code, e.Message);
                await Task.Delay(LedgerFollower.FirstPause, time, CancellationToken.None)
                    .ConfigureAwait(false);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        IndexCursor? cursor = await store.CursorAsync(cancellationToken).ConfigureAwait(false);
        FollowerStatus? said = cursor is null
            ? null
            : await store.ReportedAsync(cancellationToken).ConfigureAwait(false);
        FollowerStatus current = state.Current;
        FollowerStatus next = (said ?? FollowerStatus.Initial) with { Cursor = cursor, IndexFailure = null };

        // What a projector said before it ended is not true for ever.
        next = next with
        {
            Connected = next.Connected && time.GetUtcNow() - next.Heard <= Readiness.LongSilence,
        };
        if (next != current)
        {
            state.Change(_ => next);
        }
    }
}
