// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Bridge.Tests.Model;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Bridge.Tests;

/// <summary>What one signer does next.</summary>
public sealed class BridgePlanTests
{
    private readonly World _world = new();

    [Fact]
    public void Observe_MintsAndBurnsOfBlocks_AreInTheirOrderAndMintsFirst()
    {
        _world.Minted(50);
        ulong first = _world.LockAndGather(100);
        ulong second = _world.LockAndGather(200);
        _world.Chain.Burn(1, Bob);
        _world.Chain.Mint(second, 200);
        _world.Mine();
        _world.Chain.Burn(2, Bob);
        _world.Chain.Mint(first, 100);
        _world.Mine();
        Assert.Equal(
            ["Mint 3", "Burn 1", "Mint 2", "Burn 2"],
            _world.Plan().Observe.Select(o => o switch
            {
                MintObserved mint => $"Mint {mint.Nonce}",
                BurnObserved burn => $"Burn {burn.Nonce}",
                _ => $"{o}",
            }));
    }

    [Fact]
    public void Observe_WhatItHasVotedOn_IsNotRepeated()
    {
        _world.Chain.Mint(_world.LockAndGather(), 100);
        _world.Mine();
        _world.See(Assert.Single(_world.Plan().Observe), votes: 1);
        Assert.Empty(_world.Plan(0).Observe);
        Assert.Single(_world.Plan(1).Observe);
        _world.SeeAll();
        Assert.Empty(_world.Plan(3).Observe);
    }

    [Fact]
    public void Observe_BurnsFarAhead_WaitForThoseBefore()
    {
        for (ulong i = 0; i < (ulong)Limits.BridgeBurnsAhead + 5; i++)
        {
            _world.Chain.Burn(0, Bob);
        }

        _world.Mine();
        Assert.Equal((int)Limits.BridgeBurnsAhead, _world.Plan().Observe.OfType<BurnObserved>().Count());
    }

    /// <summary>An invented event is no vote, and one that the ledger refuses must not hinder the alarm that
    /// goes with it.</summary>
    [Fact]
    public void Observe_EndOfANonceThatIsNotConsumedOrInNoMessage_IsNotSaid()
    {
        ulong gathered = _world.LockAndGather();
        ulong waiting = _world.Lock();
        _world.Chain.Mint(waiting, 101);
        _world.Mine();
        LaneView view = _world.View;
        RemoteState remote = _world.Remote(view);
        BridgeObservation[] facts = [.. _world.Facts, new VoidObserved(gathered, default)];
        BridgePlan plan = BridgePlan.Make(
            view, remote, facts, null, Backing.Compare(view, remote, facts), World.Signers[0].Key);
        Assert.IsType<MismatchObserved>(Assert.Single(plan.Observe));
        _world.Ledger.MustRun(World.Signers[0].Key, new ObserveBridge(World.ChainId, plan.Observe));
    }

    [Fact]
    public void Observe_Expiry_OnlyAfterTheDeadlineInABlockThatDoesNotKnowTheNonce()
    {
        ulong nonce = _world.LockAndGather();
        ulong deadline = _world.View.Outstanding[nonce].DeadlineSeconds;
        _world.Ledger.Wait((deadline * 1_000) - _world.Ledger.Time.Value);
        _world.Mine();
        Assert.Equal(deadline, _world.Chain[_world.Chain.Final].Head.TimeSeconds);
        Assert.Empty(_world.Plan().Observe);
        _world.Ledger.Wait(1_000);
        Assert.Empty(_world.Plan().Observe);
        _world.Mine();
        Assert.Equal(new ExpiryObserved(nonce), Assert.Single(_world.Plan().Observe));

        LaneView view = _world.View;
        RemoteState notAsked = _world.Chain.State(_world.Chain[_world.Chain.Final].Head, [], [World.Token]);
        Assert.Empty(BridgePlan.Make(view, notAsked, [], null, [], World.Signers[0].Key).Observe);
        _world.Chain.Mint(nonce, 100);
        _world.Mine();
        Assert.IsType<MintObserved>(Assert.Single(_world.Plan().Observe));
    }

    [Fact]
    public void Observe_Report_IsOfItsBlockAndOnceOfEach()
    {
        _world.Chain.Mint(_world.LockAndGather(), 100);
        _world.Mine();
        _world.SeeAll();
        RemoteState report = _world.Remote(_world.View);
        var supply = Assert.IsType<SupplyObserved>(Assert.Single(_world.Plan(0, report).Observe));
        Assert.Equal(
            (World.Token, new Amount(100), report.Head.Number), (supply.Token, supply.Supply, supply.Block));
        _world.See(supply);
        Assert.Empty(_world.Plan(3, report).Observe);
    }

    [Fact]
    public void Observe_Mismatch_IsSaidAndHaltsTheLaneWithTwoVoices()
    {
        _world.Minted(100);
        _world.Chain.Supply(World.Token, 1);
        _world.Mine();
        for (int i = 0; i < 2; i++)
        {
            var alarm = Assert.IsType<MismatchObserved>(Assert.Single(_world.Plan(i).Observe));
            Assert.Equal((new Amount(100), new Amount(101)), (alarm.Locked, alarm.Explained));
            _world.See(alarm, votes: i + 1);
        }

        Assert.Equal(BridgeStops.Halted, _world.View.Lane.Stops);
        Assert.Equal(BridgePlan.Nothing, _world.Plan(2));
    }

    [Fact]
    public void Make_NoSigner_IsNothing()
    {
        _world.Chain.Mint(_world.LockAndGather(), 100);
        _world.Mine();
        LaneView view = _world.View;
        RemoteState remote = _world.Remote(view);
        Assert.Equal(
            BridgePlan.Nothing,
            BridgePlan.Make(view, remote, _world.Facts, remote, [], World.Others[0].Key));
    }

    [Fact]
    public void Sign_OpenMessages_OnceEach()
    {
        _world.LockAndGather();
        Assert.Equal([1UL], _world.Plan(0).Sign.ToArray());
        _world.Attest(1, count: 1);
        Assert.Empty(_world.Plan(0).Sign);
        Assert.Equal([1UL], _world.Plan(1).Sign.ToArray());
    }

    [Fact]
    public void Sign_BackingThatDoesNotAgree_SignsNothing()
    {
        ulong nonce = _world.LockAndGather();
        _world.Ledger.MustRun(Alice, new CancelBridgeLock(World.ChainId, nonce));
        Assert.Equal([1UL, 2UL], _world.Plan().Sign.ToArray());
        LaneView view = _world.View;
        RemoteState remote = _world.Remote(view);
        foreach (BackingVerdict verdict in Enum.GetValues<BackingVerdict>()
            .Where(verdict => verdict != BackingVerdict.Agrees))
        {
            Backing backing = _world.Compare() with { Verdict = verdict };
            Assert.Empty(BridgePlan.Make(view, remote, [], null, [backing], World.Signers[0].Key).Sign);
        }

        Backing others = _world.Compare() with { Token = Named("other token") };
        Assert.Empty(BridgePlan.Make(view, remote, [], null, [others], World.Signers[0].Key).Sign);
    }

    [Fact]
    public void Sign_MintPastItsDeadlineOrWhileLocksStand_IsNotSigned()
    {
        _world.LockAndGather();
        _world.Ledger.Pass(MinistryMaker, new PauseBridge(World.ChainId, BridgeStops.Locks, "test"));
        Assert.Empty(_world.Plan().Sign);
        _world.Ledger.Pass(MinistryMaker, new ResumeBridge(World.ChainId, BridgeStops.Locks, "test"));
        Assert.Equal([1UL], _world.Plan().Sign.ToArray());
        _world.Ledger.Wait(HourMs);
        _world.Ledger.RunBlock();
        Assert.Empty(_world.Plan().Sign);
    }

    [Fact]
    public void Send_OnlyWithAQuorumAndUntilItIsDone()
    {
        ulong nonce = _world.LockAndGather();
        _world.Attest(1, count: 2);
        Assert.Empty(_world.Plan().Send);
        _world.Ledger.MustRun(
            World.Signers[2].Key,
            new AttestBridge(World.ChainId, 1, 1, [.. new byte[Limits.SignatureBytes]]));
        Assert.Equal([1UL], _world.Plan().Send.ToArray());
        _world.Chain.Mint(nonce, 100);
        _world.Mine();
        Assert.Empty(_world.Plan().Send);
    }

    [Fact]
    public void Send_ItemThatIsDecidedBesideOneThatIsConsumed_IsNotSentAgain()
    {
        ulong first = _world.Lock();
        ulong second = _world.LockAndGather();
        _world.Attest(1);
        _world.Chain.Mint(first, 100);
        _world.Mine();
        _world.SeeAll();
        Assert.Equal([1UL], _world.Plan().Send.ToArray());
        _world.Chain.Mint(second, 100);
        _world.Mine();
        Assert.Empty(_world.Plan().Send);
    }

    [Fact]
    public void Send_MintPastItsDeadlineAbroad_IsNotSent()
    {
        _world.LockAndGather();
        _world.Attest(1);
        Assert.Equal([1UL], _world.Plan().Send.ToArray());
        _world.Ledger.Wait(HourMs);
        _world.Mine();
        Assert.Empty(_world.Plan().Send);
    }

    [Fact]
    public void Rotation_IsSignedSentAndObserved()
    {
        _world.Ledger.Pass(
            MinistryMaker, new RotateBridgeSigners(World.ChainId, _world.Ledger.Time, World.Others));
        ulong id = _world.View.Lane.Rotation;
        Assert.Equal([id], _world.Plan().Sign.ToArray());
        _world.Attest(id);
        Assert.Equal([id], _world.Plan().Send.ToArray());
        _world.Chain.Rotate(World.Others);
        _world.Mine();
        Assert.IsType<RotationObserved>(Assert.Single(_world.Plan().Observe));
        _world.SeeAll();
        Assert.Equal(2UL, _world.View.Lane.Epoch);
        Assert.Equal(World.Others.ToArray(), _world.View.Lane.Signers.ToArray());
        Assert.Equal(BridgePlan.Nothing, _world.Plan());
    }

    /// <summary>A pause comes too late for no message that is not abroad.</summary>
    [Fact]
    public void Send_SignedMintWhileLocksStand_IsNotSent()
    {
        _world.LockAndGather();
        _world.Attest(1);
        Assert.Equal([1UL], _world.Plan().Send.ToArray());
        _world.Ledger.Pass(MinistryMaker, new PauseBridge(World.ChainId, BridgeStops.Locks, "fraud"));
        Assert.Empty(_world.Plan().Send);
    }

    /// <summary>What was signed in the epoch before is signed anew.</summary>
    [Fact]
    public void Sign_MessageOfTheEpochBefore_IsSignedAnewAndNotSentUntilThen()
    {
        _world.LockAndGather();
        _world.Attest(1);
        _world.Ledger.Pass(
            MinistryMaker, new RotateBridgeSigners(World.ChainId, _world.Ledger.Time, World.Others));
        _world.Chain.Rotate(World.Others);
        _world.Mine();
        _world.SeeAll();
        LaneView view = _world.View;
        RemoteState remote = _world.Remote(view);
        BridgePlan plan = BridgePlan.Make(
            view, remote, [], null, [_world.Compare()], World.Others[0].Key);
        Assert.Equal([1UL], plan.Sign.ToArray());
        Assert.Empty(plan.Send);
    }

    [Fact]
    public void Retry_SuspendedBurn_IsOneSignersAtATimeOnceTheHindranceIsGone()
    {
        _world.Minted(100);
        _world.Ledger.Pass(MinistryMaker, new PauseBridge(World.ChainId, BridgeStops.Releases, "test"));
        _world.Chain.Burn(30, Bob);
        _world.Mine();
        _world.SeeAll();
        Assert.Equal(RejectionCode.BridgePaused, _world.View.Suspended[1].Hindrance);
        Assert.All(Enumerable.Range(0, 4), i => Assert.Empty(_world.Plan(i).Retry));
        _world.Ledger.Pass(MinistryMaker, new ResumeBridge(World.ChainId, BridgeStops.Releases, "test"));
        int first = Retrying();
        _world.Ledger.Wait(15_000);
        _world.Ledger.RunBlock();
        Assert.NotEqual(first, Retrying());
        _world.Ledger.MustRun(World.Signers[first].Key, new RetryBridgeRelease(World.ChainId, 1));
        Assert.Equal(new Amount(30), _world.BalanceOf(Bob));
        Assert.All(Enumerable.Range(0, 4), i => Assert.Empty(_world.Plan(i).Retry));
    }

    [Fact]
    public void Retry_BurnOverTheMintedUnits_WaitsForTheMint()
    {
        ulong nonce = _world.LockAndGather(100);
        _world.Chain.Mint(nonce, 100);
        _world.Chain.Burn(30, Bob);
        _world.Mine();
        _world.See(_world.Facts.OfType<BurnObserved>().Single());
        Assert.Equal(RejectionCode.BridgeBacking, _world.View.Suspended[1].Hindrance);
        Assert.All(Enumerable.Range(0, 4), i => Assert.Empty(_world.Plan(i).Retry));
        _world.See(_world.Facts.OfType<MintObserved>().Single());
        Retrying();
    }

    /// <summary>The one signer whose turn it is.</summary>
    private int Retrying() =>
        Assert.Single(Enumerable.Range(0, 4), i => _world.Plan(i).Retry.SequenceEqual([1UL]));
}
