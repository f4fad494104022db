// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>Many seeds, a few at a time, and one report.</summary>
internal sealed class Campaign(int workers, int? nodes, TextWriter output)
{
    /// <summary>A fault or behaviour that happened less often was not tried: the campaign is void.</summary>
    private const ulong LeastFired = 10;

    /// <summary>Below this many seeds nobody expects each kind of fault.</summary>
    private const ulong SeedsOfACampaign = 200;

    /// <summary>One seed in so many is run again, in another process: it must have the same digest.</summary>
    private const ulong RepeatEvery = 50;

    private const int ViolationsShown = 5;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<FaultKind, ulong> _fired = [];
    private readonly SortedDictionary<string, ulong> _checks = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ulong> _acts = new(StringComparer.Ordinal);
    private readonly List<RunResult> _violations = [];
    private ulong _next;
    private ulong _seeds;
    private ulong _repeated;
    private ulong _virtualMs;
    private ulong _blocks;
    private ulong _transactions;

    public int Run(ulong from, ulong to, TimeSpan? time)
    {
        _next = from;
        long started = Stopwatch.GetTimestamp();
        Thread[] threads = [.. Enumerable.Range(0, workers).Select(_ => new Thread(() =>
            Work(to, () => time is { } end && Stopwatch.GetElapsedTime(started) > end)))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        return Report(Stopwatch.GetElapsedTime(started));
    }

    private void Work(ulong to, Func<bool> isOver)
    {
        while (!isOver())
        {
            ulong seed;
            lock (_gate)
            {
                if (_next > to || _violations.Count >= ViolationsShown)
                {
                    return;
                }

                seed = _next++;
            }

            RunResult result = SeedRun.Run(FaultPlan.Draw(seed, nodes));
            bool repeats = seed % RepeatEvery != 0 || OtherProcess.Repeats(result);
            lock (_gate)
            {
                _repeated += seed % RepeatEvery == 0 ? 1ul : 0;
                if (!repeats)
                {
                    var other = new ViolationException(
                        "a seed repeats in another process", "the digest there is another");
                    result = result with { Violation = result.Violation ?? other };
                }

                Add(result);
            }
        }
    }

    private void Add(RunResult result)
    {
        _seeds++;
        _virtualMs += result.VirtualMs;
        _blocks += result.Blocks;
        _transactions += result.Transactions;
        foreach ((FaultKind kind, ulong count) in result.Fired)
        {
            _fired[kind] = _fired.GetValueOrDefault(kind) + count;
        }

        foreach ((string check, ulong count) in result.Checks)
        {
            _checks[check] = _checks.GetValueOrDefault(check) + count;
        }

        foreach ((string behaviour, ulong count) in result.Acts)
        {
            _acts[behaviour] = _acts.GetValueOrDefault(behaviour) + count;
        }

        if (result.Violation is not null)
        {
            _violations.Add(result);
            CommandLine.Report(result, output);
        }
    }

    private int Report(TimeSpan wall)
    {
        double hours = _virtualMs / 3_600_000.0;
        output.WriteLine($"commit {CommandLine.Commit}");
        output.WriteLine(
            $"blocks {_blocks}, transactions {_transactions}, seeds repeated in another process {_repeated}");
        output.WriteLine("faults that happened:");
        foreach (FaultKind kind in Enum.GetValues<FaultKind>())
        {
            output.WriteLine($"  {kind,-14} {_fired.GetValueOrDefault(kind)}");
        }

        output.WriteLine("Byzantine behaviours that acted:");
        string[] behaviours = [.. Behaviours.All.Select(one => one.Create().ToString()!)];
        foreach (string behaviour in behaviours)
        {
            output.WriteLine($"  {behaviour,-26} {_acts.GetValueOrDefault(behaviour)}");
        }

        output.WriteLine("checks:");
        foreach ((string check, ulong count) in _checks)
        {
            output.WriteLine($"  {check,-42} {count}");
        }

        output.WriteLine(FormattableString.Invariant(
            $"{wall.TotalSeconds:F0} s: {hours * 3600 / wall.TotalSeconds:F0} times as fast as real time"));
        string[] missing =
        [
            .. Enum.GetValues<FaultKind>().Where(kind => _fired.GetValueOrDefault(kind) < LeastFired)
                .Select(kind => kind.ToString()),
            .. behaviours.Where(behaviour => _acts.GetValueOrDefault(behaviour) < LeastFired),
        ];
        bool isVoid = _seeds >= SeedsOfACampaign && missing.Length > 0;
        if (isVoid)
        {
            output.WriteLine($"VOID: fewer than {LeastFired} of {string.Join(", ", missing)}");
        }

        output.WriteLine(FormattableString.Invariant(
            $"violations {_violations.Count} seeds {_seeds} cluster-hours {hours:F2}"));
        return _violations.Count > 0 || isVoid ? 1 : 0;
    }
}
