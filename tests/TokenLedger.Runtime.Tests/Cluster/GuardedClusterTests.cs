// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Storage.Guards;

namespace TokenLedger.Runtime.Tests.Cluster;

/// <summary>Four validators, one of which loses what it must not, or comes back older than it was.</summary>
public sealed class GuardedClusterTests
{
    [Fact]
    public async Task Restart_WithoutItsRecordOfVotes_SignsOnAboveItsGuard()
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync();
        await cluster[3].Feed.WaitForAsync(new Height(2), Within.Deadline());
        await cluster.StopAsync(3);
        GuardPosition before = Watermark(cluster, 3);
        cluster.ForgetVotes(3);
        cluster.Start(3);
        await RequireNeededAsync(cluster);
        Assert.True(Watermark(cluster, 3) > before);
        Assert.Equal("", cluster[3].Health().Quarantine);
        Assert.Empty(cluster.Fatal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restart_GuardLostOrCorrupt_SignsNothingUntilAllOthersAnswered(bool corrupt)
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync();
        await cluster[3].Feed.WaitForAsync(new Height(2), Within.Deadline());
        await cluster.StopAsync(3);
        GuardPosition before = Watermark(cluster, 3);
        await cluster.StopAsync(0);
        cluster.Guards[3].Put(corrupt ? [1, 2, 3] : null);

        // Two of the three others are not enough, and without its votes nothing becomes final.
        cluster.Start(3);
        string why = corrupt ? "corrupt" : "missing";
        Assert.Contains(why, cluster[3].Health().Quarantine, StringComparison.Ordinal);
        cluster.Start(0);
        await RequireNeededAsync(cluster);
        Assert.Equal("", cluster[3].Health().Quarantine);
        Assert.True(Watermark(cluster, 3) > before);
        Assert.Empty(cluster.Fatal);
    }

    private static GuardPosition Watermark(LocalCluster cluster, int index) =>
        GuardState.Decode(cluster.Guards[index].Read()).Watermark;

    /// <summary>Waits until it signs, then takes another one away: a quorum needs it.</summary>
    private static async Task RequireNeededAsync(LocalCluster cluster)
    {
        CancellationToken deadline = Within.Deadline();
        while (cluster[3].Health().Quarantine.Length > 0)
        {
            await cluster[3].Feed.WaitForAsync(cluster[3].Feed.Head.Height.Next, deadline);
        }

        // It signs from two views ahead of its peers on: until then they must do without it.
        await cluster[3].Feed.WaitForAsync(new Height(cluster[3].Feed.Head.Height.Value + 4), deadline);
        await cluster.StopAsync(1);
        await cluster[3].Feed.WaitForAsync(
            new Height(cluster[3].Feed.Head.Height.Value + 6), Within.Deadline());
    }
}
