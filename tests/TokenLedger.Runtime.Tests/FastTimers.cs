// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Runtime.Tests;

/// <summary>
/// The system's clock, whose timers end fifty times sooner: for time-outs that a test awaits.
/// </summary>
internal sealed class FastTimers : TimeProvider
{
    private const int Times = 50;

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(callback, state, dueTime, period);

    private static TimeSpan Sooner(TimeSpan time) => time > TimeSpan.Zero ? time / Times : time;

    private sealed class Timer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        : ITimer
    {
        private readonly ITimer _timer = System.CreateTimer(
            callback, state, Sooner(dueTime), Sooner(period));

        public bool Change(TimeSpan dueTime, TimeSpan period) =>
            _timer.Change(Sooner(dueTime), Sooner(period));

        public void Dispose() => _timer.Dispose();

        public ValueTask DisposeAsync() => _timer.DisposeAsync();
    }
}
