// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Node.Bridging;
using TokenLedger.Storage;

namespace TokenLedger.Node.Tests.Bridging;

/// <summary>The reason of each stop is the decision since which it holds.</summary>
public sealed class StopSearchTests : IDisposable
{
    private readonly StoredLane _lane = new();

    public void Dispose() => _lane.Dispose();

    [Fact]
    public void Find_StopsThatBeganApart_TellsEachReasonNewestFirst()
    {
        var search = new StopSearch();
        _lane.Decide(Pause(BridgeStops.Locks, "first"));
        _lane.Decide(Resume(BridgeStops.Locks));
        _lane.Decide(Pause(BridgeStops.Releases, "second"));
        Assert.Equal([(BridgeStops.Releases, "second")], Found(search));
        _lane.RunEmpty();
        _lane.Decide(Pause(BridgeStops.Locks, "third"));

        (BridgeStops, string)[] both = [(BridgeStops.Locks, "third"), (BridgeStops.Releases, "second")];
        Assert.Equal(both, Found(search));
        Assert.Equal(both, Found(search));
        Assert.Equal(both, Found(new StopSearch()));
        _lane.Decide(Resume(BridgeStops.Releases));
        Assert.Equal([(BridgeStops.Locks, "third")], Found(search));
        _lane.Decide(Resume(BridgeStops.Locks));
        Assert.Empty(Found(search));
        _lane.Decide(Pause(BridgeStops.Locks | BridgeStops.Releases, "fourth"));
        Assert.Equal([(BridgeStops.Locks | BridgeStops.Releases, "fourth")], Found(search));
    }

    [Fact]
    public void Find_AReasonFarBack_ComesToItAtALaterCall()
    {
        _lane.Decide(Pause(BridgeStops.Locks, "long ago"));
        Height decided = _lane.Height;
        for (int i = 0; i < 10; i++)
        {
            _lane.RunEmpty();
        }

        var search = new StopSearch(blocksAtOnce: 4);
        Assert.Empty(Found(search, out Height first));
        Assert.Equal(_lane.Height.Value - 3, first.Value);
        _lane.RunEmpty();
        Assert.Empty(Found(search, out Height second));
        Assert.Equal(first.Value - 4, second.Value);
        Assert.Equal([(BridgeStops.Locks, "long ago")], Found(search, out Height third));
        Assert.True(third <= decided);
        while (third.Value > 1)
        {
            Assert.Single(Found(search, out third));
        }
    }

    [Fact]
    public void Find_AfterManyBlocksWithoutACall_BeginsAnewFromTheNewest()
    {
        _lane.Decide(Pause(BridgeStops.Releases, "early"));
        var search = new StopSearch(blocksAtOnce: 4);
        Assert.Single(Found(search));
        for (int i = 0; i < 20; i++)
        {
            _lane.RunEmpty();
        }

        _lane.Decide(Pause(BridgeStops.Locks, "late"));
        (BridgeStops, string)[] found = Found(search, out Height from);
        Assert.Equal(_lane.Height.Value - 3, from.Value);

        // So far the last decision is the only one; it may not be that of both.
        Assert.Equal([(BridgeStops.Locks | BridgeStops.Releases, "late")], found);
        Assert.False(IsSure(search));
        while (from.Value > 1)
        {
            found = Found(search, out from);
        }

        Assert.Equal([(BridgeStops.Locks, "late"), (BridgeStops.Releases, "early")], found);
    }

    private static PauseBridge Pause(BridgeStops stops, string reason) =>
        new(StoredLane.ChainId, stops, reason);

    private static ResumeBridge Resume(BridgeStops stops) => new(StoredLane.ChainId, stops, "enough");

    private bool IsSure(StopSearch search)
    {
        using LedgerSnapshot snapshot = _lane.Snapshot();
        return search.Find(snapshot, _lane.State).Found[0].IsSure;
    }

    private (BridgeStops Stops, string Reason)[] Found(StopSearch search) => Found(search, out _);

    private (BridgeStops Stops, string Reason)[] Found(StopSearch search, out Height from)
    {
        using LedgerSnapshot snapshot = _lane.Snapshot();
        var told = search.Find(snapshot, _lane.State);
        from = told.From;
        return [.. told.Found.Select(static one => (one.Stops, one.Reason))];
    }
}
