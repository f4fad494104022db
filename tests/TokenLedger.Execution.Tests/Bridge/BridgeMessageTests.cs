// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Bridge;

/// <summary>How locks get into messages, and messages get their signatures.</summary>
public sealed class BridgeMessageTests : BridgeFixture
{
    [Fact]
    public void Gather_FirstLocksWindow_EndsExactlyAtItsMillisecond()
    {
        ulong first = Lock(100);
        ulong second = Lock(200);
        Ledger.Wait(GatherMs - 2_001);
        Assert.Equal(GatherMs - 1, Ledger.Next.Time.Since(LockOf(first).LockedAt));
        BlockResult early = Ledger.Machine.Execute(Ledger.State, Ledger.Next, []);
        Assert.Empty(Assert.IsType<ExecutedBlock>(early).Events);
        Ledger.Wait(1);

        Ledger.RunBlock();

        BridgeMessageState message = Message(1);
        Assert.Equal(
            [
                new BridgeItem(first, Abroad, new Amount(100)),
                new BridgeItem(second, Abroad, new Amount(200)),
            ],
            message.Items.ToArray());
        Assert.Equal(
            (BridgeMessageKind.Mint, 1UL, Token, new Amount(300), 2),
            (message.Kind, message.Epoch, message.Token, message.CumulativeLocked, (int)message.Open));
        Assert.Equal(LockOf(first).DeadlineSeconds, message.DeadlineSeconds);
        EventRecord opened = Assert.Single(Ledger.Events);
        Assert.Equal(new BridgeMessageOpened(Chain, 1, BridgeMessageKind.Mint), opened.Event);
        Assert.Equal(EventRecord.Housekeeping, opened.TransactionIndex);
    }

    [Fact]
    public void Gather_FullMessage_GoesAtOnce()
    {
        Operation[] locks =
            [.. Enumerable.Repeat(new LockForBridge(Chain, Bond, new Amount(1), Abroad), 51)];

        Ledger.MustRun(Alice, locks);

        Assert.Equal(Limits.BridgeItemsPerMessage, Message(1).Items.Length);
        Assert.Equal(2UL, State.NextMessage);
        Assert.Equal(BridgeLockStatus.Waiting, LockOf(51).Status);
        Gather();
        Assert.Equal(51UL, Assert.Single(Message(2).Items).Nonce);
    }

    /// <summary>The queue is in the order of locking: locks of an asset that comes first in the alphabet keep
    /// no others from their turn.</summary>
    [Fact]
    public void Gather_MoreLocksThanABlockLooksAt_TakesTheOldestOfEveryAsset()
    {
        AssetId[] assets = [.. Enumerable.Range(0, 21).Select(i => AssetId.Parse($"A-{i}"))];
        foreach (AssetId[] some in assets.Chunk(10))
        {
            Ledger.Pass(
                MinistryMaker,
                [
                    .. some.Select(a => new CreateAsset(BondDefinition(a))),
                    .. some.Select(a => new MapBridgeToken(Chain, a, Named($"token of {a}"), Wide)),
                    .. some.Select(a => new IssueUnits(a, Alice, new Amount(49))),
                ]);
        }

        ulong oldest = Lock(1);
        foreach (AssetId asset in assets)
        {
            Ledger.MustRun(
                Alice,
                [.. Enumerable.Repeat(new LockForBridge(Chain, asset, new Amount(1), Abroad), 49)]);
        }

        Assert.True(State.NextLock - 1 > Limits.BridgeQueueRows);
        Gather();

        Assert.Equal(BridgeLockStatus.Signing, LockOf(oldest).Status);
        Ledger.RunBlock();
        Assert.Equal(BridgeLockStatus.Signing, LockOf(State.NextLock - 1).Status);
    }

    [Fact]
    public void Gather_TwoAssets_GoIntoTwoMessages()
    {
        Ledger.Pass(TreasuryMaker, new MapBridgeToken(Chain, Carbon, Named("carbon token"), Wide));
        Ledger.Pass(TreasuryMaker, new IssueUnits(Carbon, Alice, new Amount(10)));
        ulong bond = Lock(1);
        ulong carbon = Lock(1, asset: Carbon);

        Gather();

        Assert.Equal((1UL, 2UL), (LockOf(bond).MintId, LockOf(carbon).MintId));
        Assert.Equal(Named("carbon token"), Message(2).Token);
    }

    [Fact]
    public void Gather_WhileLocksStand_Waits_AndRefundsWhatExpiredMeanwhile()
    {
        ulong nonce = Lock(100);
        Ledger.Pass(MinistryMaker, new PauseBridge(Chain, BridgeStops.Locks, ""));
        Ledger.Wait(LifetimeMs);
        Ledger.RunBlock();
        Assert.Equal(BridgeLockStatus.Waiting, LockOf(nonce).Status);

        Ledger.Pass(MinistryMaker, new ResumeBridge(Chain, BridgeStops.Locks, ""));

        Assert.Equal(BridgeLockStatus.Refunded, LockOf(nonce).Status);
        Assert.Equal(new Amount(1_000_000), Balance(Alice));
        Assert.Equal(1UL, State.NextMessage);
    }

    /// <summary>A message lives as long as its shortest-lived lock; one that is nearly over takes no others
    /// with it.</summary>
    [Theory]
    [InlineData(74, true)]
    [InlineData(76, false)]
    public void Gather_LockThatWaitedForMostOfItsLife_GoesBack(ulong percent, bool leaves)
    {
        ulong old = Lock(100);
        Ledger.Pass(MinistryMaker, new PauseBridge(Chain, BridgeStops.Locks, ""));
        Ledger.Wait(LifetimeMs * percent / 100);
        Ledger.Pass(MinistryMaker, new ResumeBridge(Chain, BridgeStops.Locks, ""));
        ulong fresh = Lock(100);
        Gather();
        Assert.Equal(
            (leaves ? BridgeLockStatus.Signing : BridgeLockStatus.Refunded, BridgeLockStatus.Signing),
            (LockOf(old).Status, LockOf(fresh).Status));
    }

    [Fact]
    public void Gather_OneGoesBackAndOneGoesOn_CountsWhatIsOpen()
    {
        Ledger.Pass(MinistryMaker, new IssueUnits(Bond, Bob, new Amount(100)));
        ulong frozen = Lock(100);
        ulong other = Lock(100, Bob);
        Ledger.Pass(RegulatorMaker, new FreezeAccount(Alice, FreezeMode.Send, "order", default));
        Gather();
        Assert.Equal(
            (BridgeLockStatus.Refunded, BridgeLockStatus.Signing),
            (LockOf(frozen).Status, LockOf(other).Status));
        Assert.Equal(1u, State.OpenLocks);
        Assert.Empty(InvariantChecker.FullCheck(Ledger.State));
    }

    [Fact]
    public void Attest_BySigners_KeepsSignaturesByAscendingSigner()
    {
        LockAndGather();
        foreach (int signer in new[] { 2, 0, 3 })
        {
            Attest(1, Signers[signer]);
        }

        Assert.Equal([0, 2, 3], Message(1).Signatures.Select(signature => (int)signature.Signer));
        Fails(RejectionCode.BridgeAlreadyAttested, Signers[2].Key, Signature(1));
    }

    [Fact]
    public void Attest_ByNoSigner_OfNothingOrOfAnotherEpoch_IsRefused()
    {
        LockAndGather();
        Fails(RejectionCode.BridgeNotSigner, Alice, Signature(1));
        Fails(RejectionCode.BridgeMessageUnknown, Signers[0].Key, Signature(2));
        Fails(RejectionCode.BridgeEpoch, Signers[0].Key, Signature(1, epoch: 2));
        Fails(RejectionCode.BridgeLaneUnknown, Signers[0].Key, Signature(1) with { ChainId = 1 });
        Assert.Equal(
            RejectionCode.InvalidField,
            Ledger.WhyInvalid(Ledger.Draft(Signers[0].Key, Signature(1) with { Signature = [1] }))?.Code);
    }

    [Fact]
    public void Attest_MessageWithoutAnOpenItem_IsRefused()
    {
        See(new MintObserved(LockAndGather(), Place()));
        Fails(RejectionCode.BridgeMessageClosed, Signers[0].Key, Signature(1));
    }

    [Fact]
    public void Attest_WhileLocksStand_SignsVoidsAndNoMints()
    {
        ulong nonce = LockAndGather();
        Ledger.MustRun(Alice, new CancelBridgeLock(Chain, nonce));
        Ledger.Pass(MinistryMaker, new PauseBridge(Chain, BridgeStops.Locks, ""));

        Fails(RejectionCode.BridgePaused, Signers[0].Key, Signature(1));
        Attest(2, Signers[0]);
    }

    [Fact]
    public void Rotation_InTheMiddleOfATransfer_LeavesTheMessageToTheNewSigners()
    {
        ulong nonce = LockAndGather(100);
        Attest(1, Signers[0]);
        Attest(1, Signers[1]);
        Vote(Signers[0], new MintObserved(nonce, Place()));
        var notBefore = new TimestampMs(Start.Value + DayMs + 1);
        Ledger.Pass(MinistryMaker, new RotateBridgeSigners(Chain, notBefore, Others));
        BridgeMessageState rotation = Message(2);
        Assert.Equal(
            (BridgeMessageKind.Rotation, 1, Others.Length, (notBefore.Value / 1_000) + 1),
            (rotation.Kind, (int)rotation.Open, rotation.Signers.Length, rotation.DeadlineSeconds));
        Fails(RejectionCode.BridgeNotSigner, Others[0].Key, Signature(1, epoch: 2));
        Attest(2, Signers[3]);

        See(Rotation(Others));

        Assert.Equal((2UL, 0UL, 0), (State.Epoch, State.Rotation, (int)Message(2).Open));
        Assert.Contains(new BridgeSignersSet(Chain, 2, 4), Happened);
        Assert.Equal(Others.ToArray(), State.Signers.ToArray());
        Fails(RejectionCode.BridgeNotSigner, Signers[2].Key, Signature(1));
        Fails(RejectionCode.BridgeEpoch, Others[0].Key, Signature(1, epoch: 1));
        Attest(1, Others[3], epoch: 2);
        Assert.Equal((2UL, 3), (Message(1).Epoch, (int)Assert.Single(Message(1).Signatures).Signer));

        // The old set's vote is worth nothing any more: two of the new set do not decide, three do.
        See(new MintObserved(nonce, Place()), votes: 2, Others);
        Assert.Equal(BridgeLockStatus.Signing, LockOf(nonce).Status);
        Vote(Others[2], new MintObserved(nonce, Place()));
        Assert.Equal(BridgeLockStatus.Minted, LockOf(nonce).Status);
    }

    [Fact]
    public void Rotation_WithASignerThatStays_KeepsItsAccount()
    {
        var mixed = Others.RemoveAt(0).Add(Signers.Single(s => s.Institution == Others[0].Institution));
        ImmutableArray<BridgeSigner> next = [.. mixed.OrderBy(s => s.Key)];
        Ledger.Pass(MinistryMaker, new RotateBridgeSigners(Chain, default, next));
        Assert.Equal(3, Happened.OfType<AccountRegistered>().Count());
        See(Rotation(next));
        Assert.Equal(2UL, State.Epoch);
    }

    /// <summary>Their cold keys can put another set there: it signs, whatever the ledger asked for.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rotation_ToSignersThatWereNotAskedFor_HaltsUntilTheyAre(bool othersWereAsked)
    {
        if (othersWereAsked)
        {
            Ledger.Pass(MinistryMaker, new RotateBridgeSigners(Chain, default, Others));
        }

        ImmutableArray<BridgeSigner> recovered = Set("recovered");
        See(Rotation(recovered));
        Assert.Equal((BridgeStops.Halted, 1UL), (State.Stops, State.Epoch));

        Ledger.Pass(MinistryMaker, new RotateBridgeSigners(Chain, default, recovered));
        Ledger.Pass(MinistryMaker, new ResumeBridge(Chain, BridgeStops.Halted, "found out"));
        See(Rotation(recovered));
        Assert.Equal((BridgeStops.None, 2UL, 0UL), (State.Stops, State.Epoch, State.Rotation));
        Assert.Equal(recovered.ToArray(), State.Signers.ToArray());
    }

    /// <summary>So many keys are lost that nobody can say what the contracts' cold keys installed.</summary>
    [Fact]
    public void Rotate_ToSignersThatStandAbroad_TakesEffectAtOnceWhileTheLaneStands()
    {
        ulong nonce = LockAndGather();
        Attest(1, Signers[0]);
        See(new ExpiryObserved(nonce), votes: 2);
        // The cold keys put there what was asked for, too.
        Ledger.Pass(MinistryMaker, new RotateBridgeSigners(Chain, default, Others));
        var installed = new RotateBridgeSigners(Chain, default, Others, InstalledEpoch: 3);
        Refuses(RejectionCode.BridgeNotPaused, MinistryMaker, installed);
        Ledger.Pass(
            RegulatorMaker, new PauseBridge(Chain, BridgeStops.Locks | BridgeStops.Releases, "keys lost"));
        Refuses(
            RejectionCode.BridgeEpoch, MinistryMaker,
            new RotateBridgeSigners(Chain, default, [.. Signers], InstalledEpoch: 1));
        Ledger.Pass(MinistryMaker, installed);
        Assert.Equal((3UL, 0UL, 0), (State.Epoch, State.Rotation, (int)Message(2).Open));
        Assert.Equal(Others.ToArray(), State.Signers.ToArray());
        Fails(
            RejectionCode.BridgeNotSigner, Signers[2].Key,
            new ObserveBridge(Chain, [new ExpiryObserved(nonce)]));
        See(new ExpiryObserved(nonce), votes: 2, Others);
        Assert.Equal(BridgeLockStatus.Signing, LockOf(nonce).Status);
        Vote(Others[2], new ExpiryObserved(nonce));
        Assert.Equal(BridgeLockStatus.Refunded, LockOf(nonce).Status);
    }

    /// <summary>Officers typed a wrong epoch, then wrong keys: the lane can be put right, and what the wrong
    /// ones said counts for nobody.</summary>
    [Fact]
    public void Rotate_ToAWrongSetOrEpoch_IsCorrectedWhileTheLaneStands()
    {
        ulong nonce = LockAndGather();
        See(new RotationObserved(2, BridgeSignerKeys.Hash(Others), Place(7)), votes: 1);
        Ledger.Pass(
            RegulatorMaker, new PauseBridge(Chain, BridgeStops.Locks | BridgeStops.Releases, "keys lost"));
        Ledger.Pass(MinistryMaker, new RotateBridgeSigners(Chain, default, Others, InstalledEpoch: 7));
        ImmutableArray<BridgeSigner> wrong = Set("wrong");
        Ledger.Pass(MinistryMaker, new RotateBridgeSigners(Chain, default, wrong, InstalledEpoch: 2));
        See(new ExpiryObserved(nonce), votes: 2, wrong);
        Ledger.Pass(MinistryMaker, new RotateBridgeSigners(Chain, default, Others, InstalledEpoch: 2));
        Assert.Equal((2UL, 4UL), (State.Epoch, State.Term));
        Assert.Equal(Others.ToArray(), State.Signers.ToArray());
        See(new ExpiryObserved(nonce), votes: 2, Others);
        Assert.Equal(BridgeLockStatus.Signing, LockOf(nonce).Status);
        Ledger.Pass(
            MinistryMaker,
            new ResumeBridge(Chain, BridgeStops.Locks | BridgeStops.Releases, "the right ones"));
        Attest(1, Others[0], epoch: 2);
        Assert.Equal((2UL, 4UL, 1), (Message(1).Epoch, Message(1).Term, Message(1).Signatures.Length));
        Vote(Others[2], new ExpiryObserved(nonce));
        Assert.Equal(BridgeLockStatus.Refunded, LockOf(nonce).Status);
    }

    [Fact]
    public void Rotate_WhileAnotherIsAskedFor_TakesItsPlace()
    {
        Ledger.Pass(MinistryMaker, new RotateBridgeSigners(Chain, default, Others));
        ImmutableArray<BridgeSigner> better = Set("better");
        Ledger.Pass(MinistryMaker, new RotateBridgeSigners(Chain, default, better));
        Assert.Equal((0, 1, 2UL), (Message(1).Open, Message(2).Open, State.Rotation));
        Fails(RejectionCode.BridgeMessageClosed, Signers[0].Key, Signature(1));
        See(Rotation(better));
        Assert.Equal((2UL, 0UL), (State.Epoch, State.Rotation));
    }
}
