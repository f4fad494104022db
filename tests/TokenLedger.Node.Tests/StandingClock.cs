// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Node.Tests;

/// <summary>A clock that stands until a test moves it.</summary>
internal sealed class StandingClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private long _seconds;

    public override long TimestampFrequency => 1;

    public void Advance(int seconds) => Interlocked.Add(ref _seconds, seconds);

    public override long GetTimestamp() => Volatile.Read(ref _seconds);

    public override DateTimeOffset GetUtcNow() => Start.AddSeconds(GetTimestamp());
}
