// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Ledger;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Simulation;

/// <summary>
/// The ledger as the bridge sees it: blocks that are final when they are made, by the production rules, in
/// the place of consensus. Each signer follows them at its own pace.
/// </summary>
internal sealed class SimLedger
{
    private const int TransactionsOfABlock = 200;

    private readonly BridgeWorld _world;
    private readonly LedgerMachine _machine;
    private readonly EventReplay _replay = new();
    private readonly List<Waiting> _pool = [];
    private readonly List<(IReadOnlyList<StateChange> Changes, TimestampMs Time)> _blocks;
    private LaneView? _view;

    private sealed record Waiting(ulong ReadyMs, Address Sender, ImmutableArray<Operation> Operations);

    public SimLedger(BridgeWorld world)
    {
        _world = world;
        Genesis = TestNetwork.Genesis();
        _machine = new LedgerMachine(Genesis.Hash);
        IReadOnlyList<StateChange> changes = GenesisBuilder.Changes(Genesis);
        State = new MemoryState(changes);
        Time = Genesis.Time;
        _blocks = [(changes, Time)];
    }

    public GenesisDocument Genesis { get; }

    public MemoryState State { get; }

    public LedgerView Read => new(State);

    public Height Height => new((ulong)_blocks.Count - 1);

    public TimestampMs Time { get; private set; }

    /// <summary>No block is made.</summary>
    public bool Stalls { get; set; }

    public LaneView Lane => _view ??= LaneView.Read(State, Height, Time, BridgeOptions.ChainId)!;

    /// <summary>What a block changed, and its time.</summary>
    public (IReadOnlyList<StateChange> Changes, TimestampMs Time) this[ulong height] => _blocks[(int)height];

    /// <summary>Opens the lane, joins its tokens, and gives clients units.</summary>
    public void SetUp(OpenBridgeLane terms)
    {
        bool done = Pass(MinistryMaker, new IssueUnits(Bond, Alice, new Amount(3_000_000)))
            && Pass(MinistryMaker, new IssueUnits(Bond, ExchangeAccount, new Amount(3_000_000)))
            && Pass(TreasuryMaker, new IssueUnits(Carbon, Bob, new Amount(300_000)))
            && Pass(MinistryMaker, terms);
        Invariant.Require(done, "the lane opens");
        foreach ((AssetId asset, Address token) in BridgeOptions.Tokens)
        {
            bool joined = Pass(
                asset == Bond ? MinistryMaker : TreasuryMaker,
                new MapBridgeToken(BridgeOptions.ChainId, asset, token, BridgeOfficers.Wide));
            Invariant.Require(joined, "the token is joined");
        }
    }

    /// <summary>Hands in a transaction; it gets into a block after a while, or is dropped there.</summary>
    public void Submit(Address sender, ImmutableArray<Operation> operations, ulong delayMs = 0) =>
        _pool.Add(new Waiting(_world.Time.NowMs + delayMs, sender, operations));

    public void RunBlock()
    {
        if (Stalls)
        {
            return;
        }

        Waiting[] ready =
            [.. _pool.Where(one => one.ReadyMs <= _world.Time.NowMs).Take(TransactionsOfABlock)];
        _pool.RemoveAll(ready.Contains);
        RunBlock([.. ready.Select(static one => (one.Sender, one.Operations))]);
    }

    /// <summary>A proposal with all approvals that it needs, in blocks of their own.</summary>
    /// <returns>Whether it took effect.</returns>
    public bool Pass(Address maker, PrivilegedOperation payload)
    {
        ulong id = Read.NextProposal();
        RunBlock([(maker, [new Propose([payload], Time.Plus(DayMs), "simulation")])]);
        Address[] checkers =
        [
            MinistryChecker, BankChecker, RegulatorChecker, MinistryChecker2, BankChecker2, TreasuryChecker,
        ];
        foreach (Address checker in checkers.Where(checker => checker != maker))
        {
            if (Read.Proposal(id) is not { Status: ProposalStatus.Open } open)
            {
                break;
            }

            RunBlock([(checker, [new ApproveProposal(id, open.PayloadHash)])]);
        }

        return Read.Proposal(id)?.Status == ProposalStatus.Executed;
    }

    /// <summary>The whole state counted anew.</summary>
    public void CheckWhole()
    {
        IReadOnlyList<string> broken = InvariantChecker.FullCheck(State);
        _world.Checker.Require(
            "the ledger's books, counted anew, are right", broken.Count == 0, string.Join(' ', broken));
    }

    private void RunBlock(IReadOnlyList<(Address Sender, ImmutableArray<Operation> Operations)> content)
    {
        var now = new TimestampMs(Math.Max(Time.Value + 1, NodeClock.At(_world.Time.NowMs)));
        var lanes = new Dictionary<Address, uint>();
        var candidates = new List<VerifiedTransaction>();
        foreach ((Address sender, ImmutableArray<Operation> operations) in content)
        {
            // A nonce lane each, as the node's door to its ledger has it: none waits for another.
            uint lane = lanes.GetValueOrDefault(sender);
            lanes[sender] = lane + 1;
            if (lane < Limits.LanesPerSender)
            {
                candidates.Add(TestTransactions.Verified(
                    new Transaction(
                        sender, lane, Read.NextNonce(sender, lane), now.Plus(HourMs), null, "", operations),
                    Genesis.Hash));
            }
        }

        AssembledBlock assembled =
            _machine.Assemble(State, new BlockContext(Height.Next, now), candidates, BlockBudget.Full);
        ExecutedBlock block = assembled.Block;
        IReadOnlyList<string> broken = InvariantChecker.CheckBlock(State, block, assembled.Included);
        _world.Checker.Require(
            "the ledger's books are right", broken.Count == 0, string.Join(' ', broken));
        foreach (EventRecord record in block.Events)
        {
            string? contradiction = _replay.Apply(record.Event);
            _world.Checker.Require(
                "events follow from each other", contradiction is null, contradiction ?? "");
        }

        State.Apply(block.Changes);
        Time = now;
        _blocks.Add((block.Changes, now));
        _view = null;
        _world.LedgerBlock(block);
    }
}
