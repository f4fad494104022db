// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Xunit.Abstractions;

namespace TokenLedger.Cluster.Tests;

/// <summary>Four validators agree, and go on when one is killed.</summary>
[Collection(MeasuredGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class FinalityTests(MeasuredCluster measured, ITestOutputHelper output)
{
    private const int Kills = 8;

    private static readonly TimeSpan NextBlockWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CatchUpWithin = TimeSpan.FromSeconds(30);

    private readonly ProcessCluster _cluster = measured.Processes;

    [Fact]
    public async Task FourValidators_Running_HaveTheSameBlocksAndRoots()
    {
        await _cluster.EnsureWholeAsync();
        ulong height = (await _cluster.StatusAsync(0)).Height + 3;
        await _cluster.ReachAsync(height, CatchUpWithin, [.. ProcessCluster.All]);
        await _cluster.RequireSameBlocksAsync(0, height, [.. ProcessCluster.All]);
    }

    [Fact]
    public async Task OneOfFour_KilledAndRestartedAgainAndAgain_OthersGoOnAndItCatchesUp()
    {
        await _cluster.EnsureWholeAsync();
        var gaps = new List<double>();
        for (int round = 0; round < Kills; round++)
        {
            // Every other time the leader of the view under way, which is the worst moment for the others.
            string leader = (await _cluster.StatusAsync(round % ProcessCluster.Size)).Leader;
            int victim = round % 2 == 0 ? leader[^1] - '1' : round / 2 % ProcessCluster.Size;
            int[] others = [.. ProcessCluster.All.Where(i => i != victim)];
            long killed = Stopwatch.GetTimestamp();
            _cluster.Kill(victim);
            ulong before = 0;
            foreach (int other in others)
            {
                before = Math.Max(before, (await _cluster.StatusAsync(other)).Height);
            }

            await _cluster.ReachAsync(before + 1, 10 * NextBlockWithin, others);
            gaps.Add(Stopwatch.GetElapsedTime(killed).TotalMilliseconds);
            _cluster.Start(victim);
            ulong goal = (await _cluster.StatusAsync(others[0])).Height + 1;
            await _cluster.ReachAsync(goal, CatchUpWithin, victim);
            await _cluster.RequireSameBlocksAsync(before, goal, [.. ProcessCluster.All]);
            await _cluster.EnsureWholeAsync();
        }

        double[] sorted = [.. gaps.Order()];
        output.WriteLine(
            $"next block after a kill, ms: p50 {sorted[Kills / 2]:F0}, max {sorted[^1]:F0};"
                + $" all {string.Join(", ", gaps.Select(static gap => gap.ToString("F0")))}");
        Assert.All(gaps, static gap => Assert.InRange(gap, 0, NextBlockWithin.TotalMilliseconds));
    }
}
