// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Core;
using TokenLedger.Runtime.Peers;
using TokenLedger.Runtime.Signing;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Peers;

public sealed class InstanceFenceTests
{
    private readonly ManualClock _clock = new(new TimestampMs(1_000_000));

    [Fact]
    public void TryEnter_SecondProcessWhileTheFirstLives_IsRefused()
    {
        var fence = new InstanceFence(4, _clock);
        Assert.True(fence.TryEnter(2, "first"));
        Assert.True(fence.TryEnter(2, "first"));
        Assert.False(fence.TryEnter(2, "second"));
        Assert.True(fence.TryEnter(3, "second"));

        // One of its two streams ended: it lives on the other one.
        fence.Leave(2, "first");
        Assert.False(fence.TryEnter(2, "second"));
        fence.Leave(2, "first");
        Assert.True(fence.TryEnter(2, "second"));
        Assert.False(fence.Hears(2, "first"));
        Assert.False(fence.TryEnter(2, "first"));
    }

    [Fact]
    public void TryEnter_FirstSilentForLongOnAnOpenStream_GivesItsPlaceAway()
    {
        var fence = new InstanceFence(4, _clock);
        Assert.True(fence.TryEnter(0, "first"));
        Advance(NodeHealth.ReachableWithin, -1);
        Assert.True(fence.Hears(0, "first"));
        Advance(NodeHealth.ReachableWithin, -1);
        Assert.False(fence.TryEnter(0, "second"));
        _clock.Advance(1);
        Assert.True(fence.TryEnter(0, "second"));

        // What the first one left behind does not count for the second.
        fence.Leave(0, "first");
        Assert.False(fence.TryEnter(0, "third"));
    }

    [Fact]
    public void Tell_RefusedByMoreThanFForLong_StopsAndByLiarsAloneDoesNot()
    {
        var stopped = new ConcurrentQueue<Exception>();
        var refusals = new InstanceRefusals(
            KeyedHashScheme.Validators(4), stopped.Enqueue, _clock, NullLogger.Instance);
        refusals.Tell(0, duplicate: true);
        refusals.Tell(1, duplicate: true);
        Advance(InstanceRefusals.Patience, -1);
        refusals.Tell(0, duplicate: true);
        Assert.Empty(stopped);

        // One of them takes it in: what is left are at most f.
        refusals.Tell(1, duplicate: false);
        _clock.Advance(60_000);
        refusals.Tell(0, duplicate: true);
        Assert.Empty(stopped);
        refusals.Tell(1, duplicate: true);
        Advance(InstanceRefusals.Patience);
        refusals.Tell(1, duplicate: true);
        Assert.IsType<DuplicateValidatorException>(stopped.First());
    }

    private void Advance(TimeSpan time, int andMs = 0) => _clock.Advance((int)time.TotalMilliseconds + andMs);
}
