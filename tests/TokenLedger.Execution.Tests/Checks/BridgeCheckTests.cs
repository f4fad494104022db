// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution.Tests.Bridge;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Checks;

/// <summary>The checks of the bridge's books can fail, each of them.</summary>
public sealed class BridgeCheckTests : BridgeFixture
{
    private static readonly byte[] LaneKey = StateKeys.BridgeLane(Chain);
    private static readonly byte[] TokenKey = StateKeys.BridgeToken(Chain, Bond);

    /// <summary>Lock 1 minted, 2 in a message, 3 being cancelled, 4 waiting; burn 1 released, 2 suspended, 4
    /// early; a vote.</summary>
    public BridgeCheckTests()
    {
        Mint(100);
        LockAndGather(10);
        Ledger.MustRun(Alice, new CancelBridgeLock(Chain, LockAndGather(20)));
        See(Burn(1, 30));
        See(Burn(2, 5, Nobody));
        See(Burn(4, 1));
        Ledger.Pass(MinistryMaker, new RotateBridgeSigners(Chain, default, Others));
        Vote(Signers[0], Report(5));
        Vote(Signers[0], new ExpiryObserved(2));
        Lock(40);
    }

    public static TheoryData<string, byte[], byte[]?> Plants()
    {
        byte[] queued = StateCodec.Encode(Bond, BridgeCodec.WriteAsset);
        byte[] amount = StateCodec.Encode(new Amount(10), StateCodec.WriteAmount);
        return new()
        {
            { "escrow", StateKeys.Balance(Escrow, Bond), amount },
            { "unknown asset in escrow", StateKeys.Balance(Escrow, Carbon), amount },
            { "escrow's account", StateKeys.Account(Escrow), null },
            { "signer's account", StateKeys.Account(Signers[0].Key), null },
            { "lane", LaneKey, null },
            { "token", TokenKey, null },
            { "token's asset", StateKeys.BridgeTokenAsset(Chain, Token), null },
            { "another token", StateKeys.BridgeTokenAsset(Chain, Abroad), queued },
            { "lock", StateKeys.BridgeLock(Chain, 1), null },
            { "queue row lost", StateKeys.BridgeQueue(Chain, 4), null },
            { "queue row of a signed lock", StateKeys.BridgeQueue(Chain, 2), queued },
            { "delayed twice", StateKeys.BridgeDelayed(Chain, new TimestampMs(1), 4), queued },
            { "delayed and signed", StateKeys.BridgeDelayed(Chain, new TimestampMs(1), 2), queued },
            { "outstanding lost", StateKeys.BridgeOutstanding(Chain, Bond, 2), null },
            { "outstanding of a minted lock", StateKeys.BridgeOutstanding(Chain, Bond, 1), amount },
            { "outstanding of another amount", StateKeys.BridgeOutstanding(Chain, Bond, 4), amount },
            { "message", StateKeys.BridgeMessage(Chain, 2), null },
            { "rotation's message", StateKeys.BridgeMessage(Chain, 5), null },
            { "open message lost", StateKeys.BridgeOpenMessage(Chain, 2), null },
            { "closed message listed", StateKeys.BridgeOpenMessage(Chain, 1), [] },
            { "burn", StateKeys.BridgeBurn(Chain, 1), null },
            { "suspension lost", StateKeys.BridgeSuspended(Chain, 2), null },
            { "suspension of a released burn", StateKeys.BridgeSuspended(Chain, 1), [] },
            { "row of no lane", StateKeys.BridgeSuspended(Chain + 1, 1), [] },
        };
    }

    [Theory]
    [MemberData(nameof(Plants))]
    public void FullCheck_PlantedOrLostRow_IsFound(string what, byte[] key, byte[]? value)
    {
        Assert.Empty(InvariantChecker.FullCheck(Ledger.State));
        Assert.NotEmpty(With(key, value, what));
    }

    [Fact]
    public void FullCheck_LaneThatCountsWrongly_IsFound()
    {
        BridgeLaneState lane = State;
        BridgeLaneState[] wrong =
        [
            lane with { NextLock = 4 }, lane with { NextMessage = 5 }, lane with { NextBurn = 2 },
            lane with { NextBurn = 4 }, lane with { Rotation = 0 }, lane with { Rotation = 2 },
            lane with { Tokens = 2 }, lane with { Term = 0 },
            lane with { Terms = lane.Terms with { ChainId = 5 } },
        ];
        Assert.All(wrong, planted => Assert.NotEmpty(
            With(LaneKey, StateCodec.Encode(planted, BridgeCodec.WriteLane), $"{planted}")));
    }

    [Fact]
    public void FullCheck_BooksThatDoNotAddUp_AreFound()
    {
        BridgeTokenState books = Books;
        var one = new Amount(1);
        BridgeTokenState[] wrong =
        [
            books with { Locked = books.Locked + one, Refunded = books.Refunded + one },
            books with { Minted = books.Minted + one }, books with { Minted = books.Minted - one },
            books with { Burned = books.Burned + one }, books with { Burned = one },
            books with { Locked = books.Locked + one, Released = books.Released + one },
            books with { Token = Abroad },
        ];
        Assert.All(wrong, planted => Assert.NotEmpty(
            With(TokenKey, StateCodec.Encode(planted, BridgeCodec.WriteToken), $"{planted}")));
    }

    [Fact]
    public void FullCheck_RecordsThatContradictOthers_AreFound()
    {
        BridgeMessageState message = Message(2);
        Assert.Single(message.Items);
        foreach (BridgeMessageState planted in new[]
        {
            message with { Open = 2 }, message with { Open = 0 }, message with { Items = [] },
            message with { Term = 9 }, message with { Items = [new BridgeItem(4, default, default)] },
            message with { Signatures = [new(1, [.. new byte[65]]), new(1, [.. new byte[65]])] },
        })
        {
            Assert.NotEmpty(With(
                StateKeys.BridgeMessage(Chain, 2), StateCodec.Encode(planted, BridgeCodec.WriteMessage), ""));
        }

        foreach (BridgeLockState planted in new[]
        {
            LockOf(2) with { Status = BridgeLockStatus.Cancelling }, LockOf(2) with { MintId = 0 },
            LockOf(2) with { MintId = 77 }, LockOf(2) with { Amount = new Amount(11) },
            LockOf(2) with { Status = BridgeLockStatus.Minted }, LockOf(2) with { Asset = Carbon },
        })
        {
            Assert.NotEmpty(With(
                StateKeys.BridgeLock(Chain, 2), StateCodec.Encode(planted, BridgeCodec.WriteLock), ""));
        }

        foreach (byte[]? planted in new[] { null, StateCodec.Encode(9u, BridgeCodec.WriteCount) })
        {
            Assert.NotEmpty(With(StateKeys.BridgeOwner(Chain, LockOf(2).From), planted, "owner"));
        }

        foreach (BridgeBurnState planted in new[]
        {
            BurnOf(1) with { Status = BridgeBurnStatus.Waiting }, BurnOf(1) with { Seen = Burn(9, 30) },
            BurnOf(1) with { Hindrance = RejectionCode.BridgeLimit },
            BurnOf(1) with { Status = BridgeBurnStatus.Suspended },
        })
        {
            Assert.NotEmpty(With(
                StateKeys.BridgeBurn(Chain, 1), StateCodec.Encode(planted, BridgeCodec.WriteBurn), ""));
        }
    }

    [Fact]
    public void FullCheck_VotesOnWhatIsDecided_OrCountedTwice_AreFound()
    {
        var sound = new BridgeVoteState(1, [new BridgeBallot(Hash("a"), 0, 1)]);
        var supply = new BridgeSubject(BridgeSubjectKind.Supply, 0, Token);
        (BridgeSubject Subject, BridgeVoteState Votes)[] wrong =
        [
            (new(BridgeSubjectKind.Burn, 1, default), sound),
            (new(BridgeSubjectKind.Burn, 4, default), sound),
            (new(BridgeSubjectKind.Outcome, 1, default), sound),
            (new(BridgeSubjectKind.Rotation, 3, default), sound),
            (new(BridgeSubjectKind.Supply, 5, Token), sound),
            (new(BridgeSubjectKind.Mismatch, 0, Abroad), sound),
            (supply, sound with { Ballots = [] }), (supply, sound with { Term = 2 }),
            (supply, sound with { Ballots = [new BridgeBallot(Hash("a"), 0, 0)] }),
            (supply, sound with { Ballots = [new BridgeBallot(Hash("a"), 0, 16)] }),
            (supply, sound with { Ballots = [.. sound.Ballots, new BridgeBallot(Hash("b"), 0, 1)] }),
        ];
        Assert.All(wrong, planted => Assert.NotEmpty(With(
            StateKeys.BridgeVote(Chain, planted.Subject),
            StateCodec.Encode(planted.Votes, BridgeCodec.WriteVotes), $"{planted.Subject}")));
    }

    [Fact]
    public void CheckBlock_EscrowThatDiffersFromItsBooks_IsFound()
    {
        VerifiedTransaction[] transactions =
            [Ledger.Verify(Ledger.Draft(Alice, new LockForBridge(Chain, Bond, new Amount(1), Abroad)))];
        var block = Assert.IsType<ExecutedBlock>(
            Ledger.Machine.Execute(Ledger.State, Ledger.Next, transactions));
        Assert.Empty(InvariantChecker.CheckBlock(Ledger.State, block, transactions));
        BridgeTokenState books = new LedgerView(block.State).BridgeToken(Chain, Bond)!;
        foreach (BridgeTokenState planted in new[]
        {
            books with { Locked = books.Locked - new Amount(1) },
            books with { Released = books.Locked + new Amount(1) },
        })
        {
            var broken = new Overlay(block.State);
            broken.Put(TokenKey, StateCodec.Encode(planted, BridgeCodec.WriteToken));
            broken.Freeze();
            Assert.Contains(
                InvariantChecker.CheckBlock(Ledger.State, block with { State = broken }, transactions),
                finding => finding.StartsWith("The escrow of lane", StringComparison.Ordinal));
        }
    }

    private IReadOnlyList<string> With(byte[] key, byte[]? value, string what)
    {
        MemoryState state = Ledger.State.Copy();
        state.Apply([new StateChange(key, value is null ? null : (ReadOnlyMemory<byte>?)value)]);
        IReadOnlyList<string> findings = InvariantChecker.FullCheck(state);
        Assert.True(findings.Count > 0, what);
        return findings;
    }
}
