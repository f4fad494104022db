// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing;

namespace TokenLedger.Chaos;

/// <summary>What happens to the network between validators.</summary>
internal static class NetworkScenarios
{
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(5);

    public static async Task<string> HalvesAsync(ChaosRun run, DeterministicRandom random)
    {
        int with = 1 + random.Below(ChaosCluster.Size - 1);
        CutHalves(run.Cluster.Links!, with);
        await Steps.StandStillAsync(run, Lasting);
        run.Cluster.Links!.Heal();
        TimeSpan resumed = await Steps.RecoverAsync(run, random);
        return Resumed(resumed);
    }

    /// <summary>Cuts validator 0 and another one off the other two.</summary>
    public static void CutHalves(PeerLinks links, int with)
    {
        foreach (int here in new[] { 0, with })
        {
            foreach (int there in ChaosCluster.All.Where(node => node != 0 && node != with))
            {
                links.SetBoth(here, there, Traffic.Cut);
            }
        }
    }

    public static async Task<string> OneWayAsync(ChaosRun run, DeterministicRandom random, bool isDeaf)
    {
        int victim = random.Below(ChaosCluster.Size);
        foreach (int other in Steps.Others(victim))
        {
            (int from, int to) = isDeaf ? (other, victim) : (victim, other);
            run.Cluster.Links!.Set(from, to, Traffic.Cut);
        }

        double rate = await Steps.GoOnAsync(run, Lasting, Steps.Others(victim));
        run.Cluster.Links!.Heal();
        TimeSpan resumed = await Steps.RecoverAsync(run, random);
        return FormattableString.Invariant($"{rate:F1} blocks/s without node {victim}; {Resumed(resumed)}");
    }

    public static async Task<string> RingAsync(ChaosRun run, DeterministicRandom random)
    {
        run.Cluster.Links!.SetBoth(0, 2, Traffic.Cut);
        run.Cluster.Links.SetBoth(1, 3, Traffic.Cut);
        ulong before = run.Auditor.Checker.Highest;
        await Task.Delay(Lasting);
        (_, ulong after) = await run.Auditor.HeadsAsync(ChaosCluster.All);
        run.Cluster.Links.Heal();
        TimeSpan resumed = await Steps.RecoverAsync(run, random);
        return FormattableString.Invariant($"{after - before} blocks meanwhile; {Resumed(resumed)}");
    }

    public static async Task<string> SwizzleAsync(ChaosRun run, DeterministicRandom random)
    {
        foreach (int node in Shuffled(random.Fork("cut")))
        {
            run.Cluster.Links!.SetAround(node, Traffic.Cut);
            await Task.Delay(random.Below(3_000));
        }

        List<int> cut = [.. Shuffled(random.Fork("heal"))];
        while (cut.Count > 0)
        {
            cut.RemoveAt(0);
            foreach (int a in ChaosCluster.All.Except(cut))
            {
                foreach (int b in ChaosCluster.All.Except(cut).Where(b => b != a))
                {
                    run.Cluster.Links!.SetBoth(a, b, Traffic.Free);
                }
            }

            await Task.Delay(random.Below(3_000));
        }

        return Resumed(await Steps.RecoverAsync(run, random));
    }

    public static async Task<string> SlowAsync(ChaosRun run, DeterministicRandom random, Traffic rule)
    {
        int victim = random.Below(ChaosCluster.Size);
        run.Cluster.Links!.SetAround(victim, rule);
        double rate = await Steps.GoOnAsync(run, Lasting, Steps.Others(victim));
        long memory = Steps.Memory(run);
        run.Cluster.Links.Heal();
        TimeSpan resumed = await Steps.RecoverAsync(run, random);
        return FormattableString.Invariant(
            $"{rate:F1} blocks/s beside node {victim}, at most {memory} MiB; {Resumed(resumed)}");
    }

    public static async Task<string> HalfOpenAsync(ChaosRun run, DeterministicRandom random)
    {
        int victim = random.Below(ChaosCluster.Size);
        run.Cluster.Links!.HalfOpen(victim);
        double rate = await Steps.GoOnAsync(run, Lasting, Steps.Others(victim));
        TimeSpan resumed = await Steps.RecoverAsync(run, random);
        return FormattableString.Invariant($"{rate:F1} blocks/s beside node {victim}; {Resumed(resumed)}");
    }

    public static async Task<string> ResetAsync(ChaosRun run, DeterministicRandom random)
    {
        int victim = random.Below(ChaosCluster.Size);
        foreach (int other in Steps.Others(victim))
        {
            run.Cluster.Links!.Refuse(victim, other, refused: true);
            run.Cluster.Links.Refuse(other, victim, refused: true);
        }

        run.Cluster.Links!.Reset(victim);
        await Steps.GoOnAsync(run, TimeSpan.FromSeconds(3), Steps.Others(victim));
        run.Cluster.Links.Heal();
        return Resumed(await Steps.RecoverAsync(run, random));
    }

    private static string Resumed(TimeSpan after) =>
        FormattableString.Invariant($"all further {after.TotalSeconds:F1} s after the end");

    private static int[] Shuffled(DeterministicRandom random) =>
        [.. ChaosCluster.All.OrderBy(_ => random.Next())];
}
