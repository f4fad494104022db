// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace TokenLedger.Simulation;

/// <summary>Many seeds of the bridge, a few at a time, and one report.</summary>
internal sealed class BridgeCampaign(int workers, int? signers, TextWriter output)
{
    /// <summary>A fault or behaviour that happened less often was not tried: the campaign is void.</summary>
    private const ulong LeastFired = 10;

    /// <summary>Below this many seeds nobody expects each kind of fault.</summary>
    private const ulong SeedsOfACampaign = 400;

    /// <summary>One seed in so many is run again, in another process: it must have the same digest.</summary>
    private const ulong RepeatEvery = 50;

    private const int ViolationsShown = 5;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<BridgeFaultKind, ulong> _fired = [];
    private readonly SortedDictionary<string, ulong> _checks = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ulong> _acts = new(StringComparer.Ordinal);
    private readonly List<BridgeResult> _violations = [];
    private ulong _next;
    private ulong _seeds;
    private ulong _repeated;
    private ulong _virtualMs;
    private ulong _locks;
    private ulong _mints;
    private ulong _releases;

    public int Run(ulong from, ulong to, TimeSpan? time)
    {
        _next = from;
        long started = Stopwatch.GetTimestamp();
        Thread[] threads = [.. Enumerable.Range(0, workers).Select(_ => new Thread(() =>
            Work(to, () => time is { } end && Stopwatch.GetElapsedTime(started) > end)))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        return Report(Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Runs one seed, and prints all that it was.</summary>
    public int Replay(ulong seed, bool shrinks)
    {
        BridgeOptions options = BridgeFaultPlan.Draw(seed, signers);
        BridgeResult result = shrinks ? Shrink(options) : BridgeRun.Run(options);
        output.WriteLine($"bridge seed {seed}, commit {CommandLine.Commit}");
        output.WriteLine(result.Options.ToString());
        foreach (BridgeFault fault in result.Options.Faults)
        {
            output.WriteLine($"  {fault}");
        }

        output.WriteLine($"{result.Locks} locks, {result.Mints} mints, {result.Releases} releases,"
            + $" {result.Events} events in {result.VirtualMs} ms");
        Add(result);
        Counts();
        output.WriteLine($"digest {result.Digest}");
        return result.Violation is null ? 0 : 1;
    }

    private static BridgeResult Shrink(BridgeOptions options)
    {
        string? rule = BridgeRun.Run(options).Violation?.Invariant;
        bool Fails(BridgeOptions tried) => BridgeRun.Run(tried).Violation?.Invariant == rule;
        if (rule is not null)
        {
            options = options with
            {
                Faults = Shrinker.Reduce(options.Faults, kept => Fails(options with { Faults = kept })),
            };
            options = options with
            {
                Byzantine = Shrinker.Reduce(
                    options.Byzantine, kept => Fails(options with { Byzantine = kept })),
            };
            ulong[] actions = [.. options.Actions];
            IReadOnlyList<ulong> left = Shrinker.Reduce(
                actions, kept => Fails(options with { Without = actions.Except(kept).ToHashSet() }));
            options = options with { Without = actions.Except(left).ToHashSet() };
        }

        return BridgeRun.Run(options);
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

            BridgeResult result = BridgeRun.Run(BridgeFaultPlan.Draw(seed, signers));
            bool repeats = seed % RepeatEvery != 0
                || OtherProcess.Repeats(result.Digest, "--bridge", seed, result.Options.Signers);
            lock (_gate)
            {
                _repeated += seed % RepeatEvery == 0 ? 1ul : 0;
                var other = new ViolationException(
                    "a seed repeats in another process", "the digest there is another");
                Add(repeats ? result : result with { Violation = result.Violation ?? other });
            }
        }
    }

    private void Add(BridgeResult result)
    {
        _seeds++;
        _virtualMs += result.VirtualMs;
        _locks += result.Locks;
        _mints += result.Mints;
        _releases += result.Releases;
        Sum(_fired, result.Fired);
        Sum(_checks, result.Checks);
        Sum(_acts, result.Acts);
        if (result.Violation is { } violation)
        {
            _violations.Add(result);
            output.WriteLine($"VIOLATION of \"{violation.Invariant}\" in bridge seed {result.Options.Seed}");
            output.WriteLine($"  {violation.Message}");
            output.WriteLine($"  {result.Options}");
            output.WriteLine("  the last events:");
            foreach (string line in result.Last.TakeLast(CommandLine.LinesShown))
            {
                output.WriteLine($"    {line}");
            }

            output.WriteLine("  replay: dotnet run -c Release --project tests/TokenLedger.Simulation --"
                + $" --bridge --seed {result.Options.Seed} --nodes {result.Options.Signers}");
        }
    }

    private static void Sum<T>(SortedDictionary<T, ulong> sums, IReadOnlyDictionary<T, ulong> more)
        where T : notnull
    {
        foreach ((T key, ulong count) in more)
        {
            sums[key] = sums.GetValueOrDefault(key) + count;
        }
    }

    private void Counts()
    {
        output.WriteLine("faults that happened:");
        foreach (BridgeFaultKind kind in Enum.GetValues<BridgeFaultKind>())
        {
            output.WriteLine($"  {kind,-22} {_fired.GetValueOrDefault(kind)}");
        }

        output.WriteLine("what Byzantine signers did:");
        foreach (string act in BridgeLiars.All)
        {
            output.WriteLine($"  {act,-22} {_acts.GetValueOrDefault(act)}");
        }

        output.WriteLine("checks:");
        foreach ((string check, ulong count) in _checks)
        {
            output.WriteLine($"  {check,-58} {count}");
        }
    }

    private int Report(TimeSpan wall)
    {
        double hours = _virtualMs / 3_600_000.0;
        output.WriteLine($"commit {CommandLine.Commit}");
        output.WriteLine($"locks {_locks}, mints {_mints}, releases {_releases}, seeds repeated in another"
            + $" process {_repeated}");
        Counts();
        output.WriteLine(FormattableString.Invariant(
            $"{wall.TotalSeconds:F0} s: {hours * 3600 / wall.TotalSeconds:F0} times as fast as real time"));
        string[] missing =
        [
            .. Enum.GetValues<BridgeFaultKind>().Where(kind => _fired.GetValueOrDefault(kind) < LeastFired)
                .Select(static kind => kind.ToString()),
            .. BridgeLiars.All.Where(act => _acts.GetValueOrDefault(act) < LeastFired),
        ];
        bool isVoid = _seeds >= SeedsOfACampaign && missing.Length > 0;
        if (isVoid)
        {
            output.WriteLine($"VOID: fewer than {LeastFired} of {string.Join(", ", missing)}");
        }

        output.WriteLine(FormattableString.Invariant(
            $"violations {_violations.Count} bridge-seeds {_seeds} bridge-hours {hours:F2}"));
        return _violations.Count > 0 || isVoid ? 1 : 0;
    }
}
