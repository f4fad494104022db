// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Testing;

namespace TokenLedger.Chaos;

/// <summary>What happens to a clock.</summary>
internal static class ClockScenarios
{
    /// <summary>Within the tolerance, with room for how long a message takes.</summary>
    private static readonly TimeSpan Little = TimeSpan.FromMilliseconds(Limits.ClockToleranceMs / 2);

    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(4);

    public static async Task<string> WrongAsync(ChaosRun run, DeterministicRandom random)
    {
        int victim = random.Below(ChaosCluster.Size);
        using var clock = new WrongClock();
        run.Cluster.Kill(victim);
        run.Auditor.RequireQuietLog(victim);
        run.Cluster.Start(victim, clock.Environment);
        await Steps.RecoverAsync(run, random.Fork("start"));

        clock.Set(random.PerMille(500) ? Little : -Little);
        double little = await Steps.GoOnAsync(run, Lasting, [.. ChaosCluster.All]);
        double[] much = new double[2];
        TimeSpan[] back = new TimeSpan[2];
        for (int i = 0; i < much.Length; i++)
        {
            clock.Set(i == 0 ? TimeSpan.FromHours(1) : TimeSpan.FromHours(-1));
            much[i] = await Steps.GoOnAsync(run, Lasting, Steps.Others(victim));
            clock.Set(TimeSpan.Zero);
            back[i] = await Steps.BackAsync(run, victim);
            await Steps.RecoverAsync(run, random.Fork(FormattableString.Invariant($"back {i}")));
        }

        run.Cluster.Kill(victim);
        run.Cluster.Start(victim);
        await Steps.RecoverAsync(run, random.Fork("end"));
        return FormattableString.Invariant(
                $"blocks/s {little:F1} with a second, {much[0]:F1} and {much[1]:F1} with an hour;")
            + FormattableString.Invariant(
                $" back after {back[0].TotalSeconds:F1} and {back[1].TotalSeconds:F1} s");
    }
}
