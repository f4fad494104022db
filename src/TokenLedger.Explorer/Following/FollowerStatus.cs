// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Explorer.Index;

namespace TokenLedger.Explorer.Following;

/// <summary>Why following stopped for a while.</summary>
/// <param name="Code">Stable, upper-case.</param>
/// <param name="Sentence">What happened.</param>
/// <param name="At">When.</param>
internal sealed record FollowFailure(string Code, string Sentence, DateTimeOffset At);

/// <summary>How the index stands to its node.</summary>
/// <param name="Cursor">The newest block that is indexed; null for none.</param>
/// <param name="NodeHeight">The newest height that the node claimed on this connection, or on the last one
/// while there is none; null before it spoke. Nothing vouches for it.</param>
/// <param name="Connected">Whether blocks are coming.</param>
/// <param name="Finalizing">Whether the node sees blocks become final in time.</param>
/// <param name="Heard">When the node spoke last; null for never since the start.</param>
/// <param name="Unverified">Whether what the node said last could not be verified: pages must say so.</param>
/// <param name="LastFailure">The last failure since the start; null for none.</param>
internal sealed record FollowerStatus(
    IndexCursor? Cursor,
    Height? NodeHeight,
    bool Connected,
    bool Finalizing,
    DateTimeOffset? Heard,
    bool Unverified,
    FollowFailure? LastFailure)
{
    /// <summary>Why the index cannot be reached now; null while it can be.</summary>
    public string? IndexFailure { get; init; }

    /// <summary>Before anything is known.</summary>
    public static FollowerStatus Initial { get; } = new(null, null, false, true, null, false, null);

    /// <summary>Blocks that the node claims and the index has not; null while no node is connected, because
    /// nobody knows then.</summary>
    public ulong? Lag => Connected && NodeHeight is { } node
        ? node.Value - Math.Min(node.Value, Cursor?.Height.Value ?? 0)
        : null;

    /// <summary>How old the newest indexed block is; null for none.</summary>
    public TimeSpan? AgeAt(DateTimeOffset now) => Cursor is null
        ? null
        : TimeSpan.FromMilliseconds(
            new TimestampMs((ulong)now.ToUnixTimeMilliseconds()).Since(Cursor.Time));
}

/// <summary>The status as the follower last set it. Thread-safe; one writer.</summary>
internal sealed class FollowerState
{
    private readonly Lock _lock = new();
    private FollowerStatus _current = FollowerStatus.Initial;
    private TaskCompletionSource _changed = NewSource();

    /// <summary>The status now.</summary>
    public FollowerStatus Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <summary>Waits until a status is as wanted.</summary>
    public async Task<FollowerStatus> WaitAsync(
        Func<FollowerStatus, bool> wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (wanted(_current))
                {
                    return _current;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sets the status; the follower alone does.</summary>
    public void Change(Func<FollowerStatus, FollowerStatus> change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _current = change(_current);
            (changed, _changed) = (_changed, NewSource());
        }

        changed.SetResult();
    }

    private static TaskCompletionSource NewSource() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
