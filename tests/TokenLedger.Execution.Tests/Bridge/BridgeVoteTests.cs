// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Bridge;

/// <summary>What the signers' observations decide, and what they cannot.</summary>
public sealed class BridgeVoteTests : BridgeFixture
{
    [Fact]
    public void Mint_SeenByTheQuorum_IsMinted()
    {
        ulong nonce = LockAndGather(100);
        See(new MintObserved(nonce, Place()), votes: 2);
        Assert.Equal(BridgeLockStatus.Signing, LockOf(nonce).Status);

        Vote(Signers[3], new MintObserved(nonce, Place()));

        Assert.Equal(
            new BridgeLockClosed(Chain, nonce, BridgeLockStatus.Minted, Place()), Assert.Single(Happened));
        Assert.Equal((new Amount(100), new Amount(100)), (Books.Minted, Books.InEscrow));
        Assert.Equal(0, Votes());
    }

    [Fact]
    public void Vote_OfOneSignerTwice_CountsOnce()
    {
        ulong nonce = LockAndGather();
        for (int i = 0; i < 4; i++)
        {
            Vote(Signers[0], new MintObserved(nonce, Place()), new MintObserved(nonce, Place()));
        }

        Vote(Signers[0], new MintObserved(nonce, Place(7)));
        Vote(Signers[1], new MintObserved(nonce, Place()));

        Assert.Equal(BridgeLockStatus.Signing, LockOf(nonce).Status);
        BridgeVoteState votes =
            Ledger.View.BridgeVotes(Chain, new(BridgeSubjectKind.Outcome, nonce, default))!;
        Assert.Equal(0b11u, Assert.Single(votes.Ballots).Voters);
    }

    [Fact]
    public void Vote_OfOneLiar_NeitherDecidesNorHalts()
    {
        ulong nonce = LockAndGather();
        Vote(Signers[0], new ExpiryObserved(nonce));
        See(new MintObserved(nonce, Place()), votes: 3, [.. Signers.Skip(1)]);

        Assert.Equal((BridgeLockStatus.Minted, BridgeStops.None), (LockOf(nonce).Status, State.Stops));
    }

    [Fact]
    public void Vote_NoContentCanGetTheQuorum_HaltsUntilOfficersResume()
    {
        ulong nonce = LockAndGather();
        Vote(Signers[0], new ExpiryObserved(nonce));
        Vote(Signers[1], new ExpiryObserved(nonce));
        Vote(Signers[2], new MintObserved(nonce, Place()));
        Assert.Equal(BridgeStops.None, State.Stops);

        Vote(Signers[3], new MintObserved(nonce, Place()));

        Assert.Equal(BridgeStops.Halted, State.Stops);
        Assert.Equal(
            $"The signers contradict each other on outcome {nonce}.",
            Assert.Single(Happened.OfType<BridgeStopsSet>()).Reason);
        Refused(RejectionCode.BridgePaused, Signers[0].Key, new ExpiryObserved(nonce));
        Fails(RejectionCode.BridgePaused, Alice, new LockForBridge(Chain, Bond, new Amount(1), Abroad));
        Fails(RejectionCode.BridgePaused, Signers[0].Key, Signature(1));
        Ledger.Pass(MinistryMaker, new ResumeBridge(Chain, BridgeStops.Halted, "found out"));
        See(new MintObserved(nonce, Place()));
        Assert.Equal(BridgeLockStatus.Minted, LockOf(nonce).Status);
    }

    /// <summary>The halt is the effect of an operation: what stands behind it must not undo it.</summary>
    [Fact]
    public void Observe_HaltInTheMiddleOfAnOperation_Stays()
    {
        ulong first = LockAndGather();
        ulong second = LockAndGather();
        Vote(Signers[0], new ExpiryObserved(first));
        Vote(Signers[1], new ExpiryObserved(first));
        Vote(Signers[2], new MintObserved(first, Place()));

        Vote(Signers[3], new MintObserved(first, Place()), new MintObserved(second, Place()));

        Assert.Equal(BridgeStops.Halted, State.Stops);
        Assert.Equal(0, Votes());
    }

    [Fact]
    public void Observe_RotationInTheMiddleOfAnOperation_Stays()
    {
        ulong nonce = LockAndGather();
        Ledger.Pass(MinistryMaker, new RotateBridgeSigners(Chain, default, Others));
        See(Rotation(Others), votes: 2);

        Vote(Signers[2], Rotation(Others), new MintObserved(nonce, Place()));

        Assert.Equal(2UL, State.Epoch);
    }

    /// <summary>Void and expiry say the same, and the one whose vote decides names a block that nobody else
    /// saw: believed, it would keep every signer from comparing both sides for ever.</summary>
    [Fact]
    public void Observe_VoidWithAnInventedBlockDecides_TheBlockIsNotBelieved()
    {
        ulong nonce = LockAndGather();
        See(new ExpiryObserved(nonce), votes: 2);
        Vote(Signers[2], new VoidObserved(nonce, Place(ulong.MaxValue)));
        Assert.Equal(BridgeLockStatus.Refunded, LockOf(nonce).Status);
        Assert.Equal(0UL, State.RemoteBlock);
    }

    [Fact]
    public void Observe_AlarmOfALaterBlockDecides_TheBlockIsNotBelieved()
    {
        See(Alarm(1), votes: 1);
        Vote(Signers[1], Alarm(900));
        Assert.Equal((BridgeStops.Halted, 0UL), (State.Stops, State.RemoteBlock));
    }

    [Fact]
    public void Observe_WithoutSeatLaneLockOrToken_IsRefused()
    {
        ulong waiting = Lock();
        Refused(RejectionCode.BridgeNotSigner, Alice, new ExpiryObserved(waiting));
        Refused(RejectionCode.BridgeLockUnknown, Signers[0].Key, new ExpiryObserved(waiting + 1));
        Refused(RejectionCode.BridgeLockUnknown, Signers[0].Key, new MintObserved(0, Place()));
        Refused(RejectionCode.BridgeMessageUnknown, Signers[0].Key, new MintObserved(waiting, Place()));
        Refused(RejectionCode.BridgeMessageUnknown, Signers[0].Key, new VoidObserved(waiting, Place()));
        Refused(RejectionCode.BridgeTokenUnknown, Signers[0].Key, Report(1) with { Token = Abroad });
        Refused(RejectionCode.BridgeTokenUnknown, Signers[0].Key, Alarm(1) with { Token = Abroad });
        Refused(RejectionCode.BridgeTooFarAhead, Signers[0].Key, Burn(1 + Limits.BridgeBurnsAhead, 1));
        Fails(
            RejectionCode.BridgeLaneUnknown, Signers[0].Key,
            new ObserveBridge(1, [new ExpiryObserved(waiting)]));
        Vote(Signers[0], Burn(Limits.BridgeBurnsAhead, 1));
    }

    [Fact]
    public void Observe_WithAZeroWhereThereIsNone_IsNotIncludable()
    {
        BridgeObservation[] unsound =
        [
            Burn(0, 1), Burn(1, 0), Burn(1, 1) with { Accumulator = default },
            Burn(1, 1) with { Place = Block(1) }, new MintObserved(1, Block(1)), new VoidObserved(1, default),
            Rotation(Others) with { Place = default }, Rotation(Others) with { Signers = default },
            Report(1) with { Place = default },
            Report(1) with { Place = Place() }, Alarm(1) with { Place = default },
            Alarm(1) with { Place = Place() },
        ];
        Assert.All(unsound, observation => Assert.Equal(
            RejectionCode.InvalidField, Why(new ObserveBridge(Chain, [observation]))));
        Assert.Equal(RejectionCode.InvalidField, Why(new ObserveBridge(Chain, [])));
        Assert.Equal(
            RejectionCode.InvalidField,
            Why(new ObserveBridge(Chain, [.. Enumerable.Repeat(new ExpiryObserved(1), 51)])));
    }

    [Fact]
    public void Observe_Work_IsItsObservations() => Assert.Equal(
        51,
        TransactionRules.Work(Ledger.Draft(
            Alice, new ObserveBridge(Chain, [.. Enumerable.Repeat(new ExpiryObserved(1), 50)]))));

    [Fact]
    public void Expiry_OfAWaitingLock_RefundsItAndTakesItFromTheQueue()
    {
        ulong nonce = Lock(100);
        See(new ExpiryObserved(nonce));
        Assert.Equal(BridgeLockStatus.Refunded, LockOf(nonce).Status);
        Assert.Equal(new Amount(1_000_000), Balance(Alice));
    }

    [Fact]
    public void Cancel_OfALockWithVotes_LeavesNoVotes()
    {
        ulong nonce = Lock();
        Vote(Signers[0], new ExpiryObserved(nonce));
        Ledger.MustRun(Alice, new CancelBridgeLock(Chain, nonce));
        Assert.Equal(0, Votes());
    }

    [Fact]
    public void Mismatch_OfOne_IsNotEnough_OfTwo_Halts()
    {
        Vote(Signers[0], Alarm(5_000));
        Vote(Signers[0], Alarm(5_001));
        Assert.Equal(BridgeStops.None, State.Stops);

        Vote(Signers[1], Alarm(5_900, locked: 9));

        Assert.Equal(BridgeStops.Halted, State.Stops);
        Assert.Equal(0, Votes());
    }

    [Fact]
    public void Mismatch_OnBlocksFarApart_DoesNotAddUp()
    {
        Vote(Signers[0], Alarm(5_000));
        Vote(Signers[1], Alarm(5_000 + MismatchObserved.BlocksTogether));
        Assert.Equal(BridgeStops.None, State.Stops);
        Vote(Signers[2], Alarm(5_999));
        Assert.Equal(BridgeStops.Halted, State.Stops);
    }

    [Fact]
    public void Report_OfTheQuorum_IsKeptAndForgetsEarlierOnes()
    {
        Vote(Signers[0], Report(90));
        Vote(Signers[0], Report(110));
        See(Report(100));

        Assert.Equal(
            new BridgeReport(new Amount(7), 0, Block(100), Ledger.Height), Books.Report);
        Assert.Equal(
            new BridgeSupplyAgreed(Chain, Bond, new Amount(7), 0, Block(100)), Assert.Single(Happened));
        Assert.Equal(110UL, Assert.Single(Reports().Ballots).Block);
        See(Report(95), votes: 4);
        Assert.Equal(100UL, Books.Report!.Place.Number);
        See(Report(110));
        Assert.Equal(110UL, Books.Report!.Place.Number);
        Assert.Equal(0, Votes());
    }

    [Fact]
    public void Report_ContradictedByTwo_Halts_AndOnOtherBlocksByNobody()
    {
        Vote(Signers[0], Report(100));
        Vote(Signers[1], Report(101));
        Vote(Signers[2], Report(102));
        Vote(Signers[3], Report(103));
        Vote(Signers[1], Report(100));
        Vote(Signers[2], Report(100, supply: 8));
        Assert.Equal(BridgeStops.None, State.Stops);

        Vote(Signers[3], Report(100, supply: 8));

        Assert.Equal(BridgeStops.Halted, State.Stops);
        Assert.DoesNotContain(Reports().Ballots, ballot => ballot.Block == 100);
    }

    /// <summary>A liar fills its own places only.</summary>
    /// <summary>Bridge seed 2: one signer's word must not make the whole state look wrong.</summary>
    [Fact]
    public void Observe_SignersThatNobodyAskedFor_LeaveBooksThatAddUp()
    {
        Assert.Equal(0UL, State.Rotation);
        Vote(Signers[0], Rotation(Others));
        Assert.NotNull(Ledger.View.BridgeVotes(Chain, Rotation(Others).Subject));
        Assert.Empty(InvariantChecker.FullCheck(Ledger.State));
    }

    [Fact]
    public void Report_OfALiarOnEveryBlock_KeepsAFew()
    {
        for (ulong block = 1; block <= 100; block++)
        {
            Vote(Signers[0], Report(block), Alarm(block));
        }

        Vote(Signers[0], Report(1));
        Assert.Equal(2, Votes());
        Assert.Equal(
            Enumerable.Range(93, Limits.BridgeReportsPerSigner).Select(i => (ulong)i),
            Reports().Ballots.Select(ballot => ballot.Block));
        See(Report(50), votes: 3, [.. Signers.Skip(1)]);
        Assert.Equal(50UL, Books.Report!.Place.Number);
    }

    private BridgeVoteState Reports() =>
        Ledger.View.BridgeVotes(Chain, new(BridgeSubjectKind.Supply, 0, Token))!;

    private int Votes() => Ledger.State.Entries().Count(entry => entry.Key.Span[0] == (byte)Table.BridgeVote);

    private void Refused(RejectionCode code, Address sender, BridgeObservation observation) =>
        Fails(code, sender, new ObserveBridge(Chain, [observation]));

    private RejectionCode? Why(Operation operation) =>
        Ledger.WhyInvalid(Ledger.Draft(Signers[0].Key, operation))?.Code;
}
