// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>What came of one run.</summary>
internal sealed record RunResult(
    SimOptions Options,
    string Digest,
    ViolationException? Violation,
    IReadOnlyList<string> Last,
    IReadOnlyDictionary<string, ulong> Checks,
    IReadOnlyDictionary<FaultKind, ulong> Fired,
    IReadOnlyDictionary<string, ulong> Acts,
    ulong Blocks,
    ulong Transactions,
    ulong VirtualMs,
    ulong Events) : ISeedResult<FaultKind>;

/// <summary>
/// One seed, from the start to the replay from genesis: first chaos, then a healthy quorum with the rest of
/// the nodes lost for good.
/// </summary>
internal sealed class SeedRun
{
    private const ulong OverBudgetTailMs = 10_000;

    private readonly SimOptions _options;
    private readonly SimCluster _cluster;
    private readonly BalanceModel _model;
    private readonly Workload _workload;
    private readonly FaultDriver _faults;

    private SeedRun(SimOptions options, SimCluster cluster)
    {
        _options = options;
        _cluster = cluster;
        _model = new BalanceModel(cluster);
        _workload = new Workload(cluster, _model);
        _faults = new FaultDriver(cluster);
        cluster.Finalized = _model.Apply;
    }

    public static RunResult Run(SimOptions options)
    {
        using var cluster = new SimCluster(options);
        var run = new SeedRun(options, cluster);
        ViolationException? violation = null;
        try
        {
            run.Phases();
        }
        catch (ViolationException e)
        {
            violation = e;
        }

        return new RunResult(
            options, cluster.Trace.Digest(), violation, cluster.Trace.Last(), cluster.Checker.Checks,
            cluster.FaultsFired, run.Acts(), cluster.Checker.Height, run._model.Transactions,
            cluster.Time.NowMs, cluster.Time.Events);
    }

    /// <summary>How often each behaviour acted, over all Byzantine nodes.</summary>
    private SortedDictionary<string, ulong> Acts()
    {
        var acts = new SortedDictionary<string, ulong>(StringComparer.Ordinal);
        foreach ((string behaviour, ulong count) in _cluster.Nodes.SelectMany(node => node.Context.Acts))
        {
            acts[behaviour] = acts.GetValueOrDefault(behaviour) + count;
        }

        return acts;
    }

    private void Phases()
    {
        foreach (SimNode node in _cluster.Nodes)
        {
            node.Start();
        }

        _faults.Plan();
        _workload.Plan();
        _cluster.Time.RunUntil(_options.ChaosMs);
        _cluster.Trace.Add(_cluster.Time.NowMs, TraceKind.Phase, -1, 2);
        if (_options.InBudget)
        {
            RequireProgress();
        }
        else
        {
            _faults.Heal(_cluster.Nodes.Select(node => node.Index).ToHashSet());
            _cluster.Time.RunUntil(_options.ChaosMs + OverBudgetTailMs);
        }

        ReplayFromGenesis();
        foreach (NodeLife life in _cluster.Nodes.Select(node => node.Life).OfType<NodeLife>())
        {
            life.Guard(() => RequireRootFromScratch(life));
        }
    }

    /// <summary>The root that grew with the blocks is that of a tree built at once from all rows.</summary>
    private void RequireRootFromScratch(NodeLife life)
    {
        var rows = new List<StateChange>();
        byte[] from = [];
        IReadOnlyList<StateEntry> page;
        do
        {
            page = life.Ledger.State.Range(from, [byte.MaxValue], 1_000);
            rows.AddRange(page.Select(row => new StateChange(row.Key, row.Value)));
            from = page.Count == 0 ? from : [.. page[^1].Key.Span, 0];
        }
        while (page.Count > 0);
        bool same = StateTree.Empty.Update(rows).Root == life.Ledger.Head.Header.StateRoot;
        _cluster.Checker.Require("incremental root is the root from scratch", same, null, life.Ledger.Head);
    }

    /// <summary>
    /// A quorum is healthy, the rest is lost for good in one of several ways: new blocks, and a new
    /// transaction, must become final at every node of the quorum in time.
    /// </summary>
    private void RequireProgress()
    {
        int[] quorum = [.. Enumerable.Range(0, _options.Nodes - _options.MaxFaulty)];
        ulong before = _cluster.Checker.Height;
        foreach (SimNode node in _cluster.Nodes.Skip(quorum.Length))
        {
            LoseForGood(node);
        }

        if (_options.Breakage != Breakage.Stalled)
        {
            _faults.Heal(quorum.ToHashSet());
        }

        Hash256 fresh = _workload.SubmitFresh(quorum);
        bool Done() => quorum.All(index => _cluster.Nodes[index].Life is { } life
            && life.Ledger.Head.Height.Value > before + 1
            && life.Ledger.FindTransaction(fresh) is not null);
        ulong deadline = _options.ChaosMs + _options.LivenessMs;
        bool done = false;
        while (!done && _cluster.Time.NowMs < deadline)
        {
            _cluster.Time.RunUntil(_cluster.Time.NowMs + 250);
            done = Done();
        }

        string state = string.Join(", ", quorum.Select(index => Describe(index, fresh)));
        _cluster.Checker.Require("a healthy quorum makes progress", done, null, $"from {before}: {state}");
    }

    private string Describe(int index, Hash256 transaction) => _cluster.Nodes[index].Life is { } life
        ? $"node {index} at {life.Ledger.Head.Height} view {life.Consensus.Status.View}"
            + $" {(life.Ledger.FindTransaction(transaction) is null ? "without" : "with")} the transaction"
        : $"node {index} is down ({_cluster.Nodes[index].Broken?.Message ?? "no reason"})";

    private void LoseForGood(SimNode node)
    {
        // A Byzantine node mostly goes on: the quorum must live with what it does.
        int ways = node.Adversary is null ? 4 : 12;
        switch (new Purpose(_options.Seed, "lost").At((ulong)node.Index).Below(ways))
        {
            case 0:
                node.IsOff = true;
                node.Crash(0);
                break;
            case 1:
                node.Pause(ulong.MaxValue / 4);
                break;
            case 2:
                var all = new Fault(
                    1_000_000 + (ulong)node.Index, _cluster.Time.NowMs, ulong.MaxValue / 4, FaultKind.Split,
                    node.Index, -1, 1ul << node.Index);
                _cluster.Network.Begin(all);
                break;
            default:
                // It stays as the chaos left it.
                break;
        }
    }

    /// <summary>Executes one node's whole chain again, from nothing.</summary>
    private void ReplayFromGenesis()
    {
        NodeLife? life = _cluster.Nodes.Where(node => node.Adversary is null).Select(node => node.Life)
            .OfType<NodeLife>()
            .Where(life => life.Ledger.Head.Height.Value == _cluster.Checker.Height
                && life.Ledger.SnapshotHeight.Value == 0).FirstOrDefault();
        if (life is null)
        {
            return;
        }

        var ledger = new TestLedgerReplay(_cluster, life.Ledger);
        life.Guard(() => ledger.Run());
    }

    /// <summary>Execution from genesis on an independent state.</summary>
    private sealed class TestLedgerReplay(SimCluster cluster, LedgerStore ledger)
    {
        private readonly LedgerMachine _machine = new(ledger.GenesisHash);
        private readonly MemoryState _state = new(GenesisBuilder.Changes(cluster.Genesis));

        public void Run()
        {
            StateTree tree = StateTree.Empty.Update(GenesisBuilder.Changes(cluster.Genesis));
            for (ulong height = 1; height <= ledger.Head.Height.Value; height++)
            {
                Block block = ledger.FindBlock(new Height(height))!;
                BlockHeader header = block.Header;
                VerifiedTransaction[] transactions = [.. block.Transactions.Select(Verified)];
                var executed = _machine.Execute(
                    _state, new BlockContext(header.Height, header.Timestamp), transactions) as ExecutedBlock;
                tree = tree.Update(executed?.Changes ?? []);
                bool same = executed is not null && tree.Root == header.StateRoot
                    && executed.ReceiptsRoot == header.ReceiptsRoot
                    && executed.EventsRoot == header.EventsRoot;
                cluster.Checker.Require("replay from genesis has the same roots", same, null, height);
                _state.Apply(executed!.Changes);
            }
        }

        private VerifiedTransaction Verified(SignedTransaction signed)
        {
            var admission = new Runtime.TransactionAdmission(ledger.GenesisHash, cluster.Transactions);
            Rejection? refused = admission.TryAdmit(signed, out VerifiedTransaction? verified);
            cluster.Checker.Require("final transactions are signed", refused is null, null, refused);
            return verified!;
        }
    }
}
