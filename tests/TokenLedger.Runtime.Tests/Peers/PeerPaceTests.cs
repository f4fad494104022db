// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Runtime.Peers;

namespace TokenLedger.Runtime.Tests.Peers;

/// <summary>How long a peer waits that hands transactions in too fast.</summary>
public sealed class PeerPaceTests
{
    private const int Second = Limits.PeerTransactionsPerSecond;

    private readonly ManualClock _clock = new(new TimestampMs(1_000_000));

    [Fact]
    public void Take_FasterThanThePace_WaitsForTheRest()
    {
        var pace = new PeerPace(2, _clock);
        Assert.Equal(TimeSpan.Zero, pace.Take(0, Second));
        Assert.Equal(TimeSpan.FromSeconds(1), pace.Take(0, Second));
        Assert.Equal(TimeSpan.FromSeconds(1.5), pace.Take(0, Second / 2));
    }

    [Fact]
    public void Take_OfAnotherPeer_WaitsForNobodyElse()
    {
        var pace = new PeerPace(2, _clock);
        pace.Take(0, 10 * Second);
        Assert.Equal(TimeSpan.Zero, pace.Take(1, Second));
    }

    [Fact]
    public void Take_AfterAPause_HasOneSecondsWorthAndNoMore()
    {
        var pace = new PeerPace(1, _clock);
        pace.Take(0, Second);
        _clock.Advance(60_000);
        Assert.Equal(TimeSpan.FromSeconds(1), pace.Take(0, 2 * Second));
    }
}
