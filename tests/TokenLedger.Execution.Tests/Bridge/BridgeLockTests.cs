// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Bridge;

/// <summary>Locking, and taking a lock back.</summary>
public sealed class BridgeLockTests : BridgeFixture
{
    private static readonly LockForBridge Some = new(Chain, Bond, new Amount(100), Abroad);

    [Fact]
    public void Lock_WithinTheQuota_MovesUnitsToTheEscrow()
    {
        Ledger.MustRun(Alice, Some);

        Assert.Equal(
            [
                new Transferred(
                    Bond, Alice, Escrow, new Amount(100), new Amount(999_900), new Amount(100)),
                new BridgeLocked(Chain, 1, Bond, Alice, new Amount(100), Abroad),
            ],
            Happened);
        Assert.Equal(
            new BridgeLockState(
                Bond, Alice, Abroad, new Amount(100), Ledger.Time, Ledger.Time,
                (Ledger.Time.Value + LifetimeMs) / 1_000,
                BridgeLockStatus.Waiting, 0, 0, default),
            LockOf(1));
        Assert.Equal((new Amount(100), new Amount(100)), (Books.Locked, Books.InEscrow));
        Assert.Equal(2UL, State.NextLock);
    }

    [Fact]
    public void Lock_WithoutLaneTokenOrUnits_IsRefused()
    {
        Fails(RejectionCode.BridgeLaneUnknown, Alice, Some with { ChainId = 1 });
        Fails(RejectionCode.BridgeTokenUnknown, Alice, Some with { Asset = Carbon });
        Fails(RejectionCode.InsufficientAvailable, Bob, Some);
        Fails(RejectionCode.AccountUnknown, BankChecker, Some);
    }

    [Fact]
    public void Lock_OfAFrozenAccount_IsRefused()
    {
        Ledger.Pass(RegulatorMaker, new FreezeAccount(Alice, FreezeMode.Send, "order", default));
        Fails(RejectionCode.AccountFrozen, Alice, Some);
    }

    [Fact]
    public void Lock_OfAPausedAsset_IsRefused()
    {
        Ledger.Pass(MinistryMaker, new PauseAsset(Bond, "review"));
        Fails(RejectionCode.AssetPaused, Alice, Some);
    }

    [Fact]
    public void Lock_ToAContractOfTheBridge_IsRefused()
    {
        foreach (Address contract in new[] { Token, Lane().Contract, Lane().SignerContract })
        {
            Fails(RejectionCode.BridgeRecipientInvalid, Alice, Some with { Recipient = contract });
        }
    }

    [Fact]
    public void Lock_WhileLocksStand_IsRefused_AndWhileReleasesStand_IsNot()
    {
        Ledger.Pass(MinistryMaker, new PauseBridge(Chain, BridgeStops.Releases, ""));
        Lock();
        Ledger.Pass(MinistryMaker, new PauseBridge(Chain, BridgeStops.Locks, ""));
        Fails(RejectionCode.BridgePaused, Alice, Some);
    }

    [Fact]
    public void Lock_OverOneLockOrTheCeiling_IsRefused()
    {
        Ledger.Pass(MinistryMaker, new MapBridgeToken(
            Chain, Bond, Token, Wide with { PerItem = new Amount(100), Ceiling = new Amount(150) }));

        Fails(RejectionCode.BridgeItemLimit, Alice, Some with { Amount = new Amount(101) });
        Lock(100);
        Fails(RejectionCode.BridgeCeiling, Alice, Some with { Amount = new Amount(51) });
        Lock(50);
    }

    [Fact]
    public void Lock_UnderTheLeast_IsRefused()
    {
        Ledger.Pass(
            MinistryMaker, new MapBridgeToken(Chain, Bond, Token, Wide with { Least = new Amount(10) }));
        Fails(RejectionCode.BridgeItemLimit, Alice, Some with { Amount = new Amount(9) });
        Lock(10);
    }

    /// <summary>Each signer reads all of them at every look.</summary>
    [Fact]
    public void Lock_MoreThanMayBeOpen_IsRefusedUntilOneEnds()
    {
        Address[] owners = [.. Enumerable.Range(0, 11).Select(static i => Named($"owner {i}"))];
        foreach (Address owner in owners)
        {
            Ledger.MustRun(RegulatorRegistrar, new RegisterAccount(owner, AccountKind.Citizen, default));
            Ledger.MustRun(Alice, new Transfer(Bond, owner, new Amount(Limits.BridgeOpenLocksPerAccount)));
        }

        ulong first = State.NextLock;
        foreach (Address owner in owners[..^1])
        {
            Fill(owner);
        }

        Assert.Equal(Limits.BridgeOpenLocks, State.OpenLocks);
        Fails(RejectionCode.BridgeLimit, owners[^1], Some with { Amount = new Amount(1) });
        See(new ExpiryObserved(first));
        Lock(1, owners[^1]);
    }

    /// <summary>Nobody alone keeps the others out.</summary>
    [Fact]
    public void Lock_MoreThanOneAccountMayHaveOpen_IsRefusedUntilOneEnds()
    {
        ulong first = State.NextLock;
        Fill(Alice);
        Fails(RejectionCode.BridgeLimit, Alice, Some with { Amount = new Amount(1) });
        Ledger.MustRun(Alice, new Transfer(Bond, Bob, new Amount(1)));
        Lock(1, Bob);
        See(new ExpiryObserved(first));
        Assert.Equal(Limits.BridgeOpenLocksPerAccount - 1, Ledger.View.BridgeOpenLocks(Chain, Alice));
        Lock(1);
    }

    /// <summary>Until an account has as many open locks as it may.</summary>
    private void Fill(Address owner)
    {
        Operation one = Some with { Amount = new Amount(1) };
        Operation[] many = [.. Enumerable.Repeat(one, Limits.OperationsPerTransaction)];
        for (int i = 0; i < Limits.BridgeOpenLocksPerAccount; i += many.Length)
        {
            Ledger.MustRun(owner, many);
        }
    }

    [Fact]
    public void Lock_OfNothingOrToNobody_IsNotIncludable()
    {
        Assert.Equal(RejectionCode.AmountZero, Why(Some with { Amount = default }));
        Assert.Equal(RejectionCode.InvalidField, Why(Some with { Recipient = default }));
        Assert.Equal(RejectionCode.InvalidField, Why(Some with { Asset = default }));
    }

    [Fact]
    public void Cancel_WaitingLock_GivesItBackAtOnce()
    {
        ulong nonce = Lock(100);

        Ledger.MustRun(Alice, new CancelBridgeLock(Chain, nonce));

        Assert.Equal(new Amount(1_000_000), Balance(Alice));
        Assert.Contains(new BridgeLockClosed(Chain, nonce, BridgeLockStatus.Refunded, default), Happened);
        Assert.Equal((new Amount(100), new Amount(100)), (Books.Locked, Books.Refunded));
        Fails(RejectionCode.BridgeLockClosed, Alice, new CancelBridgeLock(Chain, nonce));
        Gather();
        Assert.Equal(1UL, State.NextMessage);
    }

    [Fact]
    public void Cancel_ByAnotherOrOfNothing_IsRefused()
    {
        ulong nonce = Lock();
        Fails(RejectionCode.NotAuthorised, Bob, new CancelBridgeLock(Chain, nonce));
        Fails(RejectionCode.BridgeLockUnknown, Alice, new CancelBridgeLock(Chain, nonce + 1));
        Fails(RejectionCode.BridgeLaneUnknown, Alice, new CancelBridgeLock(1, nonce));
    }

    [Fact]
    public void Cancel_LockInAMessage_AsksForItsNonceAndGivesNothingYet()
    {
        ulong nonce = LockAndGather(100);

        Ledger.MustRun(Alice, new CancelBridgeLock(Chain, nonce));

        Assert.Equal(new Amount(999_900), Balance(Alice));
        BridgeMessageState message = Message(LockOf(nonce).VoidId);
        Assert.Equal(
            (BridgeMessageKind.Void, Token, 1, 0),
            (message.Kind, message.Token, (int)message.Open, message.Signatures.Length));
        Assert.Equal(new BridgeItem(nonce, default, default), Assert.Single(message.Items));
        Fails(RejectionCode.BridgeLockClosed, Alice, new CancelBridgeLock(Chain, nonce));
    }

    [Fact]
    public void Cancel_VoidComesFirst_RefundsOnceAndClosesBothMessages()
    {
        ulong nonce = LockAndGather(100);
        Ledger.MustRun(Alice, new CancelBridgeLock(Chain, nonce));

        See(new VoidObserved(nonce, Place()), votes: 4);

        Assert.Equal(new Amount(1_000_000), Balance(Alice));
        Assert.Equal((BridgeLockStatus.Refunded, default), (LockOf(nonce).Status, LockOf(nonce).Place));
        Assert.Equal((0, 0), (Message(1).Open, Message(2).Open));
        See(new MintObserved(nonce, Place()), votes: 4);
        See(new ExpiryObserved(nonce), votes: 4);
        Assert.Equal((new Amount(100), Amount.Zero), (Books.Refunded, Books.Minted));
    }

    /// <summary>Bridge seed 167: signers look at different final blocks, and the lane halted.</summary>
    [Fact]
    public void Cancel_SomeSeeTheDeadlinePassAndOthersTheVoidAfterIt_RefundsAndHaltsNothing()
    {
        ulong nonce = LockAndGather(100);
        Ledger.MustRun(Alice, new CancelBridgeLock(Chain, nonce));
        Vote(Signers[0], new ExpiryObserved(nonce));
        Vote(Signers[1], new ExpiryObserved(nonce));
        Assert.True(LockOf(nonce).IsOpen);

        Vote(Signers[2], new VoidObserved(nonce, Place()));

        Assert.Equal(BridgeStops.None, State.Stops);
        Assert.Equal(BridgeLockStatus.Refunded, LockOf(nonce).Status);
        Assert.Equal(new Amount(1_000_000), Balance(Alice));
    }

    [Fact]
    public void Cancel_MintComesFirst_RefundsNothing()
    {
        ulong nonce = LockAndGather(100);
        Ledger.MustRun(Alice, new CancelBridgeLock(Chain, nonce));

        See(new MintObserved(nonce, Place()));

        Assert.Equal(new Amount(999_900), Balance(Alice));
        Assert.Equal(BridgeLockStatus.Minted, LockOf(nonce).Status);
        Assert.Equal((0, 0), (Message(1).Open, Message(2).Open));
        See(new VoidObserved(nonce, Place()), votes: 4);
        Assert.Equal((Amount.Zero, new Amount(100)), (Books.Refunded, Books.Minted));
    }

    [Fact]
    public void Refund_ToAFrozenOwnerOfAPausedAsset_HappensAllTheSame()
    {
        ulong waiting = Lock(10);
        Ledger.Pass(RegulatorMaker, new FreezeAccount(Alice, FreezeMode.SendAndReceive, "order", default));
        Ledger.Pass(MinistryMaker, new PauseAsset(Bond, "review"));

        Ledger.MustRun(Alice, new CancelBridgeLock(Chain, waiting));

        Assert.Equal(new Amount(1_000_000), Balance(Alice));
    }

    [Fact]
    public void Expiry_OfALockInAMessage_RefundsOnce()
    {
        ulong nonce = LockAndGather(100);

        See(new ExpiryObserved(nonce), votes: 4);

        Assert.Equal(new Amount(1_000_000), Balance(Alice));
        Assert.Equal(0, Message(1).Open);
        Fails(RejectionCode.BridgeLockClosed, Alice, new CancelBridgeLock(Chain, nonce));
    }

    private RejectionCode? Why(Operation operation) =>
        Ledger.WhyInvalid(Ledger.Draft(Alice, operation))?.Code;
}
