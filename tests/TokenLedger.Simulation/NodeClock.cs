// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>
/// One node's clocks in virtual time. The wall clock can be wrong, jump or stand still; the monotonic one
/// only follows virtual time.
/// </summary>
internal sealed class NodeClock(VirtualTime time) : TimeProvider
{
    private const ulong GenesisAgeMs = 5_000;

    private ulong? _frozenAt;

    public long OffsetMs { get; set; }

    public override long TimestampFrequency => 1_000;

    /// <summary>Stops the wall clock, or lets it show the right time again.</summary>
    public void Freeze(bool frozen) => _frozenAt = frozen ? time.NowMs : null;

    public override DateTimeOffset GetUtcNow() =>
        DateTimeOffset.FromUnixTimeMilliseconds((long)At(_frozenAt ?? time.NowMs) + OffsetMs);

    /// <summary>What a right wall clock shows at a moment of virtual time, in ms since 1970.</summary>
    public static ulong At(ulong virtualMs) => TestNetwork.Start.Value + GenesisAgeMs + virtualMs;

    public override long GetTimestamp() => (long)(time.NowMs + GenesisAgeMs);

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new NotSupportedException("A machine under simulation asks for no timers of its own.");
}
