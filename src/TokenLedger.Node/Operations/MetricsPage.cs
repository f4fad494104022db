// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using TokenLedger.Node.Bridging;
using TokenLedger.Runtime;

namespace TokenLedger.Node.Operations;

/// <summary>
/// Collects the process's own instruments and writes them in Prometheus text format 0.0.4. Thread-safe.
/// </summary>
internal sealed class MetricsPage : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly double[] Buckets =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public MetricsPage(
        ValidatorRuntime runtime, IMeterFactory factory, string dataDirectory, LedgerScrubber scrubber,
        BridgeHost? bridge)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("TokenLedger.", StringComparison.Ordinal))
            {
                // A series stands on the page from the start: nobody alerts on one that is not there yet.
                Record(instrument, null);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>(
            (instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();

        Meter meter = factory.Create("TokenLedger.Node");
        meter.CreateObservableGauge(
            "tokenledger_pool_transactions", () => (long)runtime.Health().PoolTransactions, "{transaction}",
            "Transactions waiting.");
        meter.CreateObservableGauge(
            "tokenledger_finalizing", () => runtime.Health().Finalizing ? 1L : 0L, null,
            "1 while blocks become final in time.");
        meter.CreateObservableGauge(
            "tokenledger_validators_reachable",
            () => (long)runtime.Health().Validators.Count(validator => validator.Reachable), "{validator}",
            "Validators heard from lately, this one counted.");
        meter.CreateObservableGauge(
            "tokenledger_ledger_bytes", () => runtime.Ledger.ApproximateBytes, "By",
            "Size of the ledger database.");
        meter.CreateObservableGauge(
            "tokenledger_disk_free_bytes", () => DiskRoom.Of(dataDirectory).Free, "By",
            "Free on the device under the data directory.");
        meter.CreateObservableGauge(
            "tokenledger_taking_transactions", () => runtime.Refusal is null ? 1L : 0L, null,
            "1 while clients' transactions are taken.");
        meter.CreateObservableCounter(
            "tokenledger_scrub_damaged_total", () => (long)scrubber.Status.Found, "{block}",
            "Damaged blocks that the scrub found.");
        meter.CreateObservableCounter(
            "tokenledger_scrub_repaired_total", () => (long)scrubber.Status.Repaired, "{block}",
            "Of those, repaired from a peer.");
        meter.CreateObservableCounter(
            "tokenledger_scrub_passes_total", () => (long)scrubber.Status.Passes, "{pass}",
            "Times that the scrub has read all of the ledger.");
        meter.CreateObservableGauge(
            "process_resident_memory_bytes", () => Environment.WorkingSet, "By", "Resident memory.");
        meter.CreateObservableCounter(
            "process_cpu_seconds_total", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s",
            "Processor time used.");
        BridgeMetrics.Create(meter, bridge is null ? [] : bridge.Lanes);
    }

    /// <summary>The page.</summary>
    public string Render()
    {
        _listener.RecordObservableInstruments();
        var page = new StringBuilder(4 * 1024);
        lock (_gate)
        {
            foreach ((string name, Series series) in _series)
            {
                series.Write(page, name);
            }
        }

        return page.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Record(
        Instrument instrument, double? value, ReadOnlySpan<KeyValuePair<string, object?>> labels = default)
    {
        lock (_gate)
        {
            if (!_series.TryGetValue(instrument.Name, out Series? series))
            {
                series = new Series(instrument);
                _series.Add(instrument.Name, series);
            }

            if (value is { } measured)
            {
                series.Add(measured, labels);
            }
        }
    }

    private sealed class Series(Instrument instrument)
    {
        private readonly string _help = instrument.Description ?? "";
        private readonly string _type = instrument.GetType().Name.Split('`')[0] switch
        {
            "Counter" or "ObservableCounter" => "counter",
            "Histogram" => "histogram",
            _ => "gauge",
        };

        private readonly bool _isTotal = instrument.IsObservable;
        private readonly SortedDictionary<string, double> _values = new(StringComparer.Ordinal);
        private readonly long[] _buckets = new long[Buckets.Length];
        private double _value;
        private long _count;

        public void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
        {
            switch (_type)
            {
                case "gauge" or "counter":
                    string labelled = Labels(labels);
                    _values[labelled] = _isTotal ? value : _values.GetValueOrDefault(labelled) + value;
                    break;
                default:
                    _value += value;
                    _count++;
                    for (int i = 0; i < Buckets.Length; i++)
                    {
                        _buckets[i] += value <= Buckets[i] ? 1 : 0;
                    }

                    break;
            }
        }

        public void Write(StringBuilder page, string name)
        {
            CultureInfo c = CultureInfo.InvariantCulture;
            page.Append(c, $"# HELP {name} {_help}\n# TYPE {name} {_type}\n");
            if (_type != "histogram")
            {
                if (_values.Count == 0 && !_isTotal)
                {
                    page.Append(c, $"{name} 0\n");
                }

                foreach ((string labels, double value) in _values)
                {
                    page.Append(c, $"{name}{labels} {value:R}\n");
                }

                return;
            }

            for (int i = 0; i < Buckets.Length; i++)
            {
                page.Append(c, $"{name}_bucket{{le=\"{Buckets[i]:R}\"}} {_buckets[i]}\n");
            }

            page.Append(
                c, $"{name}_bucket{{le=\"+Inf\"}} {_count}\n{name}_sum {_value:R}\n{name}_count {_count}\n");
        }

        /// <summary>Names and values are the node's own and need no escapes.</summary>
        private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> labels)
        {
            if (labels.IsEmpty)
            {
                return "";
            }

            var text = new StringBuilder("{");
            foreach ((string name, object? value) in labels)
            {
                text.Append(text.Length > 1 ? "," : "")
                    .Append(CultureInfo.InvariantCulture, $"{name}=\"{value}\"");
            }

            return text.Append('}').ToString();
        }
    }
}
