// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace TokenLedger.Simulation;

/// <summary>Many scenarios, a few at a time, and one report.</summary>
internal sealed class TwinsCampaign(ulong seed, int workers, TextWriter output)
{
    /// <summary>Twins that are caught in fewer than one scenario of so many were not let loose.</summary>
    private const int LeastCaught = 20;

    private const int ViolationsShown = 5;

    private readonly Lock _gate = new();
    private readonly TwinsPlan _plan = new(seed);
    private readonly List<TwinsResult> _violations = [];
    private ulong _next;
    private int _run;
    private int _caught;
    private long _finalViews;

    /// <summary>Runs the first of all scenarios.</summary>
    /// <param name="count">So many at most.</param>
    /// <param name="time">For so long; null without an end.</param>
    public int Run(ulong count, TimeSpan? time = null)
    {
        long started = Stopwatch.GetTimestamp();
        bool IsOver() => time is { } limit && Stopwatch.GetElapsedTime(started) >= limit;
        Thread[] threads =
            [.. Enumerable.Range(0, workers).Select(_ => new Thread(() => Work(count, IsOver)))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        long seconds = (long)Stopwatch.GetElapsedTime(started).TotalSeconds;
        output.WriteLine(
            $"{Math.Min(_plan.Enumerated, _run)} enumerated, {Math.Max(0, _run - _plan.Enumerated)} drawn"
            + $" with seed {seed}; {_finalViews} final views; evidence in {_caught} scenarios; {seconds} s");
        bool isVoid = _violations.Count == 0 && _caught < _run / LeastCaught;
        if (isVoid)
        {
            output.WriteLine("VOID: the twins were hardly ever caught");
        }

        output.WriteLine($"violations {_violations.Count} twins {_run}");
        return _violations.Count > 0 || isVoid ? 1 : 0;
    }

    /// <summary>Runs one scenario and says all about it.</summary>
    public int Replay(ulong id)
    {
        TwinsResult result = TwinsRun.Run(_plan.Get(id), seed);
        output.WriteLine(result.Scenario.ToString());
        output.WriteLine($"{result.FinalViews} final views, {result.Accusations} accusations");
        output.WriteLine($"digest {result.Digest}");
        if (result.Violation is { } violation)
        {
            output.WriteLine($"VIOLATION of {violation.Message}");
        }

        return result.Violation is null ? 0 : 1;
    }

    private void Work(ulong count, Func<bool> isOver)
    {
        while (!isOver())
        {
            ulong id;
            lock (_gate)
            {
                if (_next >= count || _violations.Count >= ViolationsShown)
                {
                    return;
                }

                id = _next++;
            }

            TwinsResult result = TwinsRun.Run(_plan.Get(id), seed);
            lock (_gate)
            {
                _run++;
                _caught += result.Accusations > 0 ? 1 : 0;
                _finalViews += result.FinalViews;
                if (result.Violation is { } violation)
                {
                    _violations.Add(result);
                    output.WriteLine($"VIOLATION of {violation.Message}");
                    output.WriteLine($"  {result.Scenario}");
                    output.WriteLine(
                        "  replay: dotnet run -c Release --project tests/TokenLedger.Simulation --"
                        + $" --twin {id} --twins-seed {seed}");
                }
            }
        }
    }
}
