// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution;

namespace TokenLedger.Testing;

/// <summary>
/// A ledger that grows block by block on one thread, without consensus. Every block is checked: its
/// invariants, that the events replay to the balances, and that executing it again gives the same bytes.
/// </summary>
public sealed class TestLedger
{
    private readonly LedgerMachine _machine;
    private readonly Func<Transaction, VerifiedTransaction> _verify;

    /// <param name="genesis">What it begins with.</param>
    /// <param name="verify">Makes transactions; null for those of <see cref="TestTransactions"/>.</param>
    public TestLedger(GenesisDocument genesis, Func<Transaction, VerifiedTransaction>? verify = null)
    {
        Genesis = genesis;
        _verify = verify ?? (transaction => TestTransactions.Verified(transaction, genesis.Hash));
        _machine = new LedgerMachine(genesis.Hash);
        IReadOnlyList<StateChange> changes = GenesisBuilder.Changes(genesis);
        State = new MemoryState(changes);
        Tree = StateTree.Empty.Update(changes);
        Time = genesis.Time;
    }

    public static TestLedger Start() => new(TestNetwork.Genesis());

    public GenesisDocument Genesis { get; }

    public LedgerMachine Machine => _machine;

    public MemoryState State { get; }

    public LedgerView View => new(State);

    public StateTree Tree { get; private set; }

    public EventReplay Replay { get; } = new();

    public Height Height { get; private set; }

    public TimestampMs Time { get; private set; }

    /// <summary>The events of the newest block.</summary>
    public ImmutableArray<EventRecord> Events { get; private set; } = [];

    /// <summary>The next block's context: one second after the newest.</summary>
    public BlockContext Next => new(Height.Next, Time.Plus(1_000));

    /// <summary>Lets time pass before the next block.</summary>
    public void Wait(ulong milliseconds) => Time = Time.Plus(milliseconds);

    /// <summary>A transaction with the sender's next nonce in lane 0, valid for an hour.</summary>
    public Transaction Draft(Address sender, params ReadOnlySpan<Operation> operations) => new(
        sender, 0, View.NextNonce(sender, 0), Time.Plus(TestNetwork.HourMs), RequestId: null, Memo: "",
        [.. operations]);

    public VerifiedTransaction Verify(Transaction transaction) => _verify(transaction);

    /// <summary>Told of every block, once it is part of the ledger.</summary>
    public Action<IReadOnlyList<VerifiedTransaction>, ExecutedBlock>? Executed { get; set; }

    /// <summary>A block with one transaction.</summary>
    public Receipt Run(Address sender, params ReadOnlySpan<Operation> operations) =>
        RunBlock(Draft(sender, operations)).Receipts[0];

    /// <summary>Like <see cref="Run"/>; the transaction must succeed.</summary>
    public Receipt MustRun(Address sender, params ReadOnlySpan<Operation> operations)
    {
        Execution.SimulationResult simulated = Machine.Simulate(State, Next, Draft(sender, operations));
        Invariant.Require(simulated.Succeeded, simulated.Rejection?.ToString() ?? "");
        return Run(sender, operations);
    }

    /// <summary>A block that must be valid.</summary>
    public ExecutedBlock RunBlock(params ReadOnlySpan<Transaction> transactions)
    {
        VerifiedTransaction[] verified = [.. transactions.ToArray().Select(Verify)];
        BlockResult result = _machine.Execute(State, Next, verified);
        Invariant.Require(result is ExecutedBlock, (result as InvalidBlock)?.Reason.ToString() ?? "");
        var block = (ExecutedBlock)result;
        Check(block, verified);
        State.Apply(block.Changes);
        Tree = Tree.Update(block.Changes);
        (Height, Time) = (Next.Height, Next.Time);
        Events = block.Events;
        Executed?.Invoke(verified, block);
        return block;
    }

    /// <summary>Why a block with this one transaction is invalid; null when it is valid. Nothing is
    /// kept.</summary>
    public Rejection? WhyInvalid(Transaction transaction) =>
        (_machine.Execute(State, Next, [Verify(transaction)]) as InvalidBlock)?.Reason;

    /// <summary>Opens a proposal, which must succeed.</summary>
    public ulong Propose(Address maker, params ReadOnlySpan<PrivilegedOperation> payload)
    {
        ulong id = View.NextProposal();
        MustRun(maker, new Propose([.. payload], Time.Plus(TestNetwork.DayMs), "test"));
        return id;
    }

    /// <summary>Approves a proposal with its true hash.</summary>
    public Receipt Approve(ulong id, Address checker) =>
        Run(checker, new ApproveProposal(id, View.Proposal(id)!.PayloadHash));

    /// <summary>Opens a proposal and has it approved until it takes effect or waits for its
    /// time-lock.</summary>
    public ulong Pass(Address maker, params ReadOnlySpan<PrivilegedOperation> payload)
    {
        ulong id = Propose(maker, payload);
        Address[] checkers =
        [
            TestNetwork.MinistryChecker, TestNetwork.BankChecker, TestNetwork.RegulatorChecker,
            TestNetwork.MinistryChecker2, TestNetwork.BankChecker2, TestNetwork.TreasuryChecker,
        ];
        foreach (Address checker in checkers)
        {
            if (View.Proposal(id)!.Status == ProposalStatus.Open && checker != maker)
            {
                Receipt receipt = Approve(id, checker);
                Invariant.Require(receipt.Succeeded, $"{receipt.Code}");
            }
        }

        Invariant.Require(View.Proposal(id)!.Status != ProposalStatus.Open, "the checkers suffice");
        return id;
    }

    /// <summary>Issues bonds to an account through a proposal.</summary>
    public void Issue(Address to, ulong units) =>
        Pass(TestNetwork.MinistryMaker, new IssueUnits(TestNetwork.Bond, to, new Amount(units)));

    private void Check(ExecutedBlock block, IReadOnlyList<VerifiedTransaction> transactions)
    {
        IReadOnlyList<string> broken = InvariantChecker.CheckBlock(State, block, transactions);
        Invariant.Require(broken.Count == 0, string.Join(" ", broken));
        foreach (EventRecord record in block.Events)
        {
            string? contradiction = Replay.Apply(record.Event);
            Invariant.Require(contradiction is null, contradiction ?? "");
        }

        var again = (ExecutedBlock)_machine.Execute(State, Next, transactions);
        Invariant.Require(again.ReceiptsRoot == block.ReceiptsRoot, "receipts are the same twice");
        Invariant.Require(again.EventsRoot == block.EventsRoot, "events are the same twice");
        Invariant.Require(
            Tree.Update(again.Changes).Root == Tree.Update(block.Changes).Root, "state is the same twice");
    }
}
