// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;

namespace TokenLedger.Fuzzing;

/// <summary>
/// Many cases of many parsers on all cores, and a report. Void when a parser accepted too few inputs: then
/// only its first checks were tried.
/// </summary>
internal sealed class Campaign(ImmutableArray<FuzzTarget> targets, ulong seed, int workers, TextWriter output)
{
    /// <summary>Least share of inputs that must be accepted, percent.</summary>
    public const int AcceptedPercent = 5;

    /// <summary>Fewer cases say nothing about a share.</summary>
    private const ulong CasesForShare = 1_000;

    private const ulong Batch = 5_000;
    private const int ViolationsShown = 20;

    /// <summary>A call that does not return cannot be judged afterwards.</summary>
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Worker[] _workers = [.. Enumerable.Range(0, workers).Select(_ => new Worker())];

    private sealed class Tally
    {
        public ulong Cases { get; set; }

        public ulong Accepted { get; set; }

        public ulong Mutated { get; set; }

        public ulong MutatedAccepted { get; set; }

        public long Allocated { get; set; }

        public TimeSpan Slowest { get; set; }

        public List<(ulong Case, string Problem)> Violations { get; } = [];

        public bool IsVoid => Cases >= CasesForShare && Accepted * 100 < Cases * AcceptedPercent;
    }

    private sealed class Worker
    {
        public FuzzTarget? Target { get; set; }

        public ulong Case { get; set; }

        public long Since { get; set; }
    }

    /// <summary>Runs so many cases of each parser, or, with a time, batches until it is over.</summary>
    /// <returns>0; 1 after a violation or when void.</returns>
    public int Run(ulong cases, TimeSpan? duration)
    {
        (Fuzzer Fuzzer, Tally Tally)[] all = [.. targets.Select(t => (new Fuzzer(t, seed), new Tally()))];
        long started = TimeProvider.System.GetTimestamp();
        using var watch = new Timer(_ => EndWhenStuck(), null, Stuck, TimeSpan.FromSeconds(5));
        ulong most = duration is null ? cases : ulong.MaxValue;
        using IEnumerator<(int Target, ulong From)> queue = Work(all.Length, most).GetEnumerator();
        Thread[] threads = [.. _workers.Select(worker => new Thread(() =>
        {
            while (duration is null || TimeProvider.System.GetElapsedTime(started) < duration)
            {
                (int Target, ulong From) next;
                lock (_gate)
                {
                    if (!queue.MoveNext())
                    {
                        return;
                    }

                    next = queue.Current;
                }

                ulong end = duration is null ? Math.Min(next.From + Batch, cases) : next.From + Batch;
                RunBatch(worker, all[next.Target].Fuzzer, all[next.Target].Tally, next.From, end);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return Report(all);
    }

    private static IEnumerable<(int Target, ulong From)> Work(int targets, ulong cases)
    {
        for (ulong from = 0; from < cases; from += Batch)
        {
            for (int target = 0; target < targets; target++)
            {
                yield return (target, from);
            }
        }
    }

    private void RunBatch(Worker worker, Fuzzer fuzzer, Tally total, ulong from, ulong end)
    {
        var tally = new Tally();
        for (ulong index = from; index < end; index++)
        {
            worker.Case = index;
            worker.Since = TimeProvider.System.GetTimestamp();
            worker.Target = fuzzer.Target;
            CaseResult result = fuzzer.Run(index);
            worker.Target = null;
            tally.Cases++;
            tally.Accepted += result.Accepted ? 1u : 0;
            tally.Mutated += result.Mutated ? 1u : 0;
            tally.MutatedAccepted += result.Accepted && result.Mutated ? 1u : 0;
            tally.Allocated = Math.Max(tally.Allocated, result.Allocated);
            tally.Slowest = result.Time > tally.Slowest ? result.Time : tally.Slowest;
            if (result.Problem is not null)
            {
                tally.Violations.Add((index, result.Problem));
            }
        }

        lock (_gate)
        {
            total.Cases += tally.Cases;
            total.Accepted += tally.Accepted;
            total.Mutated += tally.Mutated;
            total.MutatedAccepted += tally.MutatedAccepted;
            total.Allocated = Math.Max(total.Allocated, tally.Allocated);
            total.Slowest = tally.Slowest > total.Slowest ? tally.Slowest : total.Slowest;
            total.Violations.AddRange(tally.Violations);
        }
    }

    private int Report((Fuzzer Fuzzer, Tally Tally)[] all)
    {
        output.WriteLine(
            "parser                      cases  accepted  of mutated   bytes at most   slowest ms");
        foreach ((Fuzzer fuzzer, Tally tally) in all)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{fuzzer.Target.Name,-24} {tally.Cases,8}  {Percent(tally.Accepted, tally.Cases),6:0.0} %  "
                    + $"{Percent(tally.MutatedAccepted, tally.Mutated),8:0.0} % {tally.Allocated,15} "
                    + $"{tally.Slowest.TotalMilliseconds,12:0.0}"));
        }

        int shown = 0;
        ulong violations = 0;
        foreach ((Fuzzer fuzzer, Tally tally) in all)
        {
            violations += (ulong)tally.Violations.Count;
            if (tally.IsVoid)
            {
                output.WriteLine($"VOID: {fuzzer.Target} accepted {tally.Accepted} of {tally.Cases}, under"
                    + $" {AcceptedPercent} %: its generator does not reach what it should try");
            }

            foreach ((ulong index, string problem) in tally.Violations.OrderBy(v => v.Case).Take(3))
            {
                if (shown++ < ViolationsShown)
                {
                    CommandLine.Report(fuzzer, index, problem, output);
                }
            }
        }

        ulong cases = all.Aggregate(0ul, (sum, one) => sum + one.Tally.Cases);
        output.WriteLine($"violations {violations}  parsers {all.Length}  cases {cases}");
        return violations > 0 || cases == 0 || all.Any(one => one.Tally.IsVoid) ? 1 : 0;
    }

    private void EndWhenStuck()
    {
        foreach (Worker worker in _workers)
        {
            if (worker.Target is { } target && TimeProvider.System.GetElapsedTime(worker.Since) > Stuck)
            {
                ulong index = worker.Case;
                CommandLine.Report(
                    new Fuzzer(target, seed), index, $"did not return within {Stuck.TotalSeconds} s", output);
                output.WriteLine($"violations 1  parsers {targets.Length}  cases unknown");
                output.Flush();
                Environment.Exit(1);
            }
        }
    }

    private static double Percent(ulong part, ulong whole) => whole == 0 ? 0 : 100.0 * part / whole;
}
