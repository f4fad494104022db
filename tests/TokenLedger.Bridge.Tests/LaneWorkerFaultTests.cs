// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Tests.Model;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Bridge.Tests;

/// <summary>Workers that are silent, lied to, behind, or cannot hand anything in.</summary>
public sealed class LaneWorkerFaultTests
{
    private readonly World _world = new();

    [Fact]
    public async Task Look_AtOtherSignersAbroad_TellsThemUntilTheLedgerDecided()
    {
        BridgeValidator validator = _world.Validators[0];
        await validator.LookAsync();
        Assert.Null(validator.Worker.Status.Rotated);
        _world.Chain.Rotate(World.Others);
        _world.Mine();
        await validator.LookAsync();

        RotationObserved seen = validator.Worker.Status.Rotated!;
        Assert.Equal((2ul, BridgeSignerKeys.Hash(World.Others)), (seen.Epoch, seen.Signers));
        _world.Ledger.Pass(MinistryMaker, new RotateBridgeSigners(World.ChainId, default, World.Others));
        _world.SeeAll();
        _world.Mine();
        await validator.LookAsync();
        Assert.Null(validator.Worker.Status.Rotated);
    }

    [Fact]
    public async Task Look_FinalBlockReplaced_HaltsAndStaysSoUntilAnOperatorBeginsAnew()
    {
        await _world.StepAsync();
        _world.Chain.Mine(3);
        await _world.StepAsync();
        _world.Chain.Replace(3);
        BridgeValidator validator = _world.Validators[0];
        Assert.False(await validator.LookAsync());
        Assert.Contains("was final", validator.Worker.Status.Halt, StringComparison.Ordinal);
        int submitted = validator.Submitted.Count;
        _world.LockAndGather();
        _world.Chain.Mine(3);
        Assert.False(await validator.LookAsync());
        validator.Restart();
        Assert.Contains("was final", validator.Worker.Status.Halt, StringComparison.Ordinal);
        Assert.False(await validator.LookAsync());
        Assert.Equal(submitted, validator.Submitted.Count);

        validator.Journal.Reset();
        validator.Restart();
        Assert.True(await validator.LookAsync());
        Assert.Equal("", validator.Worker.Status.Halt);
        Assert.IsType<AttestBridge>(validator.Submitted[^1].Operation);
    }

    [Fact]
    public async Task Look_LedgerTakesNothing_IsHandedInLater()
    {
        ulong nonce = _world.LockAndGather();
        _world.Chain.Mint(nonce, 100);
        _world.Mine();
        BridgeValidator validator = _world.Validators[0];
        validator.Takes = false;
        Assert.True(await validator.LookAsync());
        validator.Takes = true;
        Assert.True(await validator.LookAsync());
        Assert.Contains(validator.Submitted, one => one.Operation is ObserveBridge);
    }

    /// <summary>Bridge seeds 288 and 477: it waited until the clock came to where it had been.</summary>
    [Fact]
    public async Task Look_ClockSetBack_HandsInAndSendsAgain()
    {
        ulong nonce = _world.LockAndGather(100);
        _world.Attest(_world.View.Lane.NextMessage - 1);
        BridgeValidator first = _world.Validators[(int)((_world.View.Lane.NextMessage - 1) % 4)];
        _world.ClockError = TimeSpan.FromHours(1);
        await first.LookAsync();
        Assert.Single(_world.Node.Sent);
        _world.Node.Lose();
        _world.ClockError = TimeSpan.Zero;
        _world.Ledger.Wait(61_000);
        _world.Ledger.RunBlock();
        await first.LookAsync();
        Assert.Equal(2, _world.Node.Sent.Count);

        _world.ClockError = TimeSpan.FromHours(1);
        _world.Node.Mine(0);
        first.Loses = true;
        await first.LookAsync();
        Assert.Empty(first.Submitted);
        (first.Loses, _world.ClockError) = (false, TimeSpan.Zero);
        await first.LookAsync();
        ObserveBridge seen = Assert.IsType<ObserveBridge>(Assert.Single(first.Submitted).Operation);
        Assert.Equal(nonce, Assert.IsType<MintObserved>(Assert.Single(seen.Observations)).Nonce);
    }

    [Fact]
    public async Task Look_ChainOfAnotherLane_SignsAndObservesNothing()
    {
        _world.LockAndGather();
        BridgeValidator validator = _world.Validators[0];
        bool wrong = true;
        _world.Chain.Before = static _ => { };
        validator.LieOfState = state => wrong
            ? throw new Remote.RemoteFaultException("other contracts", isTransient: false)
            : state;
        Assert.True(await validator.LookAsync());
        Assert.Empty(validator.Submitted);
        Assert.Equal("other contracts", validator.Worker.Status.Note);
        wrong = false;
        Assert.True(await validator.LookAsync());
        Assert.Single(validator.Submitted);
        Assert.Equal("", validator.Worker.Status.Note);
    }

    [Fact]
    public async Task Look_ForgedUnitsAbroad_HaltTheLaneBeforeAnybodySigns()
    {
        _world.Minted(100);
        _world.LockAndGather(50);
        _world.Chain.Supply(World.Token, 1);
        _world.Mine();
        await _world.StepsAsync(3, () => _world.View.Lane.Stops == BridgeStops.Halted);
        Assert.All(_world.Validators, validator => Assert.DoesNotContain(
            validator.Submitted, one => one.Operation is AttestBridge));
    }

    /// <summary>A quorum's keys were stolen and made units under the nonce of a lock to come, while both
    /// chains go on; some are burned at once to be released here.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(20, false)]
    [InlineData(150, false)]
    [InlineData(20, true)]
    public async Task Ronin2022_MintOfALockToCome_HaltsTheLaneAndReleasesNothing(ulong lag, bool restarts)
    {
        _world.Lag = lag;
        _world.Minted(1_000);
        _world.Chain.Mint(_world.View.Lane.NextLock + 5, 500);
        _world.Chain.Burn(500, Bob);
        for (int i = 0; i < 30; i++)
        {
            await _world.StepAsync();
        }

        if (restarts)
        {
            foreach (BridgeValidator validator in _world.Validators)
            {
                validator.Restart();
            }
        }

        await _world.StepsAsync(250, () => _world.View.Lane.Stops == BridgeStops.Halted);
        Assert.Equal((Amount.Zero, Amount.Zero), (_world.BalanceOf(Bob), _world.Books.Released));
    }

    /// <summary>A ledger that is merely behind hears of the lock, and then takes burn and mint.</summary>
    [Fact]
    public async Task Look_MintBeforeItsLockIsKnown_KeepsItsBurnUntilThen()
    {
        _world.Minted(1_000);
        ulong nonce = _world.View.Lane.NextLock;
        _world.Chain.Mint(nonce, 500);
        _world.Chain.Burn(500, Bob);
        for (int i = 0; i < 10; i++)
        {
            await _world.StepAsync();
        }

        Assert.Equal(1UL, _world.View.Lane.NextBurn);
        Assert.Equal(nonce, _world.LockAndGather(500));
        await _world.StepsAsync(10, () => _world.BalanceOf(Bob) == new Amount(500));
        Assert.Equal(BridgeStops.None, _world.View.Lane.Stops);
    }

    [Fact]
    public async Task Look_OneIsToldOfAnotherSupply_ItsAlarmAloneHaltsNothing()
    {
        BridgeValidator victim = _world.Validators[2];
        victim.LieOfState = state => state with
        {
            Supplies = state.Supplies.SetItem(World.Token, state.Supplies[World.Token] + new Amount(7)),
        };
        _world.Lock(100);
        await _world.StepsAsync(60, () => _world.Books.Minted == new Amount(100));
        Assert.Equal(BridgeStops.None, _world.View.Lane.Stops);
        Assert.All(victim.Submitted, one => Assert.True(one.Operation is not AttestBridge, $"{one}"));
        Assert.Equal(BackingVerdict.Differs, Assert.Single(victim.Worker.Status.Backing).Verdict);
    }

    [Fact]
    public async Task Look_WhatDifferedIsToldRightly_IsAskedForAgainThoughNothingHappenedAbroad()
    {
        BridgeValidator victim = _world.Validators[2];
        victim.LieOfState = state => state with
        {
            Supplies = state.Supplies.SetItem(World.Token, new Amount(7)),
        };
        _world.Mine();
        await victim.LookAsync();
        Assert.Equal(BackingVerdict.Differs, Assert.Single(victim.Worker.Status.Backing).Verdict);
        victim.LieOfState = static state => state;
        await victim.LookAsync();
        Assert.Equal(BackingVerdict.Agrees, Assert.Single(victim.Worker.Status.Backing).Verdict);
    }

    [Fact]
    public async Task Look_OneIsToldOfInventedEvents_VotesOnNoneOfThem()
    {
        BridgeValidator victim = _world.Validators[0];
        ulong nonce = _world.LockAndGather(100);
        victim.LieOfFacts = facts => facts.Add(new VoidObserved(nonce, default));
        await _world.StepsAsync(60, () => _world.Books.Minted == new Amount(100));
        Assert.Empty(victim.Submitted);
        Assert.NotEqual("", victim.Worker.Status.Note);
    }

    /// <summary>A node that catches up comes to a lock, and its mint is long final abroad.</summary>
    [Fact]
    public async Task Look_LedgerCatchesUpBetweenTheTwoReads_RaisesNoAlarm()
    {
        LaneView behind = _world.View;
        BridgeValidator late = _world.Validators[0];
        _world.Lock(100);
        await _world.StepsAsync(60, () => _world.Chain.Now.Supplies.ContainsKey(World.Token), v => v != late);
        Assert.NotEmpty(_world.View.Outstanding);
        int reads = 0;
        late.Sees = () => reads++ == 0 ? behind : _world.View;
        Assert.True(await late.LookAsync());
        Assert.Equal(2, reads);
        Assert.DoesNotContain(late.Submitted, one => Said(one.Operation).Any(o => o is MismatchObserved));
        Assert.Equal(BackingVerdict.Agrees, Assert.Single(late.Worker.Status.Backing).Verdict);
    }

    [Fact]
    public async Task Look_Rotation_GoesAbroadAndTheNewSetWorks()
    {
        _world.Ledger.Pass(
            MinistryMaker, new RotateBridgeSigners(World.ChainId, _world.Ledger.Time, World.Changed));
        await _world.StepsAsync(60, () => _world.View.Lane.Epoch == 2);
        Assert.Equal((2UL, 0UL), (_world.Chain.Now.Epoch, _world.View.Lane.Rotation));
        Assert.Equal(World.Changed.ToArray(), _world.View.Lane.Signers.ToArray());
        _world.Lock(100);
        await _world.StepsAsync(60, () => _world.Books.Minted == new Amount(100));
        int left = _world.Validators[1].Submitted.Count;
        await _world.StepAsync();
        Assert.Equal(left, _world.Validators[1].Submitted.Count);
    }

    /// <summary>Signed by the old set, and carried abroad after the rotation by nobody: signed anew.
    /// </summary>
    [Fact]
    public async Task Look_RotationBetweenSigningAndSending_MintsOnceInTheNewEpoch()
    {
        _world.LockAndGather(100);
        _world.Attest(1);
        _world.Ledger.Pass(
            MinistryMaker, new RotateBridgeSigners(World.ChainId, _world.Ledger.Time, World.Changed));
        _world.Chain.Rotate(World.Changed);
        _world.Mine();
        await _world.StepsAsync(60, () => _world.Books.Minted == new Amount(100));
        Assert.Equal(2UL, _world.View.Lane.Epoch);
        Assert.Equal(new Amount(100), _world.Chain.Now.Supplies[World.Token]);
    }

    [Fact]
    public async Task Look_CancelledLock_IsVoidedAbroadAndGivenBack()
    {
        ulong nonce = _world.LockAndGather(100);
        _world.Ledger.MustRun(Alice, new CancelBridgeLock(World.ChainId, nonce));
        await _world.StepsAsync(60, () => _world.View.Outstanding.IsEmpty);
        Assert.Contains(nonce, _world.Chain.Now.Consumed);
        Amount abroad = _world.Chain.Now.Supplies.GetValueOrDefault(World.Token);
        Assert.Equal(new Amount(1_000_000), _world.BalanceOf(Alice) + abroad);
        Assert.Equal(abroad, _world.Books.InEscrow);
    }

    [Fact]
    public async Task Look_LockThatNobodyMintedInTime_IsGivenBack()
    {
        _world.LockAndGather(100);
        _world.Ledger.Wait(HourMs);
        await _world.StepsAsync(60, () => _world.View.Outstanding.IsEmpty);
        Assert.Equal(new Amount(1_000_000), _world.BalanceOf(Alice));
        Assert.Empty(_world.Chain.Now.Consumed);
    }

    [Fact]
    public async Task Look_ThirtyTwoBlocks_AgreeOnTheSupply()
    {
        _world.Minted(100);
        await _world.StepsAsync(80, () => _world.Books.Report is not null);
        Assert.Equal(
            (new Amount(100), LaneSettings.ReportEvery),
            (_world.Books.Report!.Supply, _world.Books.Report.Place.Number));
    }

    /// <summary>Locks, burns, cancellations; sleep and death at any call. All is quiet at the end, and every
    /// unit is somewhere once.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Look_RandomTrafficAndFaults_EveryUnitIsSomewhereOnce(int seed)
    {
        var random = new DeterministicRandom((ulong)seed);
        string[] calls = ["state", "facts", "ledger read", "before submit", "after submit",
            "after eth_getTransactionCount", "before eth_sendRawTransaction", "after eth_sendRawTransaction"];
        var locks = new List<ulong>();
        for (int step = 0; step < 60; step++)
        {
            _world.Lag = (ulong)random.Below(4);
            BridgeValidator one = _world.Validators[random.Below(4)];
            string call = calls[random.Below(calls.Length)];
            one.KillAt = (call, one.Calls.GetValueOrDefault(call) + 1 + random.Below(3));
            Amount abroad = _world.Chain.Now.Supplies.GetValueOrDefault(World.Token);
            switch (random.Below(6))
            {
                case 0 or 1:
                    locks.Add(_world.Lock(1 + (ulong)random.Below(100)));
                    break;
                case 2 when abroad.Units > 0:
                    _world.Chain.Burn(1 + (ulong)random.Below((int)abroad.Units), Bob);
                    break;
                case 3 when locks.Count > 0:
                    _world.Ledger.Run(
                        Alice, new CancelBridgeLock(World.ChainId, locks[random.Below(locks.Count)]));
                    break;
                default:
                    break;
            }

            int asleep = random.Below(8);
            await _world.StepAsync(validator => validator.Index != asleep);
        }

        _world.Lag = 0;
        await _world.StepsAsync(200, () =>
            _world.View is { Outstanding.IsEmpty: true, Messages.IsEmpty: true }
            && _world.View.Lane.NextBurn == _world.Chain.Now.Burns + 1);
        await _world.StepsAsync(60, () => _world.Validators.All(validator =>
            validator.Worker.Status is { OpenSends: 0, Backing: [{ Verdict: BackingVerdict.Agrees }] }));
        Amount supply = _world.Chain.Now.Supplies[World.Token];
        Assert.Equal(supply, _world.Books.InEscrow);
        Assert.Equal(new Amount(1_000_000), _world.BalanceOf(Alice) + _world.BalanceOf(Bob) + supply);
        Assert.Equal(BridgeStops.None, _world.View.Lane.Stops);
        Assert.Empty(InvariantChecker.FullCheck(_world.Ledger.State));
        Assert.True(_world.Validators.Sum(validator => validator.Kills) > 20);
        Assert.All(_world.Validators, validator => Assert.DoesNotContain(
            validator.Submitted, one => Said(one.Operation).Any(o => o is MismatchObserved)));
    }

    private static ImmutableArray<BridgeObservation> Said(Operation operation) =>
        operation is ObserveBridge observe ? observe.Observations : [];
}
