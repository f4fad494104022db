// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace TokenLedger.Simulation;

/// <summary>What a seed of any kind came to.</summary>
/// <typeparam name="TFault">Kinds of fault.</typeparam>
internal interface ISeedResult<TFault>
    where TFault : struct, Enum
{
    ViolationException? Violation { get; }

    ulong VirtualMs { get; }

    IReadOnlyDictionary<TFault, ulong> Fired { get; }

    IReadOnlyDictionary<string, ulong> Checks { get; }

    IReadOnlyDictionary<string, ulong> Acts { get; }
}

/// <summary>
/// The frame of campaigns: runs seeds, a few at a time, until there are enough or too many violations, and
/// counts which faults happened, which liars acted, and what was checked how often.
/// </summary>
/// <param name="acts">All that liars can do.</param>
/// <param name="seedsOfACampaign">Below this many seeds nobody expects each kind of fault.</param>
/// <param name="output">Where the report goes.</param>
internal sealed class CampaignFrame<TFault, TResult>(
    IReadOnlyList<string> acts, ulong seedsOfACampaign, TextWriter output)
    where TFault : struct, Enum
    where TResult : class, ISeedResult<TFault>
{
    /// <summary>A fault or behaviour that happened less often was not tried: the campaign is void.</summary>
    private const ulong LeastFired = 10;

    /// <summary>One seed in so many is run again, in another process: it must have the same digest.</summary>
    private const ulong RepeatEvery = 50;

    private const int ViolationsShown = 5;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<TFault, ulong> _fired = [];
    private readonly SortedDictionary<string, ulong> _checks = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ulong> _acts = new(StringComparer.Ordinal);
    private ulong _next;
    private ulong _virtualMs;

    public ulong Seeds { get; private set; }

    /// <summary>Seeds that were run again in another process.</summary>
    public ulong Repeated { get; private set; }

    public int Violations { get; private set; }

    public double Hours => _virtualMs / 3_600_000.0;

    /// <summary>Runs seeds.</summary>
    /// <param name="workers">How many at a time.</param>
    /// <param name="from">The first.</param>
    /// <param name="to">The last.</param>
    /// <param name="time">For so long; null without an end.</param>
    /// <param name="run">Runs one, on any thread; the second argument asks for its repetition.</param>
    /// <param name="add">Gets each result, one at a time.</param>
    /// <returns>How long it took.</returns>
    public TimeSpan Run(
        int workers, ulong from, ulong to, TimeSpan? time, Func<ulong, bool, TResult> run,
        Action<TResult> add)
    {
        _next = from;
        long started = Stopwatch.GetTimestamp();
        bool IsOver() => time is { } end && Stopwatch.GetElapsedTime(started) > end;
        Thread[] threads =
            [.. Enumerable.Range(0, workers).Select(_ => new Thread(() => Work(to, IsOver, run, add)))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Counts a result.</summary>
    public void Add(TResult result)
    {
        Seeds++;
        _virtualMs += result.VirtualMs;
        Violations += result.Violation is null ? 0 : 1;
        Sum(_fired, result.Fired);
        Sum(_checks, result.Checks);
        Sum(_acts, result.Acts);
    }

    /// <summary>Prints all counts.</summary>
    public void Counts(string actsTitle)
    {
        output.WriteLine("faults that happened:");
        foreach (TFault kind in Enum.GetValues<TFault>())
        {
            output.WriteLine($"  {kind,-22} {_fired.GetValueOrDefault(kind)}");
        }

        output.WriteLine(actsTitle);
        foreach (string act in acts)
        {
            output.WriteLine($"  {act,-26} {_acts.GetValueOrDefault(act)}");
        }

        output.WriteLine("checks:");
        foreach ((string check, ulong count) in _checks)
        {
            output.WriteLine($"  {check,-58} {count}");
        }
    }

    /// <summary>Prints how fast it was, and the last line.</summary>
    /// <returns>The exit code: 1 after a violation, or when something was not tried.</returns>
    public int End(TimeSpan wall, string last)
    {
        output.WriteLine(FormattableString.Invariant(
            $"{wall.TotalSeconds:F0} s: {Hours * 3600 / wall.TotalSeconds:F0} times as fast as real time"));
        string[] missing =
        [
            .. Enum.GetValues<TFault>().Where(kind => _fired.GetValueOrDefault(kind) < LeastFired)
                .Select(static kind => kind.ToString()),
            .. acts.Where(act => _acts.GetValueOrDefault(act) < LeastFired),
        ];
        bool isVoid = Seeds >= seedsOfACampaign && missing.Length > 0;
        if (isVoid)
        {
            output.WriteLine($"VOID: fewer than {LeastFired} of {string.Join(", ", missing)}");
        }

        output.WriteLine($"violations {Violations} {last}");
        return Violations > 0 || isVoid ? 1 : 0;
    }

    private void Work(
        ulong to, Func<bool> isOver, Func<ulong, bool, TResult> run, Action<TResult> add)
    {
        while (!isOver())
        {
            ulong seed;
            lock (_gate)
            {
                if (_next > to || Violations >= ViolationsShown)
                {
                    return;
                }

                seed = _next++;
            }

            bool repeats = seed % RepeatEvery == 0;
            TResult result = run(seed, repeats);
            lock (_gate)
            {
                Repeated += repeats ? 1ul : 0;
                Add(result);
                add(result);
            }
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
}
