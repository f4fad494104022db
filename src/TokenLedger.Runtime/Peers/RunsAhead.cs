// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Runtime.Peers;

/// <summary>
/// The runs of block sync that the chain has not answered for yet: while it executes one, the next are
/// received and their certificates checked on another core. Bounded in number and bytes. One user.
/// </summary>
internal sealed class RunsAhead
{
    private readonly Queue<(Task Applied, long Bytes)> _runs = new();
    private long _bytes;

    /// <summary>Adds a run that the chain was given.</summary>
    public void Add(Task applied, long bytes)
    {
        _runs.Enqueue((applied, bytes));
        _bytes += bytes;
    }

    /// <summary>Waits until there is room for another run. Fails as the first of them did.</summary>
    public async Task RoomAsync()
    {
        while (_runs.TryPeek(out (Task Applied, long Bytes) first) && (first.Applied.IsCompleted
            || _runs.Count >= Limits.SyncRunsAhead || _bytes > Limits.SyncAheadBytes))
        {
            await first.Applied.ConfigureAwait(false);
            _bytes -= _runs.Dequeue().Bytes;
        }
    }

    /// <summary>Waits for all of them.</summary>
    public Task AllAsync() => Task.WhenAll(_runs.Select(static run => run.Applied));
}
