// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics;
using TokenLedger.Testing;

namespace TokenLedger.Chaos;

/// <summary>One accident: who dies, when, and for how long.</summary>
/// <param name="Victims">The validators, in the order in which they are killed.</param>
/// <param name="After">How long after the last accident's end.</param>
/// <param name="Down">How long they stay away.</param>
internal sealed record Accident(ImmutableArray<int> Victims, TimeSpan After, TimeSpan Down)
{
    /// <summary>The accident of a number: the same for the same seed.</summary>
    public static Accident Draw(DeterministicRandom run, int number)
    {
        DeterministicRandom random = run.Fork(FormattableString.Invariant($"kill {number}"));
        int count = random.Below(10) switch
        {
            < 6 => 1,
            < 8 => 2,
            8 => 3,
            _ => ChaosCluster.Size,
        };
        List<int> left = [.. ChaosCluster.All];
        var victims = ImmutableArray.CreateBuilder<int>(count);
        while (victims.Count < count)
        {
            int victim = random.Pick(left);
            left.Remove(victim);
            victims.Add(victim);
        }

        return new Accident(
            victims.ToImmutable(),
            TimeSpan.FromMilliseconds(random.Below(400)),
            TimeSpan.FromMilliseconds(random.Below(300)));
    }
}

/// <summary>SIGKILL at random moments, and all rules after each.</summary>
internal sealed class KillLoop(ChaosRun run)
{
    private static readonly TimeSpan ResumeWithin = TimeSpan.FromSeconds(60);

    private readonly List<double> _seconds = [];

    /// <summary>What is done to victims' folders before they start again; nothing, but in tests.</summary>
    public Action<Accident>? WhileDown { get; init; }

    /// <summary>How many processes were killed, four of them in an accident of four.</summary>
    public int Processes { get; private set; }

    /// <summary>The last accident in words.</summary>
    public string Last { get; private set; } = "";

    /// <summary>How long after an accident's end all nodes were back and further, in seconds.</summary>
    public IReadOnlyList<double> Seconds => _seconds;

    /// <summary>One accident.</summary>
    public async Task KillAsync(int number)
    {
        Accident accident = Accident.Draw(run.Random, number);
        await Task.Delay(accident.After);

        // What a victim said last is what it must still know.
        await run.Auditor.HeadsAsync(accident.Victims);
        foreach (int victim in accident.Victims)
        {
            run.Cluster.Kill(victim);
            Processes++;
            run.Auditor.RequireQuietLog(victim);
        }

        await Task.Delay(accident.Down);
        WhileDown?.Invoke(accident);
        foreach (int victim in accident.Victims)
        {
            run.Cluster.Start(victim);
        }

        TimeSpan resumed = await run.Auditor.ResumeAsync(ResumeWithin, ChaosCluster.All);
        _seconds.Add(resumed.TotalSeconds);
        long looking = Stopwatch.GetTimestamp();
        await run.Auditor.LookAsync(run.Random.Fork(FormattableString.Invariant($"look {number}")),
            ChaosCluster.All);
        Last = FormattableString.Invariant(
                $"nodes {string.Join(',', accident.Victims),-8} back after {resumed.TotalSeconds,4:F1} s,")
            + FormattableString.Invariant(
                $" looked at for {Stopwatch.GetElapsedTime(looking).TotalSeconds:F1} s;");
    }
}
