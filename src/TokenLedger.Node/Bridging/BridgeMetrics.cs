// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using System.Globalization;
using TokenLedger.Bridge;

namespace TokenLedger.Node.Bridging;

/// <summary>What the bridge measures, for each lane and each of its tokens. Names are stable.</summary>
internal static class BridgeMetrics
{
    /// <summary>Creates the instruments.</summary>
    public static void Create(Meter meter, IReadOnlyList<LaneRunner> lanes)
    {
        Gauge("tokenledger_bridge_working", null, "1 while this node's bridge to the chain works.",
            static lane => lane.Status is { Halt: "", Note: "", SendNote: "", Final: not null }
                && lane.Stall.Length == 0 ? 1 : 0);
        Gauge("tokenledger_bridge_halted", null, "1 when it does nothing until an operator decides.",
            static lane => lane.Status.Halt.Length > 0 ? 1 : 0);
        Gauge("tokenledger_bridge_final_block", "{block}", "The last final block abroad that was read.",
            static lane => lane.Status.Final?.Number ?? 0);
        Gauge("tokenledger_bridge_final_age_seconds", "s", "How old that block is.",
            static lane => lane.FinalAge?.TotalSeconds ?? 0);
        Gauge("tokenledger_bridge_finality_stalled", null,
            "1 when that block is older than it may be: nothing becomes final abroad.",
            static lane => lane.Stall.Length > 0 ? 1 : 0);
        Gauge("tokenledger_bridge_open_sends", "{transaction}", "Transactions abroad that are not final.",
            static lane => lane.Status.OpenSends);
        Counter("tokenledger_bridge_requests_total", "{request}", "Requests to the chain's endpoints.",
            static lane => lane.Requests);
        Counter("tokenledger_bridge_looks_total", "{look}", "Looks at both sides.",
            static lane => lane.Counts.Looks);
        Counter("tokenledger_bridge_failed_looks_total", "{look}", "Looks that an unforeseen fault ended.",
            static lane => lane.Counts.Failures);
        Backing("tokenledger_bridge_backing", null,
            "1 when every unit abroad is locked here, -1 when the two differ, 0 when they cannot be "
            + "compared now.",
            static backing => backing.Verdict switch
            {
                BackingVerdict.Agrees => 1,
                BackingVerdict.Differs => -1,
                _ => 0,
            });
        Backing("tokenledger_bridge_locked_units", "{unit}", "Atomic units that the escrow holds.",
            static backing => (double)backing.Locked.Units);
        Backing("tokenledger_bridge_explained_units", "{unit}",
            "Atomic units abroad, on the way, or burned and not released.",
            static backing => (double)backing.Explained.Units);

        void Gauge(string name, string? unit, string help, Func<LaneRunner, double> of) =>
            meter.CreateObservableGauge(name, () => Each(of), unit, help);

        void Counter(string name, string? unit, string help, Func<LaneRunner, double> of) =>
            meter.CreateObservableCounter(name, () => Each(of), unit, help);

        void Backing(string name, string? unit, string help, Func<Backing, double> of) =>
            meter.CreateObservableGauge(
                name,
                () => lanes.SelectMany(lane => lane.Backing.Select(backing => new Measurement<double>(
                    of(backing), Chain(lane), new("asset", backing.Asset.ToString())))),
                unit, help);

        IEnumerable<Measurement<double>> Each(Func<LaneRunner, double> of) =>
            lanes.Select(lane => new Measurement<double>(of(lane), Chain(lane)));
    }

    private static KeyValuePair<string, object?> Chain(LaneRunner lane) =>
        new("chain", lane.ChainId.ToString(CultureInfo.InvariantCulture));
}
