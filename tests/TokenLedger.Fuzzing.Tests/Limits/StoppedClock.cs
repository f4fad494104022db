// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Fuzzing.Tests.Limits;

/// <summary>A clock that moves only when it is told to.</summary>
internal sealed class StoppedClock : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public void Advance(TimeSpan by) => _now += by.Ticks;
}
