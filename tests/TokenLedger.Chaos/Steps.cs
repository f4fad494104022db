// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Chaos;

/// <summary>What scenarios have in common.</summary>
internal static class Steps
{
    /// <summary>How long a healthy quorum may take for a few blocks, on a busy machine.</summary>
    private static readonly TimeSpan GoOnWithin = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan WholeWithin = TimeSpan.FromSeconds(60);

    /// <summary>The other validators.</summary>
    public static int[] Others(int than) => [.. ChaosCluster.All.Where(node => node != than)];

    /// <summary>Requires that nodes finalize blocks, not only those that were under way.</summary>
    /// <returns>How many in a second.</returns>
    public static async Task<double> GoOnAsync(ChaosRun run, TimeSpan time, params int[] nodes)
    {
        const ulong UnderWay = 3;
        (_, ulong before) = await run.Auditor.HeadsAsync(nodes);
        await Task.Delay(time);
        await run.Cluster.ReachAsync(before + UnderWay, GoOnWithin, nodes);
        (ulong after, _) = await run.Auditor.HeadsAsync(nodes);
        return (after - before) / time.TotalSeconds;
    }

    /// <summary>Requires that nothing more becomes final, apart from what was under way.</summary>
    public static async Task StandStillAsync(ChaosRun run, TimeSpan time)
    {
        await Task.Delay(TimeSpan.FromSeconds(1));
        (_, ulong before) = await run.Auditor.HeadsAsync(ChaosCluster.All);
        await Task.Delay(time);
        (_, ulong after) = await run.Auditor.HeadsAsync(ChaosCluster.All);
        run.Auditor.Checker.Require(
            after == before, "a minority finalizes nothing", $"{before} was final, and {after} is");
    }

    /// <summary>All four are together again, and all rules hold.</summary>
    /// <returns>How long it took until all had every final block and one more.</returns>
    public static async Task<TimeSpan> RecoverAsync(ChaosRun run, DeterministicRandom random)
    {
        TimeSpan resumed = await run.Auditor.ResumeAsync(WholeWithin, ChaosCluster.All);
        await run.Cluster.EnsureWholeAsync();
        await run.Auditor.LookAsync(random.Fork("look"), ChaosCluster.All);
        return resumed;
    }

    /// <summary>What every process has in memory at most, in MiB; all are below the limit.</summary>
    public static long Memory(ChaosRun run)
    {
        long most = 0;
        foreach (int node in run.Cluster.Running)
        {
            long bytes = run.Cluster.Process(node).ResidentBytes;
            run.Auditor.Checker.Memory(node, bytes);
            most = Math.Max(most, bytes);
        }

        return most >> 20;
    }

    /// <summary>Waits until a node finalizes and hears a quorum.</summary>
    public static async Task<TimeSpan> BackAsync(ChaosRun run, int node) => await Deadline.UntilAsync(
        $"node {node} finalizes", WholeWithin, async () =>
            await run.Cluster.TryStatusAsync(node) is GetNodeStatusResponse { Finalizing: true },
        run.Cluster.Tails);
}
