// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Xunit.Abstractions;

namespace TokenLedger.Cluster.Tests;

/// <summary>Four validators agree, and go on when one is killed.</summary>
[Collection(MeasuredGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class FinalityTests(ProcessCluster cluster, ITestOutputHelper output)
{
    private const int Kills = 8;

    private static readonly TimeSpan NextBlockWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CatchUpWithin = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task FourValidators_Running_HaveTheSameBlocksAndRoots()
    {
        await cluster.EnsureWholeAsync();
        ulong height = (await cluster.StatusAsync(0)).Height + 3;
        await cluster.ReachAsync(height, CatchUpWithin, [.. ProcessCluster.All]);
        await cluster.RequireSameBlocksAsync(0, height, [.. ProcessCluster.All]);
    }

    [Fact]
    public async Task OneOfFour_KilledAndRestartedAgainAndAgain_OthersGoOnAndItCatchesUp()
    {
        await cluster.EnsureWholeAsync();
        var gaps = new List<double>();
        for (int round = 0; round < Kills; round++)
        {
            // Every other time the leader of the view under way, which is the worst moment for the others.
            string leader = (await cluster.StatusAsync(round % ProcessCluster.Size)).Leader;
            int victim = round % 2 == 0 ? leader[^1] - '1' : round / 2 % ProcessCluster.Size;
            int[] others = [.. ProcessCluster.All.Where(i => i != victim)];
            long killed = Stopwatch.GetTimestamp();
            cluster.Kill(victim);
            ulong before = 0;
            foreach (int other in others)
            {
                before = Math.Max(before, (await cluster.StatusAsync(other)).Height);
            }

            await cluster.ReachAsync(before + 1, 10 * NextBlockWithin, others);
            gaps.Add(Stopwatch.GetElapsedTime(killed).TotalMilliseconds);
            cluster.Start(victim);
            ulong goal = (await cluster.StatusAsync(others[0])).Height + 1;
            await cluster.ReachAsync(goal, CatchUpWithin, victim);
            await cluster.RequireSameBlocksAsync(before, goal, [.. ProcessCluster.All]);
            await cluster.EnsureWholeAsync();
        }

        double[] sorted = [.. gaps.Order()];
        output.WriteLine(
            $"next block after a kill, ms: p50 {sorted[Kills / 2]:F0}, max {sorted[^1]:F0};"
                + $" all {string.Join(", ", gaps.Select(static gap => gap.ToString("F0")))}");
        Assert.All(gaps, static gap => Assert.InRange(gap, 0, NextBlockWithin.TotalMilliseconds));
    }
}
