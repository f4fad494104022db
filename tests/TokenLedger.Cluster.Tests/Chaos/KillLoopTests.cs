// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Chaos;
using TokenLedger.Testing;
using Xunit.Abstractions;

namespace TokenLedger.Cluster.Tests.Chaos;

/// <summary>The kill loop on real processes: it passes as they are, and sees one that forgets.</summary>
public sealed class KillLoopTests(ITestOutputHelper output)
{
    private const ulong Seed = 17;

    [Fact]
    public void Accident_SameSeedAndNumber_IsTheSame()
    {
        Accident[] first = Draw(Seed);
        Accident[] second = Draw(Seed);
        Accident[] other = Draw(Seed + 1);
        Assert.Equal(Text(first), Text(second));
        Assert.NotEqual(Text(first), Text(other));
        Assert.All(Enumerable.Range(1, ChaosCluster.Size), count =>
            Assert.Contains(first, accident => accident.Victims.Length == count));

        static Accident[] Draw(ulong seed) => [.. Enumerable.Range(0, 100).Select(
            number => Accident.Draw(new DeterministicRandom(seed), number))];

        static string Text(Accident[] accidents) => string.Join('\n', accidents.Select(accident =>
            $"{string.Join(',', accident.Victims)} {accident.After} {accident.Down}"));
    }

    [Fact]
    [Trait("Category", "Cluster")]
    public async Task Kill_LedgerDeletedMeanwhile_IsSeenByTheHead()
    {
        using var lines = new StringWriter();
        await using ChaosRun run = await ChaosRun.StartAsync(Seed, links: false, lines);
        int number = Enumerable.Range(0, 100).First(
            i => Accident.Draw(run.Random, i).Victims.Length == ChaosCluster.Size);
        await new KillLoop(run).KillAsync(number);

        // With all four down nobody can send the blocks back before the forgetful one is asked.
        var forgetful = new KillLoop(run)
        {
            WhileDown = accident =>
            {
                foreach (int victim in accident.Victims)
                {
                    Directory.Delete(
                        Path.Combine(run.Cluster.NodeFolder(victim), "data", "ledger"), recursive: true);
                }
            },
        };
        ViolationException seen = await Assert.ThrowsAsync<ViolationException>(
            () => forgetful.KillAsync(number));
        output.WriteLine(seen.Message);
        Assert.Contains(seen.Rule, new[] { "a head never sinks", "no node stops itself" });
    }
}
