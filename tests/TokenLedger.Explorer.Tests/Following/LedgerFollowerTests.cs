// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Core;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Embedded;
using TokenLedger.Explorer.Tests.Index;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Following;

public sealed class LedgerFollowerTests : IAsyncDisposable
{
    // What is waited for happens in milliseconds; only a failing test reaches the end.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly FinalChain Chain = Activity.Chain(
        seed: 8, steps: 30, static height => height.Value % 5 == 0);

    private static readonly Height End = new((ulong)Chain.Blocks.Count - 1);

    private readonly MemoryDisk _disk = new();
    private readonly EmbeddedIndexStore _store;
    private readonly FollowerState _state = new();
    private readonly SleeplessClock _clock = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _following = Task.CompletedTask;

    public LedgerFollowerTests() => _store = EmbeddedIndexStore.Open(
        new MemoryStore(_disk, IndexFormat.Families), Chain.GenesisHash);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following.ContinueWith(static _ => { }, TaskScheduler.Default);
        await _store.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Run_HonestNode_IndexesAllAndSaysSo()
    {
        FollowerStatus status = await FollowAsync(new ScriptedSource(Chain));
        Assert.Equal((0UL, true, true, false), (
            status.Lag, status.Connected, status.Finalizing, status.Unverified));
        Assert.Null(status.LastFailure);
        await RequireWholeAsync();
    }

    [Fact]
    public async Task Run_LineBreaks_ResumesAfterWhatIsIndexed()
    {
        var source = new ScriptedSource(Chain);
        source.Then(new ScriptedSource.Script(13, Then: ScriptedSource.Break));
        source.Then(new ScriptedSource.Script(0, Then: ScriptedSource.Break));
        source.Then(new ScriptedSource.Script(22, Then: ScriptedSource.Break));
        FollowerStatus status = await FollowAsync(source);
        Assert.Equal("NODE_UNREACHABLE", status.LastFailure?.Code);
        Assert.Equal("the line broke", status.LastFailure?.Sentence);

        // Blocks 11 and 12 had no certificate yet.
        Assert.Equal([0UL, 11, 11, 21], source.Asked.Select(static height => height.Value));
        await RequireWholeAsync();
    }

    [Fact]
    public async Task Run_ForgedBlock_IsNeverIndexedAndToldUntilTheTruthComes()
    {
        var source = new ScriptedSource(Chain);
        source.Then(new ScriptedSource.Script(int.MaxValue, static (height, block) =>
        {
            if (height == 17)
            {
                block.Events.Add(ByteString.CopyFrom(1));
            }

            return block;
        }));
        var seen = new TaskCompletionSource();
        source.Then(new ScriptedSource.Script(int.MaxValue, Gate: seen.Task));
        Start(source);
        FollowerStatus lied = await WaitAsync(
            static status => status is { Unverified: true, LastFailure: not null });
        seen.SetResult();
        FollowerStatus status = await WaitAsync(static status => status.Cursor?.Height == End);
        Assert.Equal(15UL, lied.Cursor?.Height.Value);
        Assert.False(Readiness.Of(lied, _clock.GetUtcNow()).IsReady);
        Assert.Equal("UNVERIFIED", status.LastFailure?.Code);
        Assert.False(status.Unverified);
        await RequireWholeAsync();
    }

    [Fact]
    public async Task Run_NodeOfAnotherNetwork_IndexesNothing()
    {
        var source = new ScriptedSource(Chain) { Genesis = ByteString.CopyFrom(1, 2) };
        Start(source);
        FollowerStatus status = await WaitAsync(static status => status.LastFailure is not null);
        Assert.Equal("UNVERIFIED", status.LastFailure?.Code);
        Assert.Contains("network", status.LastFailure?.Sentence, StringComparison.Ordinal);
        Assert.Empty(source.Asked);
        Assert.Null(await _store.CursorAsync(default));
    }

    [Fact]
    public async Task Run_NodeAway_WaitsLongerEachTimeAndShortAfterProgress()
    {
        var source = new ScriptedSource(Chain);
        source.Then(new ScriptedSource.Script(6, Then: ScriptedSource.Break));
        for (int i = 0; i < 8; i++)
        {
            source.Then(new ScriptedSource.Script(0, Then: ScriptedSource.Break));
        }

        source.Then(new ScriptedSource.Script(11, Then: ScriptedSource.Break));
        await FollowAsync(source);
        Assert.Equal(
            [0.5, 1, 2, 4, 8, 16, 30, 30, 30, 0.5],
            _clock.Pauses.Select(static pause => pause.TotalSeconds));
    }

    [Fact]
    public async Task Run_SilentNode_IsAskedAgain()
    {
        var source = new ScriptedSource(Chain);
        source.Then(new ScriptedSource.Script(6));
        Start(source);
        await WaitAsync(static status => status.Cursor?.Height.Value == 5);
        _clock.EndPatience();
        FollowerStatus status = await WaitAsync(static status => status.Cursor?.Height == End);
        Assert.Equal("NODE_SILENT", status.LastFailure?.Code);
        await RequireWholeAsync();
    }

    [Fact]
    public async Task Run_Heartbeats_TellHowFarAheadTheNodeIs()
    {
        var source = new ScriptedSource(Chain);
        source.Then(new ScriptedSource.Script(
            int.MaxValue, Then: static () => ScriptedSource.Beat(End.Value + 70, finalizing: false)));
        Start(source);
        FollowerStatus status = await WaitAsync(static status => !status.Finalizing);
        Assert.Equal((End, 70UL), (status.Cursor?.Height, status.Lag));
        Readiness readiness = Readiness.Of(status, _clock.GetUtcNow());
        Assert.False(readiness.IsReady);
        Assert.Contains("70 blocks behind", readiness.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NodeThatLiedOfItsHeight_IsForgottenWithItsConnection()
    {
        var source = new ScriptedSource(Chain);
        source.Then(new ScriptedSource.Script(
            int.MaxValue, Then: static () => ScriptedSource.Beat(ulong.MaxValue / 2, finalizing: true)));
        Start(source);
        await WaitAsync(static status => status.Lag > 1_000);

        // It claims blocks and sends none: as good as silence.
        _clock.EndPatience();
        FollowerStatus status = await WaitAsync(static status => status is { Lag: 0 });
        Assert.Equal(("NODE_SILENT", End), (status.LastFailure?.Code, status.NodeHeight));
        Assert.True(Readiness.Of(status, _clock.GetUtcNow()).IsReady);
    }

    [Fact]
    public async Task Run_SeveralNodes_GoesOverWithoutAPauseUntilAllWereAsked()
    {
        var first = new ScriptedSource(Chain);
        first.Then(new ScriptedSource.Script(13, Then: ScriptedSource.Break));
        var second = new ScriptedSource(Chain) { Away = true };
        var third = new ScriptedSource(Chain);
        third.Then(new ScriptedSource.Script(0, Then: ScriptedSource.Break));
        Start(first, second, third);
        FollowerStatus status = await WaitAsync(
            static status => status.Cursor?.Height == End && status.Lag == 0);
        Assert.Equal([0UL, 11], first.Asked.Select(static height => height.Value));
        Assert.Equal([11UL], third.Asked.Select(static height => height.Value));
        Assert.Equal([0.5], _clock.Pauses.Select(static pause => pause.TotalSeconds));
        await RequireWholeAsync();
    }

    [Fact]
    public async Task Run_NodeThatForges_IsLeftForTheNext()
    {
        var forging = new ScriptedSource(Chain);
        forging.Then(new ScriptedSource.Script(int.MaxValue, static (height, block) =>
        {
            if (height == 17)
            {
                block.Events.Add(ByteString.CopyFrom(1));
            }

            return block;
        }));
        Start(forging, new ScriptedSource(Chain));
        FollowerStatus status = await WaitAsync(static status => status is { Lag: 0, Unverified: false });
        Assert.Equal(("UNVERIFIED", End), (status.LastFailure?.Code, status.Cursor?.Height));
        Assert.Single(forging.Asked);
    }

    [Fact]
    public async Task Run_NoNodeLeft_KnowsNoLag()
    {
        var source = new ScriptedSource(Chain);
        source.Then(new ScriptedSource.Script(int.MaxValue, Then: () =>
        {
            source.Away = true;
            return ScriptedSource.Break();
        }));
        Start(source);
        FollowerStatus status = await WaitAsync(
            static status => status is { LastFailure: not null, Cursor: not null });
        Assert.Equal((false, null, End), (status.Connected, status.Lag, status.NodeHeight));
    }

    [Fact]
    public async Task Run_IndexCannotBeWritten_Ends()
    {
        _disk.FailNextWrite(StorageFaultKind.Full);
        Start(new ScriptedSource(Chain));
        StorageFault fault = await Assert.ThrowsAsync<StorageFault>(() => _following.WaitAsync(Patience));
        Assert.Equal(StorageFaultKind.Full, fault.Kind);
    }

    [Fact]
    public async Task Run_AnotherGenerationIsSwitchedTo_GoesOnThereAndNothingIsLost()
    {
        using var harness = new FolderHarness();
        IIndexStore live = harness.Open(Chain.GenesisHash);
        await using ConfiguredAsyncDisposable closing = live.ConfigureAwait(false);
        var source = new ScriptedSource(Chain);
        var switched = new TaskCompletionSource();
        source.Then(new ScriptedSource.Script(int.MaxValue, Gate: switched.Task));
        Start(live, source);
        await WaitAsync(static status => status.Connected);
        await using (var generations = new FolderGenerations(harness.Folder, Chain.GenesisHash))
        {
            await using (IIndexStore building = await generations.OpenBuildingAsync(default))
            {
                await new Projector(building).ApplyAsync(Chain.Genesis, Chain.Verified()[0], default);
            }

            await generations.SwitchAsync(default);
        }

        switched.SetResult();
        FollowerStatus status = await WaitAsync(
            static status => status.Cursor?.Height == End && status.Lag == 0);
        Assert.Equal((null, null), (status.IndexFailure, status.LastFailure));
        Assert.Empty(_clock.Pauses);
        Assert.Equal([0UL, 1], source.Asked.Select(static height => height.Value));
        await _stop.CancelAsync();
        await _following;
    }

    [Fact]
    public void Readiness_OfEachState_SaysWhy()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        var cursor = new IndexCursor(new Height(5), default, default, IndexCounts.None);
        FollowerStatus well = FollowerStatus.Initial with
        {
            Cursor = cursor,
            Connected = true,
            Heard = now,
            NodeHeight = new Height(5 + Readiness.FarBehindBlocks),
        };
        Assert.Equal(new Readiness(true, "ready"), Readiness.Of(well, now));
        Assert.Contains("Nothing is indexed", Readiness.Of(
            FollowerStatus.Initial, now).Sentence, StringComparison.Ordinal);
        FollowerStatus[] unwell =
        [
            well with { NodeHeight = well.NodeHeight!.Value.Next },
            well with { Unverified = true },
            well with { Heard = now - Readiness.LongSilence - TimeSpan.FromSeconds(1) },
            well with { Heard = null },
            well with { Cursor = null },
        ];
        Assert.All(unwell, status => Assert.False(Readiness.Of(status, now).IsReady));
    }

    private async Task<FollowerStatus> FollowAsync(ScriptedSource source)
    {
        Start(source);
        return await WaitAsync(static status => status.Cursor?.Height == End && status.Lag == 0);
    }

    private void Start(params ScriptedSource[] sources) => Start(_store, sources);

    private void Start(IIndexStore store, params ScriptedSource[] sources)
    {
        var follower = new LedgerFollower(
            sources, new Projector(store), Chain.GenesisHash, Chain.Scheme, _state, _clock,
            NullLogger.Instance);
        _following = Task.Run(() => follower.RunAsync(_stop.Token));
    }

    private async Task<FollowerStatus> WaitAsync(Func<FollowerStatus, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _state.WaitAsync(wanted, patience.Token);
    }

    private async Task RequireWholeAsync()
    {
        await using IIndexView view = (await _store.ViewAsync(default))!;
        await LedgerComparison.RequireSameAsync(view, Chain.Ledger);
        Assert.Equal(
            Chain.Blocks.Sum(static block => block.Events.Count), (int)view.Cursor.Counts.Events);
    }
}
