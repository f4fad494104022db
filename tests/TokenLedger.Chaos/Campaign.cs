// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Grpc.Core;

namespace TokenLedger.Chaos;

/// <summary>Kills and scenarios on one cluster, and one report. It ends at the first violation.</summary>
internal sealed class Campaign(ulong seed, TextWriter output)
{
    private readonly SortedDictionary<string, int> _scenarios = new(StringComparer.Ordinal);
    private int _kills;
    private int _processes;
    private readonly List<double> _seconds = [];
    private SortedDictionary<string, ulong> _checks = [];
    private int _transactions;

    /// <summary>So many kills, and then these scenarios.</summary>
    public Task<int> RunAsync(int kills, IReadOnlyList<Scenario> scenarios) =>
        RunAsync(async run =>
        {
            var loop = new KillLoop(run);
            for (int i = 0; i < kills; i++)
            {
                await KillAsync(run, loop);
            }

            foreach (Scenario scenario in scenarios)
            {
                await InjureAsync(run, scenario);
            }
        });

    /// <summary>Kills and scenarios, in turns, until the time is over and each scenario was there.</summary>
    public Task<int> RunForAsync(TimeSpan time) => RunAsync(async run =>
    {
        const int KillsBetween = 20;
        long started = Stopwatch.GetTimestamp();
        var loop = new KillLoop(run);
        for (int turn = 0; Stopwatch.GetElapsedTime(started) < time; turn++)
        {
            for (int i = 0; i < KillsBetween; i++)
            {
                await KillAsync(run, loop);
            }

            await InjureAsync(run, Scenarios.All[turn % Scenarios.All.Length]);
        }

        foreach (Scenario scenario in Scenarios.All.Where(one => !_scenarios.ContainsKey(one.Name)))
        {
            await InjureAsync(run, scenario);
        }
    });

    private async Task<int> RunAsync(Func<ChaosRun, Task> work)
    {
        long started = Stopwatch.GetTimestamp();
        int violations = 0;
        await using ChaosRun run = await ChaosRun.StartAsync(seed, links: true, output);
        try
        {
            await work(run);
            await run.EndAsync();
        }
        catch (Exception e) when (e is ViolationException or TimeoutException or RpcException)
        {
            // A node that runs, and was whole a moment ago, answers.
            violations++;
            string rule = e is ViolationException violation ? violation.Rule : "progress";
            run.Say($"VIOLATION of \"{rule}\": {e.Message}");
            run.Say($"{run.Cluster.Tails()}");
            run.Say($"seed {seed}, after {_kills} kills and {string.Join(", ", _scenarios.Keys)}");
        }

        _checks = new SortedDictionary<string, ulong>(
            run.Auditor.Checker.Checks.ToDictionary(), StringComparer.Ordinal);
        _transactions = run.Auditor.Checker.Transactions;
        Report(Stopwatch.GetElapsedTime(started), run, violations);
        return violations == 0 ? 0 : 1;
    }

    private async Task KillAsync(ChaosRun run, KillLoop loop)
    {
        int before = loop.Processes;
        await loop.KillAsync(_kills);
        _kills++;
        _processes += loop.Processes - before;
        _seconds.Add(loop.Seconds[^1]);
        Checker known = run.Auditor.Checker;
        run.Say($"kill {_kills,-4} {loop.Last}  height {known.Height}, {known.Transactions} transactions");
    }

    private async Task InjureAsync(ChaosRun run, Scenario scenario)
    {
        long started = Stopwatch.GetTimestamp();
        int times = _scenarios.GetValueOrDefault(scenario.Name);
        string told = await scenario.RunAsync(
            run, run.Random.Fork(FormattableString.Invariant($"{scenario.Name} {times}")));
        _scenarios[scenario.Name] = times + 1;
        run.Say($"{scenario.Name,-20} {Stopwatch.GetElapsedTime(started).TotalSeconds,5:F1} s  {told}");
    }

    private void Report(TimeSpan wall, ChaosRun run, int violations)
    {
        run.Say($"checks, on {run.Auditor.Checker.Height} blocks with {_transactions} transactions:");
        foreach ((string rule, ulong count) in _checks)
        {
            run.Say($"  {rule,-42} {count}");
        }

        if (_seconds.Count > 0)
        {
            (double p50, double p99) = (Percentile.Of(_seconds, 0.5), Percentile.Of(_seconds, 0.99));
            run.Say($"{_processes} processes killed; all back and further: p50 {p50:F1} s, p99 {p99:F1} s");
        }

        run.Say($"{wall.TotalSeconds:F0} s; violations {violations} scenarios {_scenarios.Values.Sum()}");
        run.Say($"violations {violations} kills {_kills}");
    }
}
