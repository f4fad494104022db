// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using TokenLedger.Explorer.Following;

namespace TokenLedger.Explorer.Tests.Following;

/// <summary>
/// A clock under which pauses pass at once and are written down; the follower's patience with a silent node
/// ends only when a test says so. Thread-safe.
/// </summary>
internal sealed class SleeplessClock : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _pauses = new();
    private readonly ConcurrentDictionary<Patience, bool> _patience = new();

    /// <summary>Pauses in their order.</summary>
    public IReadOnlyList<TimeSpan> Pauses => [.. _pauses];

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddDays(20_454);

    /// <summary>The node has been silent for too long.</summary>
    public void EndPatience()
    {
        foreach (Patience one in _patience.Keys)
        {
            one.Fire();
        }
    }

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Patience(this, callback, state);
        if (dueTime == LedgerFollower.Silence)
        {
            _patience[timer] = true;
        }
        else
        {
            _pauses.Enqueue(dueTime);
            ThreadPool.QueueUserWorkItem(_ => timer.Fire());
        }

        return timer;
    }

    private sealed class Patience(SleeplessClock clock, TimerCallback callback, object? state) : ITimer
    {
        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => clock._patience.TryRemove(this, out _);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
