// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Pool;

public class TransactionPoolTests
{
    private readonly TestLedger _ledger = TestLedger.Start();
    private readonly TransactionPool _pool = new();

    [Fact]
    public void Add_Executable_IsSelected_AndAddingAgainIsAccepted()
    {
        VerifiedTransaction pay = Pay(Alice);

        Assert.Null(Add(pay));
        Assert.Null(Add(pay));

        Assert.Equal((1, pay.Signed.EncodedSize), (_pool.Count, _pool.Bytes));
        Assert.Equal([pay.Id], Select());
        Assert.Same(pay, _pool.Find(pay.Id));
    }

    [Fact]
    public void Add_NonceUsed_Occupied_OrTooFarAhead_IsRefused()
    {
        _ledger.Issue(Alice, 10);
        _ledger.MustRun(Alice, new Transfer(Bond, Bob, new Amount(1)));

        Refused(RejectionCode.NonceUsed, Pay(Alice, nonce: 0));
        Assert.Null(Add(Pay(Alice, nonce: 1)));
        Refused(RejectionCode.NonceOccupied, Pay(Alice, nonce: 1, units: 2));
        Refused(RejectionCode.NonceGap, Pay(Alice, nonce: 2 + Limits.PoolNonceGap + 1));
        Assert.Null(Add(Pay(Alice, nonce: 2 + Limits.PoolNonceGap)));
    }

    [Fact]
    public void Add_ExpiredOrTooLongValidOrUnknown_IsRefused()
    {
        TimestampMs now = _ledger.Time;
        Refused(RejectionCode.Expired, Verify(Draft(Alice) with { ValidUntil = new(now.Value - 1) }));
        Refused(
            RejectionCode.ValidityTooLong,
            Verify(Draft(Alice) with { ValidUntil = now.Plus(Limits.ValidityMs + 1) }));
        Refused(RejectionCode.SenderUnknown, Pay(Nobody));
    }

    [Fact]
    public void Add_RequestIdOfAnother_IsAConflict_InThePoolAndInTheState()
    {
        var id = new RequestId(5);
        VerifiedTransaction first = Verify(Draft(Alice) with { RequestId = id });
        Assert.Null(Add(first));
        Refused(RejectionCode.IdempotencyConflict, Verify(Draft(Alice) with { RequestId = id, Lane = 3 }));

        _ledger.RunBlock(first.Content);
        _pool.RemoveFinalized([first]);

        Assert.Equal(0, _pool.Count);
        Refused(RejectionCode.IdempotencyConflict, Verify(Draft(Alice) with { RequestId = id, Lane = 3 }));
    }

    [Fact]
    public void Add_MoreThanASendersShare_IsRefused()
    {
        for (ulong nonce = 0; nonce < Limits.PoolPerSender; nonce++)
        {
            Assert.Null(Add(Pay(Alice, nonce)));
        }

        Refused(RejectionCode.PoolFull, Pay(Alice, Limits.PoolPerSender));
        Assert.Null(Add(Pay(Bob)));
    }

    [Fact]
    public void Select_GapInALane_WaitsForTheMissingNonce()
    {
        Add(Pay(Alice, 0));
        Add(Pay(Alice, 2));
        Assert.Single(Select());

        Add(Pay(Alice, 1));
        Assert.Equal([0UL, 1, 2], SelectAll().Select(t => t.Content.Nonce));
    }

    [Fact]
    public void Select_ManySenders_TakesTurns_AndTheServedGoLast()
    {
        for (ulong nonce = 0; nonce < 5; nonce++)
        {
            Add(Pay(Alice, nonce));
        }

        Add(Pay(Bob));
        Add(Pay(ExchangeAccount));
        BlockBudget three = BlockBudget.Full with { Transactions = 3 };

        Assert.Equal([Alice, Bob, ExchangeAccount], Senders(three));
        Assert.Equal([Alice, Bob, ExchangeAccount, Alice, Alice, Alice, Alice], Senders(BlockBudget.Full));
        Assert.Equal([Alice], Senders(three with { Transactions = 1 }));
        Assert.Equal([Bob], Senders(three with { Transactions = 1 }));
    }

    [Fact]
    public void Select_SeveralLanes_ByArrival_NoncesInOrder()
    {
        Add(Pay(Alice, 0, lane: 2));
        Add(Pay(Alice, 1, lane: 1));
        Add(Pay(Alice, 0, lane: 1));
        Add(Pay(Alice, 1, lane: 2));

        Assert.Equal(
            [(2u, 0UL), (1u, 0UL), (1u, 1UL), (2u, 1UL)],
            SelectAll().Select(t => (t.Content.Lane, t.Content.Nonce)));
    }

    [Fact]
    public void Select_OverAnUnfinalizedBlock_PassesOverWhatStandsInIt()
    {
        VerifiedTransaction[] all = [Pay(Alice, 0), Pay(Alice, 1), Pay(Bob, 0)];
        foreach (VerifiedTransaction transaction in all)
        {
            Add(transaction);
        }

        var parent = (ExecutedBlock)_ledger.Machine.Execute(_ledger.State, _ledger.Next, [all[0], all[2]]);

        IReadOnlyList<VerifiedTransaction> next = _pool.Select(parent.State, _ledger.Time, BlockBudget.Full);
        Assert.Equal([all[1].Id], next.Select(t => t.Id));
        Assert.Equal(3, Select().Count());
    }

    [Fact]
    public void Select_StaysWithinBytesAndWork()
    {
        Add(Pay(Alice));
        Add(Pay(Bob));
        int one = Core.Consensus.BlockHeader.Size + 4 + Pay(Alice).Signed.EncodedSize;

        Assert.Single(_pool.Select(_ledger.State, _ledger.Time, BlockBudget.Full with { Bytes = one }));
        Assert.Single(_pool.Select(_ledger.State, _ledger.Time, BlockBudget.Full with { Work = 1 }));
    }

    [Fact]
    public void Select_WhatExpiresBeforeTheBlock_IsPassedOver()
    {
        Add(Pay(Alice));

        Assert.Empty(_pool.Select(_ledger.State, _ledger.Time.Plus(HourMs + 1), BlockBudget.Full));
        Assert.Single(_pool.Select(_ledger.State, _ledger.Time.Plus(HourMs), BlockBudget.Full));
    }

    [Fact]
    public void RemoveFinalized_DropsRivalsOfTheSameNonce_AndFreesTheNext()
    {
        VerifiedTransaction first = Pay(Alice, 0);
        Add(first);
        Add(Pay(Alice, 1));

        Assert.Equal([first.Id], _pool.RemoveFinalized([Pay(Alice, 0, units: 9)]));
        Assert.Equal(1, _pool.Count);

        _ledger.RunBlock(Pay(Alice, 0, units: 9).Content);
        Assert.Equal([1UL], SelectAll().Select(t => t.Content.Nonce));
    }

    [Fact]
    public void RemoveExpired_GoesByExpiry_AndKeepsTheRest()
    {
        VerifiedTransaction late = Verify(Draft(Alice) with { ValidUntil = _ledger.Time.Plus(20) });
        VerifiedTransaction soon = Verify(Draft(Bob) with { ValidUntil = _ledger.Time.Plus(10) });
        Add(late);
        Add(soon);
        Add(Pay(ExchangeAccount));

        Assert.Equal([soon.Id, late.Id], _pool.RemoveExpired(_ledger.Time.Plus(21)));
        Assert.Equal(1, _pool.Count);
        Assert.Single(Select());
    }

    [Fact]
    public void Remove_OneOfALane_LeavesAGap()
    {
        VerifiedTransaction first = Pay(Alice, 0);
        Add(first);
        Add(Pay(Alice, 1));

        Assert.True(_pool.Remove(first.Id));
        Assert.False(_pool.Remove(first.Id));
        Assert.Empty(Select());
        Assert.Null(Add(first));
        Assert.Equal(2, Select().Count());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20260101)]
    public void RandomLife_AgainstAChain_NeverSelectsWhatTheMachineRefuses(int seed)
    {
        var random = new Random(seed);
        Address[] senders = [Alice, Bob, ExchangeAccount, MinistryAccount];
        for (int step = 0; step < 400; step++)
        {
            Address sender = senders[random.Next(senders.Length)];
            uint lane = (uint)random.Next(3);
            ulong next = _ledger.View.NextNonce(sender, lane);
            Add(Verify(Draft(sender) with
            {
                Lane = lane,
                Nonce = next + (ulong)random.Next(4),
                ValidUntil = _ledger.Time.Plus((ulong)random.Next(1, 60_000)),
            }));
            if (random.Next(8) == 0)
            {
                IReadOnlyList<VerifiedTransaction> picked = _pool.Select(
                    _ledger.State,
                    _ledger.Next.Time,
                    BlockBudget.Full with { Transactions = random.Next(1, 9) });
                _ledger.RunBlock([.. picked.Select(t => t.Content)]);
                int before = _pool.Count;
                Assert.Empty(_pool.RemoveFinalized(picked));
                Assert.True(before - _pool.Count == picked.Count, $"seed {seed}, step {step}");
                _pool.RemoveExpired(_ledger.Time);
            }
        }

        Assert.True(_ledger.Height.Value > 20, $"seed {seed}");
        _pool.RemoveExpired(_ledger.Time.Plus(HourMs));
        Assert.Equal((0, 0), (_pool.Count, _pool.Bytes));
        Assert.Empty(Select());
    }

    private Transaction Draft(Address sender) =>
        _ledger.Draft(sender, new Transfer(Bond, Bob, new Amount(1)));

    private VerifiedTransaction Verify(Transaction transaction) => _ledger.Verify(transaction);

    private VerifiedTransaction Pay(Address sender, ulong nonce = 0, uint lane = 0, ulong units = 1) =>
        Verify(_ledger.Draft(sender, new Transfer(Bond, Bob, new Amount(units))) with
        {
            Nonce = nonce,
            Lane = lane,
        });

    private Rejection? Add(VerifiedTransaction transaction) =>
        _pool.Add(transaction, _ledger.State, _ledger.Time);

    private void Refused(RejectionCode code, VerifiedTransaction transaction) =>
        Assert.Equal(code, Add(transaction)?.Code);

    private IReadOnlyList<VerifiedTransaction> SelectAll() =>
        _pool.Select(_ledger.State, _ledger.Time, BlockBudget.Full);

    private IEnumerable<Hash256> Select() => SelectAll().Select(t => t.Id);

    private IEnumerable<Address> Senders(BlockBudget budget) =>
        _pool.Select(_ledger.State, _ledger.Time, budget).Select(t => t.Content.Sender);
}
