// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing;

namespace TokenLedger.Chaos;

/// <summary>What happens to a process.</summary>
internal static class ProcessScenarios
{
    public static async Task<string> PauseAsync(ChaosRun run, DeterministicRandom random)
    {
        int victim = random.Below(ChaosCluster.Size);
        run.Cluster.Process(victim).Pause();
        double rate;
        try
        {
            rate = await Steps.GoOnAsync(run, TimeSpan.FromSeconds(10), Steps.Others(victim));
        }
        finally
        {
            run.Cluster.Process(victim).Resume();
        }

        TimeSpan back = await Steps.RecoverAsync(run, random);
        return FormattableString.Invariant(
            $"{rate:F1} blocks/s without node {victim}, which was back after {back.TotalSeconds:F1} s");
    }

    public static async Task<string> StormAsync(
        ChaosRun run, DeterministicRandom random, int restarts, TimeSpan apart)
    {
        int victim = random.Below(ChaosCluster.Size);
        for (int i = 0; i < restarts; i++)
        {
            run.Cluster.Kill(victim);
            run.Auditor.RequireQuietLog(victim);
            run.Cluster.Start(victim);
            double part = 0.5 + (random.Below(1_000) / 1_000.0);
            await Steps.GoOnAsync(run, apart * part, Steps.Others(victim));
        }

        TimeSpan back = await Steps.RecoverAsync(run, random);
        return FormattableString.Invariant(
            $"node {victim} was back {back.TotalSeconds:F1} s after the last of {restarts} restarts");
    }
}
