// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Testing;

namespace TokenLedger.Consensus.Tests;

/// <summary>
/// Whole networks from seeds: whatever faults come, no two truths; once they end, progress. A failure names
/// its seed; TOKENLEDGER_SEED replays one.
/// </summary>
public sealed class NetworkTests
{
    [Theory]
    [InlineData(1, 0, 40)]
    [InlineData(4, 0, 300)]
    [InlineData(4, 300, 300)]
    [InlineData(5, 0, 200)]
    [InlineData(6, 0, 200)]
    [InlineData(7, 0, 250)]
    [InlineData(10, 0, 150)]
    [InlineData(31, 0, 4)]
    public void Run_SeededFaultsThenHealing_AgreesAndProgresses(int validators, int first, int count)
    {
        if (Environment.GetEnvironmentVariable("TOKENLEDGER_SEED") is { Length: > 0 } seed)
        {
            (first, count) = (int.Parse(seed, CultureInfo.InvariantCulture), 1);
        }

        for (int at = first; at < first + count; at++)
        {
            SimulationResult result = new SeededNetwork(SimulationOptions.Draw((ulong)at, validators)).Run();
            Assert.True(result.FinalizedViews > 0, $"seed {at}, n = {validators}: nothing became final");
        }
    }

    [Fact]
    public void Run_SameSeed_GivesTheSameTrace()
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            string first = new SeededNetwork(SimulationOptions.Draw(seed, 7)).Run().TraceDigest;
            string second = new SeededNetwork(SimulationOptions.Draw(seed, 7)).Run().TraceDigest;
            string other = new SeededNetwork(SimulationOptions.Draw(seed + 1_000, 7)).Run().TraceDigest;
            Assert.Equal(first, second);
            Assert.NotEqual(first, other);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    public void Run_WithoutFaults_NullifiesNothing(int validators)
    {
        for (ulong seed = 0; seed < 5; seed++)
        {
            SimulationResult result = Run(seed, validators, options => options);
            Assert.Equal(0, result.NullifiedViews);
            Assert.InRange(result.FinalizedViews, 40, int.MaxValue);
        }
    }

    [Fact]
    public void Run_OneDeadOfFive_SkipsItsTurnsInsteadOfWaiting()
    {
        // One dead of five gave QBFT three blocks and then a full timeout, again and again.
        SimulationOptions Dead(SimulationOptions options) => options with
        {
            ChaosMs = 30_000,
            BusyPerMille = 1_000,
            Adversaries = [new SilentValidator()],
        };
        int skipping = Run(1, 5, Dead).FinalizedViews;
        int waiting = Run(1, 5, options => Dead(options) with
        {
            Timers = options.Timers with { SkipMs = 1_000_000 },
        }).FinalizedViews;
        Assert.True(skipping > waiting * 5 / 4, $"{skipping} final views with skipping, {waiting} without");
    }

    [Fact]
    public void Run_TotalOutage_RecoversWithinSeconds()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            SimulationResult result = Run(seed, 4, options => options with { TotalOutage = true });
            Assert.Equal(4, result.Restarts);
            Assert.InRange(result.RecoveredMs, 0UL, 5_000UL);
        }
    }

    [Fact]
    public void Run_QuorumLostForAMinute_RecoversWithinSeconds()
    {
        // Timers that double with each round keep such a network dead for longer than it was down.
        for (ulong seed = 0; seed < 20; seed++)
        {
            SimulationResult result = Run(seed, 4, options => options with { Asleep = 2, ChaosMs = 60_000 });
            Assert.InRange(result.RecoveredMs, 0UL, 5_000UL);
        }
    }

    [Fact]
    public void Run_NodeWithEmptyDisk_JoinsARunningNetwork()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            SimulationResult result = Run(seed, 4, options => options with { Asleep = 1, ChaosMs = 20_000 });
            Assert.InRange(result.RecoveredMs, 0UL, 5_000UL);
        }
    }

    [Theory]
    [InlineData(typeof(EquivocatingLeader))]
    [InlineData(typeof(DoubleNotarizer))]
    [InlineData(typeof(DoubleFinalizer))]
    [InlineData(typeof(ForgetfulVoter))]
    [InlineData(typeof(EvidenceFlooder))]
    [InlineData(typeof(FarFutureSpammer))]
    public void Run_Equivocator_IsConvicted(Type kind)
    {
        var adversary = (Adversary)Activator.CreateInstance(kind)!;
        Assert.True(Run(3, 4, options => options with { Adversaries = [adversary] }).Accused > 0);
    }

    [Theory]
    [MemberData(nameof(NamesHere))]
    public void Run_MostFaultyOfOneKind_ActAndDoNotStopTheOthers(string name)
    {
        const ulong Calm = 5;
        Behaviour behaviour = Behaviours.All.Single(one => one.Name == name);
        ulong acts = 0;
        for (ulong seed = 0; seed < 3 * Calm; seed++)
        {
            // Some act only where something is lost or late.
            bool calm = seed < Calm;
            var network = new SeededNetwork(new SimulationOptions
            {
                Seed = seed,
                Validators = 7,
                CrashPerMille = calm ? 0 : 60,
                LossPerMille = calm ? 0 : 80,
                PartitionPerMille = calm ? 0 : 400,
                Adversaries = [behaviour.Create(), behaviour.Create()],
            });
            SimulationResult result = network.Run();
            Assert.InRange(result.FinalizedViews, calm ? 8 : 1, int.MaxValue);
            acts += network.Nodes.Aggregate(0ul, static (sum, node) =>
                node.Context.Acts.Values.Aggregate(sum, static (all, count) => all + count));
        }

        Assert.True(acts >= 5, $"{name} acted {acts} times only");
    }

    [Fact]
    public void All_HasTheNamedOnesAndSaysWhyWhereTheyCannotAct()
    {
        Assert.Equal(
            Behaviours.Named, Behaviours.All.TakeWhile(one => one.Name != "silent validator").Count());
        Assert.Distinct(Behaviours.All.Select(one => one.Create().ToString()));
        Assert.All(Behaviours.All, one => Assert.Equal(one.Where == Harness.All, one.WhyNot is null));
        Assert.All(Behaviours.All, one => Assert.True(one.Where.HasFlag(Harness.Simulation)));
        string table = File.ReadAllText(Repository.PathOf("tests", "README.md"));
        Assert.All(
            Behaviours.All, one => Assert.Contains($"`{one.Create()}`", table, StringComparison.Ordinal));
    }

    public static TheoryData<string> NamesHere() =>
        [.. Behaviours.All.Where(one => one.Where.HasFlag(Harness.Network)).Select(one => one.Name)];

    private static SimulationResult Run(
        ulong seed, int validators, Func<SimulationOptions, SimulationOptions> with)
    {
        var options = new SimulationOptions { Seed = seed, Validators = validators };
        return new SeededNetwork(with(options)).Run();
    }
}
