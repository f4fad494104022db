// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Blocks;

public class LedgerMachineTests
{
    private readonly TestLedger _ledger = TestLedger.Start();

    public LedgerMachineTests() => _ledger.Issue(Alice, 1_000);

    [Fact]
    public void Execute_TwoChildrenOfOneParent_DoNotLeakIntoEachOther()
    {
        ExecutedBlock left = Execute(_ledger.State, Pay(Alice, Bob, 600));
        ExecutedBlock right = Execute(_ledger.State, Pay(Alice, ExchangeAccount, 700));
        ExecutedBlock grandchild = Execute(left.State, Pay(Bob, Alice, 100));

        Assert.Equal(new Amount(400), new LedgerView(left.State).Balance(Alice, Bond));
        Assert.Equal(new Amount(300), new LedgerView(right.State).Balance(Alice, Bond));
        Assert.Equal(Amount.Zero, new LedgerView(right.State).Balance(Bob, Bond));
        Assert.Equal(new Amount(500), new LedgerView(grandchild.State).Balance(Alice, Bond));
        Assert.Equal(new Amount(1_000), _ledger.View.Balance(Alice, Bond));
    }

    [Fact]
    public void Execute_FirstBadTransaction_IsNamed()
    {
        VerifiedTransaction good = _ledger.Verify(Pay(Alice, Bob, 1));

        BlockResult result = _ledger.Machine.Execute(_ledger.State, _ledger.Next, [good, good]);

        var invalid = Assert.IsType<InvalidBlock>(result);
        Assert.Equal((1, RejectionCode.NonceUsed), (invalid.TransactionIndex, invalid.Reason.Code));
    }

    [Fact]
    public void Execute_OverTheBlocksLimits_IsInvalid()
    {
        Transaction many = _ledger.Draft(
            Alice, [.. Enumerable.Repeat(new Transfer(Bond, Bob, new Amount(1)), 100)]);
        VerifiedTransaction[] work =
            [.. Enumerable.Range(0, 201).Select(i => _ledger.Verify(many with { Nonce = (ulong)i }))];
        Transaction approval = _ledger.Draft(MinistryChecker, new ApproveProposal(99, default));
        VerifiedTransaction[] approvals =
            [.. Enumerable.Range(0, 199).Select(i =>
                _ledger.Verify(approval with { Nonce = approval.Nonce + (ulong)i }))];

        Assert.Equal(200, Overflows(work));
        Assert.Equal(198, Overflows(approvals));
    }

    [Fact]
    public void Execute_TooManyTransactions_IsInvalid()
    {
        Transaction pay = Pay(Alice, Bob, 1);
        VerifiedTransaction[] many = [.. Enumerable.Range(0, Limits.TransactionsPerBlock + 1)
            .Select(i => _ledger.Verify(pay with { Nonce = (ulong)i }))];

        Assert.Equal(Limits.TransactionsPerBlock, Overflows(many));
    }

    [Fact]
    public void Execute_EmptyBlock_ChangesNothing()
    {
        ExecutedBlock block = _ledger.RunBlock();

        Assert.Empty(block.Changes);
        Assert.Empty(block.Events);
    }

    [Fact]
    public void Assemble_LeavesOutWhatMayNotBeIncluded_AndEqualsExecute()
    {
        VerifiedTransaction[] candidates =
        [
            _ledger.Verify(Pay(Alice, Bob, 10)),
            _ledger.Verify(Pay(Nobody, Bob, 10)),
            _ledger.Verify(Pay(Alice, Bob, 20)),
            _ledger.Verify(Pay(Alice, Nobody, 30) with { Nonce = _ledger.View.NextNonce(Alice, 0) + 1 }),
        ];

        AssembledBlock built = _ledger.Machine.Assemble(
            _ledger.State, _ledger.Next, candidates, BlockBudget.Full);
        var executed = Assert.IsType<ExecutedBlock>(
            _ledger.Machine.Execute(_ledger.State, _ledger.Next, built.Included));

        Assert.Equal([candidates[0].Id, candidates[3].Id], built.Included.Select(t => t.Id));
        Assert.Equal(
            [RejectionCode.SenderUnknown, RejectionCode.NonceUsed], built.Dropped.Select(d => d.Reason.Code));
        Assert.Equal(executed.ReceiptsRoot, built.Block.ReceiptsRoot);
        Assert.Equal(executed.EventsRoot, built.Block.EventsRoot);
        Assert.Equal(
            _ledger.Tree.Update(executed.Changes).Root, _ledger.Tree.Update(built.Block.Changes).Root);
        Assert.Equal(RejectionCode.ReceiverNotRegistered, built.Block.Receipts[1].Code);
    }

    [Fact]
    public void Assemble_StopsAtItsBudget()
    {
        VerifiedTransaction[] candidates =
            [.. Enumerable.Range(0, 10).Select(i =>
                _ledger.Verify(Pay(Alice, Bob, 1) with { Lane = (uint)(i + 1), Nonce = 0 }))];

        AssembledBlock built = _ledger.Machine.Assemble(
            _ledger.State, _ledger.Next, candidates, BlockBudget.Full with { Transactions = 3 });

        Assert.Equal(candidates[..3].Select(t => t.Id), built.Included.Select(t => t.Id));
        Assert.Empty(built.Dropped);
    }

    [Fact]
    public void Simulate_EqualsExecution_OnSuccessAndFailure()
    {
        foreach (Transaction transaction in new[]
        {
            Pay(Alice, Bob, 400),
            Pay(Alice, Bob, 4_000),
            _ledger.Draft(MinistryMaker, new Propose(
                [new IssueUnits(Bond, Bob, new Amount(5))], _ledger.Time.Plus(DayMs), "")),
        })
        {
            SimulationResult simulated = _ledger.Machine.Simulate(_ledger.State, _ledger.Next, transaction);
            ExecutedBlock executed = Execute(_ledger.State, transaction);

            Assert.True(simulated.Includable);
            Assert.Equal(executed.Receipts[0].Code, simulated.Rejection?.Code);
            Assert.Equal(executed.Receipts[0].FailedOperation, simulated.Rejection?.Operation ?? -1);
            Assert.Equal(executed.Events.Select(e => e.Event), simulated.Events);
            Assert.Equal(
                executed.Changes.Count(c => c.Key.Span[0] == (byte)Table.Balance), simulated.Balances.Length);
            foreach (BalanceChange change in simulated.Balances)
            {
                Assert.Equal(_ledger.View.Balance(change.Account, change.Asset), change.Before);
                Assert.Equal(
                    new LedgerView(executed.State).Balance(change.Account, change.Asset), change.After);
            }
        }
    }

    [Fact]
    public void Simulate_WhenAScheduledProposalComesDueFirst_SeesItsEffect()
    {
        _ledger.Pass(MinistryMaker, new SetAssetCap(Bond, new Amount(1_000)));
        _ledger.Wait(DayMs);
        Transaction issue = _ledger.Draft(MinistryMaker, new Propose(
            [new IssueUnits(Bond, Bob, new Amount(1))], _ledger.Time.Plus(DayMs), ""));

        SimulationResult simulated = _ledger.Machine.Simulate(_ledger.State, _ledger.Next, issue);

        Assert.Equal(RejectionCode.SupplyCapExceeded, simulated.Rejection?.Code);
        Assert.Equal(Execute(_ledger.State, issue).Receipts[0].Code, simulated.Rejection?.Code);
    }

    [Fact]
    public void Simulate_NotIncludable_SaysSo()
    {
        SimulationResult simulated = _ledger.Machine.Simulate(
            _ledger.State, _ledger.Next, Pay(Nobody, Bob, 1));

        Assert.Equal((false, RejectionCode.SenderUnknown), (simulated.Includable, simulated.Rejection!.Code));
    }

    private Transaction Pay(Address from, Address to, ulong units) =>
        _ledger.Draft(from, new Transfer(Bond, to, new Amount(units)));

    private ExecutedBlock Execute(IStateView parent, Transaction transaction) => Assert.IsType<ExecutedBlock>(
        _ledger.Machine.Execute(parent, _ledger.Next, [_ledger.Verify(transaction)]));

    private int Overflows(VerifiedTransaction[] transactions)
    {
        var invalid = Assert.IsType<InvalidBlock>(
            _ledger.Machine.Execute(_ledger.State, _ledger.Next, transactions));
        Assert.Equal(RejectionCode.TooLarge, invalid.Reason.Code);
        return invalid.TransactionIndex;
    }
}
