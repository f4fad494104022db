// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Node.Tests;

/// <summary>A clock that stands until a test moves it. Its timers fire once, when they are passed.</summary>
internal sealed class StandingClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<Alarm> _alarms = [];
    private long _seconds;

    public override long TimestampFrequency => 1;

    public void Advance(int seconds)
    {
        long now = Interlocked.Add(ref _seconds, seconds);
        Alarm[] due;
        lock (_gate)
        {
            due = [.. _alarms.Where(alarm => alarm.At <= now)];
        }

        Array.ForEach(due, static alarm => alarm.Fire());
    }

    public override long GetTimestamp() => Volatile.Read(ref _seconds);

    public override DateTimeOffset GetUtcNow() => Start.AddSeconds(GetTimestamp());

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        lock (_gate)
        {
            _alarms.Add(alarm);
        }

        return alarm;
    }

    private sealed class Alarm(StandingClock clock, Action fire) : ITimer
    {
        private long _at;

        public long At => Volatile.Read(ref _at);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            long at = dueTime < TimeSpan.Zero
                ? long.MaxValue
                : clock.GetTimestamp() + (long)dueTime.TotalSeconds;
            Volatile.Write(ref _at, at);
            return true;
        }

        public void Fire()
        {
            Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            fire();
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._alarms.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
