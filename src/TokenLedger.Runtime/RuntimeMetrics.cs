// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Runtime;

/// <summary>What the runtime measures. Names are stable; the node's operators alert on them.</summary>
public sealed class RuntimeMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "TokenLedger.Runtime";

    private readonly Counter<long> _blocks;
    private readonly Counter<long> _transactions;
    private readonly Counter<long> _certificationFailures;
    private readonly Counter<long> _evidence;
    private readonly Histogram<double> _execution;
    private readonly Histogram<double> _sync;
    private readonly Histogram<double> _guardSync;
    private readonly Counter<long> _refused;
    private long _height;
    private long _view;
    private long _quarantined;

    /// <summary>Creates the instruments.</summary>
    public RuntimeMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(MeterName);
        _blocks = meter.CreateCounter<long>("tokenledger_blocks_total", "{block}", "Blocks committed.");
        _transactions = meter.CreateCounter<long>(
            "tokenledger_transactions_total", "{transaction}", "Transactions committed.");
        _certificationFailures = meter.CreateCounter<long>(
            "tokenledger_certification_failures_total", "{block}", "Notarized blocks that are invalid here.");
        _evidence = meter.CreateCounter<long>(
            "tokenledger_equivocations_total", "{proof}", "Proofs that a validator signed two things.");
        _execution = meter.CreateHistogram<double>(
            "tokenledger_block_execution_seconds", "s", "Time to execute a block and update the tree.");
        _sync = meter.CreateHistogram<double>(
            "tokenledger_consensus_sync_seconds", "s", "Time to make a batch of consensus records durable.");
        _guardSync = meter.CreateHistogram<double>(
            "tokenledger_guard_sync_seconds", "s", "Time for the signer guard to release a batch of votes.");
        _refused = meter.CreateCounter<long>(
            "tokenledger_votes_refused_total", "{vote}", "Votes that the signer guard refused.");
        meter.CreateObservableGauge(
            "tokenledger_quarantined", () => Volatile.Read(ref _quarantined), null,
            "1 while this validator signs nothing.");
        meter.CreateObservableGauge(
            "tokenledger_height", () => Volatile.Read(ref _height), "{block}", "Height of the final head.");
        meter.CreateObservableGauge(
            "tokenledger_view", () => Volatile.Read(ref _view), "{view}", "Current view of consensus.");
    }

    internal void Committed(BlockHeader header, int transactions)
    {
        _blocks.Add(1);
        _transactions.Add(transactions);
        Volatile.Write(ref _height, (long)header.Height.Value);
    }

    internal void View(View view) => Volatile.Write(ref _view, (long)view.Value);

    internal void Executed(TimeSpan elapsed) => _execution.Record(elapsed.TotalSeconds);

    internal void RecordSynced(TimeSpan elapsed) => _sync.Record(elapsed.TotalSeconds);

    internal void GuardSynced(TimeSpan elapsed) => _guardSync.Record(elapsed.TotalSeconds);

    internal void VoteRefused() => _refused.Add(1);

    internal void Quarantined(bool quarantined) => Volatile.Write(ref _quarantined, quarantined ? 1 : 0);

    internal void CertificationFailed() => _certificationFailures.Add(1);

    internal void Evidence() => _evidence.Add(1);
}
