// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Postgres;

namespace TokenLedger.Explorer.Following;

/// <summary>Tells processes that only serve pages what this projector knows of its node.</summary>
internal sealed class StatusReporter(PostgresIndexStore store, FollowerState state, TimeProvider time)
{
    /// <summary>The least time between two reports.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Reports until cancelled. A report that cannot be written is left out: the next one
    /// comes.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        FollowerStatus? last = null;
        try
        {
            while (true)
            {
                FollowerStatus status = await state
                    .WaitAsync(now => !ReferenceEquals(now, last), cancellationToken).ConfigureAwait(false);
                last = status;
                try
                {
                    await store.ReportAsync(status, cancellationToken).ConfigureAwait(false);
                }
                catch (IndexUnavailableException)
                {
                    // The follower meets the same and says so.
                }

                await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }
}
