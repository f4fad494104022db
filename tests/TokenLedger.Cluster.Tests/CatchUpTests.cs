// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;
using TokenLedger.Crypto;
using TokenLedger.Testing.Devnet;
using Xunit.Abstractions;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// A validator that was away under load executes what it missed much faster than it was made.
/// </summary>
[Collection(MeasuredGroup.Name)]
[Trait("Category", "Cluster")]
public sealed partial class CatchUpTests(MeasuredCluster measured, ITestOutputHelper output)
{
    private const int Away = 3;
    private const double RequiredRatio = 5;
    private const double RequiredBlocksASecond = 10_000 / 120.0;

    private const ulong Missed = 500;

    private static readonly TimeSpan MissedWithin = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(40);

    private readonly ProcessCluster _cluster = measured.Processes;

    [Fact]
    public async Task ValidatorThatWasAway_UnderLoad_CatchesUpAtFiveTimesTheLivePace()
    {
        await _cluster.EnsureWholeAsync();
        (Load load, PrivateKey[] _) = await Load.StartAsync(_cluster, 8);
        await using (load)
        {
            _cluster.Kill(Away);
            ulong from = (await _cluster.StatusAsync(0)).Height;
            TimeSpan took = await _cluster.ReachAsync(from + Missed, MissedWithin, 0);
            double live = Missed / took.TotalSeconds;
            _cluster.Start(Away);
            Match told = await Deadline.GetAsync("it caught up", BackWithin, () => Task.FromResult(
                CaughtUp().Matches(_cluster.Log(Away))
                    .FirstOrDefault(match => Number(match, 1) >= Missed)));
            double pace = Number(told, 1) / Number(told, 2);
            output.WriteLine(
                $"catch-up: {Number(told, 1)} blocks in {Number(told, 2):F2} s, {pace:F0} a second, "
                + $"{pace / live:F1} times the live pace of {live:F1}; "
                + $"10,000 such blocks: {10_000 / pace:F0} s");
            Assert.True(pace >= RequiredRatio * live, $"{pace:F0} blocks a second against {live:F1} live");
            Assert.True(pace >= RequiredBlocksASecond, $"{pace:F0} blocks a second");
        }

        await _cluster.EnsureWholeAsync();
    }

    private static double Number(Match match, int group) =>
        double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Caught up to height \d+: (\d+) blocks in ([0-9.E-]+) s")]
    private static partial Regex CaughtUp();
}
