// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Runtime.Tests;

/// <summary>A clock that stands until a test moves it. Thread-safe.</summary>
internal sealed class ManualClock(TimestampMs start) : TimeProvider
{
    private long _ms = (long)start.Value;

    public override long TimestampFrequency => 1_000;

    public TimestampMs Now => new((ulong)Volatile.Read(ref _ms));

    public void Advance(int milliseconds) => Interlocked.Add(ref _ms, milliseconds);

    public override DateTimeOffset GetUtcNow() =>
        DateTimeOffset.FromUnixTimeMilliseconds(Volatile.Read(ref _ms));

    public override long GetTimestamp() => Volatile.Read(ref _ms);
}
