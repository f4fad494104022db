// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using TokenLedger.Bridge;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Testing;

namespace TokenLedger.Node.Tests.Bridging;

/// <summary>When a lane's runner looks, what it raises an alarm for, and what it survives.</summary>
public sealed class LaneRunnerTests : IAsyncDisposable
{
    private readonly RunnerStage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Run_ChainInOrder_LooksAtEachPollAndRaisesNoAlarm()
    {
        await _stage.StartAsync();
        Assert.Equal(RunnerStage.Settings.Poll, _stage.Clock.LastSleep);
        await _stage.LookAsync();
        BridgeStatus status = _stage.Runner.Status;
        Assert.Equal(("", "", ""), (status.Note, status.Halt, status.SendNote));
        Assert.Equal(_stage.Chain.Final, status.Final!.Number);
        Assert.Equal(BackingVerdict.Agrees, Assert.Single(status.Backing).Verdict);
        Assert.Equal("", _stage.Runner.Alarm);
        await _stage.MinutesAsync(90);
        Assert.Equal("", _stage.Runner.Alarm);
        Assert.Empty(_stage.Log);
    }

    [Fact]
    public async Task Run_LedgerWithoutTheLane_WaitsForIt()
    {
        _stage.HasLane = false;
        await _stage.StartAsync();
        await _stage.LookAsync();
        Assert.Equal("The ledger has no such lane yet.", _stage.Runner.Status.Note);
        _stage.HasLane = true;
        await _stage.LookAsync();
        Assert.Equal("", _stage.Runner.Status.Note);
        Assert.NotNull(_stage.Runner.Status.Final);
    }

    [Fact]
    public async Task Run_UnforeseenFault_IsCountedLoggedAndTriedAgain()
    {
        _stage.Unbuilt = new InvalidOperationException("a slip");
        await _stage.StartAsync();
        Assert.Equal((1L, "A fault, see the log: a slip"),
            (_stage.Runner.Counts.Failures, _stage.Runner.Status.Note));
        Assert.Contains(_stage.Log, static line => line is (303, LogLevel.Error, _));
        Assert.Equal(10 * RunnerStage.Settings.Poll, _stage.Clock.LastSleep);
        _stage.Unbuilt = null;
        await _stage.LookAsync();
        Assert.Equal((1L, ""), (_stage.Runner.Counts.Failures, _stage.Runner.Status.Note));
        Assert.Equal(RunnerStage.Settings.Poll, _stage.Clock.LastSleep);
    }

    [Fact]
    public async Task Run_BrokenInvariant_StopsTheNode()
    {
        _stage.Unbuilt = new InvariantException("what must hold does not");
        _stage.Runner.Start();
        Assert.Same(_stage.Unbuilt, await _stage.Stopped.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Alarm_NothingBecomesFinal_SaysSoUntilBlocksDoAgain()
    {
        await _stage.StartAsync();
        await _stage.MinutesAsync(28, mines: false);
        Assert.Equal(("", ""), (_stage.Runner.Stall, _stage.Runner.Alarm));
        await _stage.MinutesAsync(3, mines: false);
        Assert.StartsWith(
            $"The newest final block of chain {RunnerStage.ChainId} that this node knows of, "
                + $"{_stage.Chain.Final}, is 31 minutes old",
            _stage.Runner.Stall, StringComparison.Ordinal);
        Assert.Equal(_stage.Runner.Stall, _stage.Runner.Alarm);
        Assert.InRange(_stage.Runner.FinalAge!.Value.TotalMinutes, 30, 33);

        // Once, although the block grows older.
        await _stage.MinutesAsync(60, mines: false);
        Assert.Single(_stage.Log, static line => line.Id == 301);
        _stage.Abroad.Mine(0);
        await _stage.LookAsync();
        Assert.Equal(("", ""), (_stage.Runner.Stall, _stage.Runner.Alarm));
        Assert.Equal(300, _stage.Log[^1].Id);
    }

    [Fact]
    public async Task Alarm_BlocksAreMadeButNotFinal_SaysSo()
    {
        await _stage.StartAsync();
        for (int i = 0; i < 40; i++)
        {
            _stage.Chain.Mine(5, lag: 5 * (ulong)(i + 1));
            await _stage.MinutesAsync(1, mines: false);
        }

        Assert.Contains("finality stands still", _stage.Runner.Alarm, StringComparison.Ordinal);
    }

    /// <summary>That a message waits for lower fees once was taken for two sides that do not agree.</summary>
    [Fact]
    public async Task Alarm_FeesAboveTheCapForLong_SaysThatNothingIsCarriedAndNotThatSidesDiffer()
    {
        await _stage.StartAsync();
        _stage.LockSigned();
        _stage.Chain.BaseFee = 900_000_000_000;
        await _stage.MinutesAsync(20);
        Assert.Contains("the base fee is", _stage.Runner.Status.SendNote, StringComparison.Ordinal);
        Assert.Equal(("", ""), (_stage.Runner.Status.Note, _stage.Runner.Alarm));
        await _stage.MinutesAsync(20);
        Assert.StartsWith(
            $"The bridge to chain {RunnerStage.ChainId} could not carry what is signed for ",
            _stage.Runner.Alarm, StringComparison.Ordinal);
        Assert.DoesNotContain("agree", _stage.Runner.Alarm, StringComparison.Ordinal);
        _stage.Chain.BaseFee = 1_000_000_000;
        await _stage.MinutesAsync(3);
        Assert.Equal(("", ""), (_stage.Runner.Status.SendNote, _stage.Runner.Alarm));
        Assert.Equal(new Amount(100), _stage.Chain.Now.Of(ModelChain.Token, ModelChain.Abroad));
    }

    [Fact]
    public async Task Alarm_EndpointsSilentFromTheStart_SaysThatNobodySawBothSidesAgree()
    {
        _stage.Chain.Before = static _ => throw new RemoteFaultException("no answer");
        await _stage.StartAsync();
        await _stage.MinutesAsync(28);
        Assert.Equal("", _stage.Runner.Alarm);
        await _stage.MinutesAsync(4);
        Assert.StartsWith(
            $"The bridge to chain {RunnerStage.ChainId} has not seen both sides agree for 32 minutes: no "
                + "answer",
            _stage.Runner.Alarm, StringComparison.Ordinal);
        _stage.Chain.Before = static _ => { };
        await _stage.LookAsync();
        Assert.Equal("", _stage.Runner.Alarm);
    }

    [Fact]
    public async Task Backing_EndpointsSilentForAWhile_IsNotSaidToAgree()
    {
        await _stage.StartAsync();
        await _stage.LookAsync();
        Assert.Equal(BackingVerdict.Agrees, Assert.Single(_stage.Runner.Backing).Verdict);
        _stage.Chain.Before = static _ => throw new RemoteFaultException("no answer");
        await _stage.LookAsync();
        Assert.Equal(BackingVerdict.Agrees, Assert.Single(_stage.Runner.Backing).Verdict);
        await _stage.MinutesAsync(2);
        Backing old = Assert.Single(_stage.Runner.Backing);
        Assert.Equal((BackingVerdict.NotComparable, "no answer"), (old.Verdict, old.Note));
        _stage.Chain.Before = static _ => { };
        await _stage.LookAsync();
        Assert.Equal(BackingVerdict.Agrees, Assert.Single(_stage.Runner.Backing).Verdict);
    }

    [Fact]
    public async Task Alarm_BackingDiffers_SaysWhichAsset()
    {
        await _stage.StartAsync();
        _stage.Chain.Supply(ModelChain.Token, 7);
        _stage.Abroad.Mine(0);
        await _stage.LookAsync();
        Assert.Contains("does not add up", _stage.Runner.Alarm, StringComparison.Ordinal);
    }

    /// <summary>A theft that was seen after six days. Here a lane that rests is looked at often enough.
    /// </summary>
    [Fact]
    public async Task Ronin2022_UnitsForgedOnALaneAtRest_RaiseAnAlarmWithinMinutes()
    {
        await _stage.StartAsync();
        await _stage.MinutesAsync(60);
        _stage.Chain.Supply(ModelChain.Token, 7);
        int minutes = 0;
        for (; _stage.Runner.Alarm.Length == 0 && minutes < 60; minutes++)
        {
            _stage.Abroad.Mine(0);
            await _stage.MinutesAsync(1);
        }

        Assert.Contains("does not add up", _stage.Runner.Alarm, StringComparison.Ordinal);
        Assert.InRange(minutes, 1, 10);
    }

    [Fact]
    public async Task Alarm_RefusedMint_IsLoggedOnceWithItsReason()
    {
        await _stage.StartAsync();
        _stage.LockSigned();
        _stage.Chain.Accepts = static _ => false;
        await _stage.MinutesAsync(30);
        (int _, LogLevel level, string text) =
            Assert.Single(_stage.Log, static line => line.Id == 305);
        Assert.Equal(LogLevel.Warning, level);
        Assert.Contains("refused to mint lock 1 in block", text, StringComparison.Ordinal);
        Assert.Contains("(RECEIVER, 19)", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FinalBlockReplaced_HaltsUntilItsOperatorBeginsAnew()
    {
        await _stage.StartAsync();
        _stage.Chain.Mine(3);
        await _stage.LookAsync();
        _stage.Chain.Replace(3);
        _stage.Chain.Mine();
        await _stage.LookAsync();
        Assert.Contains("halted: Block", _stage.Runner.Alarm, StringComparison.Ordinal);
        Assert.Equal(BackingVerdict.NotComparable, Assert.Single(_stage.Runner.Backing).Verdict);
        Assert.Equal(10 * RunnerStage.Settings.Poll, _stage.Clock.LastSleep);
        Assert.Contains(_stage.Log, static line => line is (302, LogLevel.Critical, _));
        await _stage.LookAsync();
        Assert.NotEqual("", _stage.Runner.Status.Halt);

        await _stage.Runner.ResetAsync(default).WaitAsync(TimeSpan.FromSeconds(30));
        await _stage.Clock.SleptAsync();
        Assert.Equal(("", ""), (_stage.Runner.Status.Halt, _stage.Runner.Alarm));
        Assert.Contains(_stage.Log, static line => line.Id == 304);
    }
}
