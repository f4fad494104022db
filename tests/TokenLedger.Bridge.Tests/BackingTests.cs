// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Bridge.Tests.Model;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Bridge.Tests;

/// <summary>The proof of backing, between a real ledger and a model of the contracts.</summary>
public sealed class BackingTests
{
    private readonly World _world = new();

    /// <summary>Bridge seed 10185: a ledger from a backup, and endpoints that leave out events.</summary>
    [Fact]
    public void Compare_LedgerEarlierThanTheBlock_DoesNotDiffer()
    {
        LaneView old = LaneView.Read(
            _world.Ledger.State.Copy(), _world.Ledger.Height, _world.Ledger.Time, World.ChainId)!;
        _world.Chain.Mint(_world.LockAndGather(), 100);
        _world.Mine();
        Backing backing = Assert.Single(Backing.Compare(old, _world.Remote(old), []));
        Assert.Equal(BackingVerdict.NotComparable, backing.Verdict);
        Assert.Contains("earlier than block", backing.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_EachStageOfTheWayOut_Agrees()
    {
        Agrees(locked: 0, supply: 0, mints: 0, voids: 0, burns: 0);
        ulong nonce = _world.Lock(100);
        Agrees(locked: 100, supply: 0, mints: 100, voids: 0, burns: 0);
        _world.Gather();
        _world.Attest(1);
        Agrees(locked: 100, supply: 0, mints: 100, voids: 0, burns: 0);
        _world.Chain.Mint(nonce, 100);
        Agrees(locked: 100, supply: 0, mints: 100, voids: 0, burns: 0);
        _world.Mine();
        Agrees(locked: 100, supply: 100, mints: 0, voids: 0, burns: 0);
        _world.SeeAll();
        Assert.Equal(new Amount(100), _world.Books.Minted);
        Agrees(locked: 100, supply: 100, mints: 0, voids: 0, burns: 0);
    }

    [Fact]
    public void Compare_EachStageOfTheWayBack_Agrees()
    {
        _world.Minted(100);
        _world.Chain.Burn(30, Bob);
        _world.Chain.Burn(20, Bob);
        _world.Mine();
        Agrees(locked: 100, supply: 50, mints: 0, voids: 0, burns: 50);

        // The second one is agreed on first and waits for its turn.
        BridgeObservation[] burns = [.. _world.Facts.OfType<BurnObserved>()];
        _world.See(burns[1]);
        Agrees(locked: 100, supply: 50, mints: 0, voids: 0, burns: 50);
        _world.See(burns[0]);
        Assert.Equal(new Amount(50), _world.BalanceOf(Bob));
        Agrees(locked: 50, supply: 50, mints: 0, voids: 0, burns: 0);
    }

    [Fact]
    public void Compare_VoidBeforeItsRefund_Agrees()
    {
        ulong nonce = _world.LockAndGather(100);
        _world.Ledger.MustRun(Alice, new CancelBridgeLock(World.ChainId, nonce));
        Agrees(locked: 100, supply: 0, mints: 100, voids: 0, burns: 0);
        _world.Chain.Void(nonce);
        _world.Mine();
        Agrees(locked: 100, supply: 0, mints: 0, voids: 100, burns: 0);
        _world.SeeAll();
        Agrees(locked: 0, supply: 0, mints: 0, voids: 0, burns: 0);
        Assert.Equal(new Amount(1_000_000), _world.BalanceOf(Alice));
    }

    [Fact]
    public void Compare_ExpiredLock_AgreesBeforeAndAfterItsRefund()
    {
        ulong nonce = _world.LockAndGather(100);
        _world.Ledger.Wait(HourMs);
        _world.Mine();
        Agrees(locked: 100, supply: 0, mints: 100, voids: 0, burns: 0);
        _world.See(new ExpiryObserved(nonce));
        Agrees(locked: 0, supply: 0, mints: 0, voids: 0, burns: 0);
    }

    [Fact]
    public void Compare_SuspendedBurn_AgreesBeforeAndAfterItsRelease()
    {
        _world.Minted(100);
        _world.Chain.Burn(30, Nobody);
        _world.Mine();
        _world.SeeAll();
        Assert.Single(_world.View.Suspended);
        Agrees(locked: 100, supply: 70, mints: 0, voids: 0, burns: 30);
        _world.Ledger.Pass(RegulatorMaker, new RedirectBridgeRelease(World.ChainId, 1, Bob, "test"));
        Assert.Empty(_world.View.Suspended);
        Agrees(locked: 70, supply: 70, mints: 0, voids: 0, burns: 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Compare_OtherSupply_Differs(int more)
    {
        _world.Minted(100);
        _world.Lock(50);
        _world.Chain.Supply(World.Token, more);
        _world.Mine();
        Backing backing = _world.Compare();
        Assert.Equal(BackingVerdict.Differs, backing.Verdict);
        Assert.Equal(new Amount(150), backing.Locked);
        Assert.Equal(new Amount((UInt128)(150 + more)), backing.Explained);
        Assert.Contains("150 are locked", backing.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_MintOfANonceThatTheLedgerHasNot_DiffersOnceTheLedgerIsClearlyLater()
    {
        _world.Chain.Mint(7, 100);
        _world.Mine();
        Assert.Equal(BackingVerdict.NotComparable, _world.Compare().Verdict);
        _world.Ledger.Wait(301_000);
        _world.Ledger.RunBlock();
        Assert.Equal(BackingVerdict.Differs, _world.Compare().Verdict);
    }

    [Fact]
    public void Compare_MoreMintedThanLocked_Differs()
    {
        _world.Chain.Mint(_world.LockAndGather(100), 101);
        _world.Mine();
        Assert.Equal(BackingVerdict.Differs, _world.Compare().Verdict);
    }

    [Fact]
    public void Compare_BurnOfMoreThanWasMinted_DiffersOrStaysWithinTheBooks()
    {
        _world.Minted(100);
        _world.Chain.Burn(30, Bob);
        _world.Chain.Supply(World.Token, 30);
        _world.Mine();
        Assert.Equal(BackingVerdict.Differs, _world.Compare().Verdict);
    }

    [Fact]
    public void Compare_BlockBeforeOneThatTheLedgerKnows_IsNotComparable()
    {
        ulong nonce = _world.LockAndGather(100);
        RemoteState before = _world.Remote(_world.View);
        _world.Chain.Mint(nonce, 100);
        _world.Mine();
        _world.SeeAll();
        Backing backing = _world.Compare(remote: before);
        Assert.Equal(BackingVerdict.NotComparable, backing.Verdict);
        Assert.Contains("The ledger knows of block", backing.Note, StringComparison.Ordinal);
    }

    /// <summary>A lock came between the reads of both sides, its mint was final, and the endpoints left the
    /// event out.</summary>
    [Theory]
    [InlineData(0, BackingVerdict.NotComparable)]
    [InlineData(1, BackingVerdict.Differs)]
    public void Compare_MintLeftOutOfALockThatWasNotAskedFor_IsNotComparable(
        ulong forged, BackingVerdict verdict)
    {
        _world.Minted(1_000);
        LaneView before = _world.View;
        _world.Chain.Mint(_world.LockAndGather(365), 365);
        _world.Chain.Supply(World.Token, (Int128)forged);
        _world.Mine();
        RemoteState remote = _world.Remote(before);
        _world.Ledger.Wait(60_000);
        _world.Ledger.RunBlock();
        Backing backing = Assert.Single(Backing.Compare(_world.View, remote, []));
        Assert.Equal(verdict, backing.Verdict);
    }

    [Fact]
    public void Compare_BurnOrEndWithoutItsEvent_IsNotComparable()
    {
        ulong nonce = _world.LockAndGather(100);
        _world.Chain.Mint(nonce, 100);
        _world.Chain.Burn(30, Bob);
        _world.Mine();
        LaneView view = _world.View;
        RemoteState remote = _world.Remote(view);
        foreach (BridgeObservation omitted in _world.Facts)
        {
            BridgeObservation[] others = [.. _world.Facts.Where(fact => fact != omitted)];
            Backing backing = Assert.Single(Backing.Compare(view, remote, others));
            Assert.Equal(BackingVerdict.NotComparable, backing.Verdict);
            Assert.Contains("event was not found", backing.Note, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Compare_TokenOfWhichNobodyTold_IsNotComparable()
    {
        LaneView view = _world.View;
        RemoteState remote = _world.Chain.State(_world.Chain[_world.Chain.Final].Head, [], []);
        Assert.Equal(BackingVerdict.NotComparable, _world.Compare(view, remote).Verdict);
    }

    /// <summary>A ledger that catches up comes to a lock between its two looks.</summary>
    [Fact]
    public void Compare_LockThatWasNotAskedForAndIsMinted_AgreesByItsEvent()
    {
        LaneView earlier = _world.View;
        ulong nonce = _world.LockAndGather(100);
        Assert.Equal(BackingVerdict.Agrees, _world.Compare(remote: _world.Remote(earlier)).Verdict);
        _world.Chain.Mint(nonce, 100);
        _world.Mine();
        Assert.Equal(BackingVerdict.Agrees, _world.Compare(remote: _world.Remote(earlier)).Verdict);
    }

    private void Agrees(ulong locked, ulong supply, ulong mints, ulong voids, ulong burns)
    {
        Backing backing = _world.Compare();
        Assert.Equal((BackingVerdict.Agrees, ""), (backing.Verdict, backing.Note));
        Assert.Equal(
            (locked, supply, mints, voids, burns),
            (Of(backing.Locked), Of(backing.Supply), Of(backing.MintsInFlight), Of(backing.VoidsUnrefunded),
                Of(backing.BurnsUnreleased)));
    }

    private static ulong Of(Amount amount) => (ulong)amount.Units;
}
