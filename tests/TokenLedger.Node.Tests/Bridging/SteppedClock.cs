// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;

namespace TokenLedger.Node.Tests.Bridging;

/// <summary>A clock that stands until a test moves it, with timers that a test can await. Thread-safe.
/// </summary>
internal sealed class SteppedClock(DateTimeOffset start) : TimeProvider
{
    /// <summary>More than anybody sets at once.</summary>
    private const int MostSleeps = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private readonly Channel<TimeSpan> _sleeps = Channel.CreateBounded<TimeSpan>(MostSleeps);
    private DateTimeOffset _now = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How long the last timer was set for that was awaited.</summary>
    public TimeSpan LastSleep { get; private set; }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>Waits until somebody has set one more timer.</summary>
    public async Task SleptAsync() =>
        LastSleep = await _sleeps.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Lets time pass, and ends the timers that are over.</summary>
    public void Advance(TimeSpan time)
    {
        Timer[] over;
        lock (_gate)
        {
            _now += time;
            over = [.. _timers.Where(timer => timer.Due <= _now)];
            _timers.RemoveAll(over.Contains);
        }

        Array.ForEach(over, static timer => timer.Callback(timer.State));
    }

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            var timer = new Timer(this, callback, state, _now + dueTime);
            _timers.Add(timer);
            _sleeps.Writer.TryWrite(dueTime);
            return timer;
        }
    }

    private sealed record Timer(
        SteppedClock Clock, TimerCallback Callback, object? State, DateTimeOffset Due) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
            lock (Clock._gate)
            {
                Clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
