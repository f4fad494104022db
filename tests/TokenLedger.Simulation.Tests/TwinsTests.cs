// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace TokenLedger.Simulation.Tests;

public sealed class TwinsTests
{
    private const ulong Seed = 1;

    [Fact]
    public void Partitions_FourWithOnePair_AreThoseWithAQuorumAndOneForTheRest()
    {
        // By hand: all together 1, one left out 5, and of the ten triples seven have three validators, each
        // with the other two together or apart.
        Assert.Equal(1 + 5 + (7 * 2) + 1, TwinsPlan.Partitions(4, [1]).Count());
    }

    [Fact]
    public void Enumeration_TwoRounds_HasEachSequenceOnceButForTheTwinsExchange()
    {
        TwinsScenario[] all = [.. TwinsEnumeration.Of(4, 1, 2, [])];
        Assert.Equal(all.Length, all.Select(scenario => scenario.ToString()).Distinct().Count());

        // Of 21 partitions the exchange leaves f as they are: (21 + f) / 2 classes of one, and of two
        // (21² + f²) / 2.
        int f = (2 * TwinsEnumeration.Of(4, 1, 1, []).Count()) - 21;
        Assert.InRange(f, 1, 20);
        Assert.Equal(((21 * 21) + (f * f)) / 2, all.Length);
    }

    [Fact]
    public void Enumeration_SevenWithExchangeableValidators_HasOneOfEachClass()
    {
        int[] same = [0, 3, 4, 5, 6];
        int alone = TwinsEnumeration.Of(7, 1, 1, []).Count();
        int classes = TwinsEnumeration.Of(7, 1, 1, same).Count();
        Assert.InRange(classes, alone / 120, alone / 4);

        // Every sequence of the longer list is one of the shorter list's classes.
        var firsts = TwinsEnumeration.Of(7, 1, 1, same)
            .Select(scenario => string.Concat(scenario.Rounds[0])).ToHashSet();
        TwinsScenario[] two = [.. TwinsEnumeration.Of(7, 1, 2, same)];
        Assert.Equal(two.Length, two.Select(scenario => scenario.ToString()).Distinct().Count());
        Assert.Equal(firsts, two.Select(scenario => string.Concat(scenario.Rounds[0])).ToHashSet());
    }

    [Fact]
    public void Run_SomeOfEachKind_AgreeAndCatchTheTwins()
    {
        var plan = new TwinsPlan(Seed);
        ulong[] ids =
        [
            .. Enumerable.Range(0, 100).Select(i => (ulong)(i * (plan.Enumerated / 100))),
            .. Enumerable.Range(plan.Enumerated, 200).Select(i => (ulong)i),
        ];
        TwinsResult[] results = [.. ids.Select(id => TwinsRun.Run(plan.Get(id), Seed))];
        Assert.All(results, result => Assert.True(
            result.Violation is null, $"{result.Scenario}: {result.Violation?.Message}"));
        Assert.True(results.Count(result => result.Accusations > 0) > results.Length / 10);
        Assert.Contains(results, result => result.Scenario is { Nodes: 7, Twins.Length: 2 });
    }

    [Fact]
    public void Run_SameScenario_HasTheSameDigest()
    {
        TwinsScenario scenario = new TwinsPlan(Seed).Get(20_000);
        Assert.Equal(TwinsRun.Run(scenario, Seed).Digest, TwinsRun.Run(scenario, Seed).Digest);
        Assert.NotEqual(TwinsRun.Run(scenario, Seed).Digest, TwinsRun.Run(scenario, Seed + 1).Digest);
    }

    [Fact]
    public void Run_MorePairsThanTheProtocolStands_FindsTwoTruths()
    {
        // Two pairs among four: each side of the partition has a quorum of its own.
        ImmutableArray<byte> apart = [0, 0, 0, 1, 1, 1];
        TwinsScenario scenario = new(0, 4, [1, 2], [.. Enumerable.Repeat(apart, 6)], -1);
        string? rule = TwinsRun.Run(scenario, Seed).Violation?.Invariant;
        Assert.Contains(rule, new[] { "agreement", "no two certificates exclude each other" });
    }

    [Fact]
    public void Run_TwinThatTheCheckerTakesForHonest_IsAccusedInVain()
    {
        var plan = new TwinsPlan(Seed);
        Assert.Equal("evidence names twins only", Enumerable.Range(0, 200)
            .Select(i => TwinsRun.Run(plan.Get((ulong)i * 20), Seed, TwinsBreakage.SecretTwin))
            .First(result => result.Violation is not null).Violation!.Invariant);
    }

    [Fact]
    public void Run_PartitionThatNeverEnds_FailsToProgress()
    {
        TwinsScenario scenario = new(0, 4, [1], [[0, 0, 1, 2, 0]], -1);
        Assert.Equal(
            "progress after the partitions",
            TwinsRun.Run(scenario, Seed, TwinsBreakage.Forever).Violation?.Invariant);
        Assert.Null(TwinsRun.Run(scenario, Seed).Violation);
    }
}
