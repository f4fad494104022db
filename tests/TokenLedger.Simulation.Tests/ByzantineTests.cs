// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing;

namespace TokenLedger.Simulation.Tests;

public sealed class ByzantineTests
{
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Run_OneOfFourMisbehaves_TheOthersAgreeAndGoOn(string kind)
    {
        RunResult result = SeedRun.Run(With(kind));
        Assert.True(result.Violation is null, $"seed 1: {result.Violation?.Message}");
        Assert.True(result.Blocks >= 8, $"{result.Blocks} blocks");
        Assert.True(result.Acts.GetValueOrDefault(kind) >= 10, string.Join(", ", result.Acts));
        bool isDouble = kind is nameof(DoubleNotarizer) or nameof(DoubleFinalizer) or nameof(EvidenceFlooder);
        Assert.True(!isDouble || result.Checks.ContainsKey("a double vote seen is proved"), kind);
        Assert.True(!isDouble || result.Checks.ContainsKey("evidence names the guilty only"), kind);
    }

    [Fact]
    public void Run_SameByzantineSeedTwice_HasTheSameDigest()
    {
        SimOptions[] seeds = [.. Enumerable.Range(1, 40).Select(seed => FaultPlan.Draw((ulong)seed))
            .Where(options => options.Byzantine.Count > 0).Take(4)];
        Assert.Equal(4, seeds.Length);
        Assert.All(seeds, options => Assert.Equal(SeedRun.Run(options).Digest, SeedRun.Run(options).Digest));
    }

    [Fact]
    public void Draw_ManySeeds_StaysInTheBudgetAndHasEveryBehaviour()
    {
        SimOptions[] seeds = [.. Enumerable.Range(1, 400).Select(seed => FaultPlan.Draw((ulong)seed))];
        Assert.All(seeds, options => Assert.All(
            options.Byzantine, one => Assert.True(one.Node >= options.Nodes - options.MaxFaulty)));
        Assert.All(seeds, options => Assert.Equal(
            options.Byzantine.Count, options.Byzantine.Select(one => one.Node).Distinct().Count()));
        string drawn = string.Join(' ', seeds.SelectMany(options => options.Byzantine));
        Assert.All(Names(), name => Assert.Contains(name, drawn, StringComparison.Ordinal));
    }

    [Fact]
    public void Run_Seed32_AnswersAQuestionForABodyThatIsNoHash() =>
        Assert.Null(SeedRun.Run(FaultPlan.Draw(32, 4)).Violation);

    [Fact]
    public void Run_EvidenceReadAgainstTheNeighbour_IsSeen()
    {
        SimOptions options = With(nameof(DoubleNotarizer)) with { Breakage = Breakage.BlamedNeighbour };
        Assert.Equal("evidence names the guilty only", SeedRun.Run(options).Violation?.Invariant);
    }

    [Fact]
    public void Run_EvidenceThatNobodyGives_IsMissed()
    {
        SimOptions options = With(nameof(DoubleNotarizer)) with { Breakage = Breakage.UnreportedEvidence };
        Assert.Equal("a double vote seen is proved", SeedRun.Run(options).Violation?.Invariant);
    }

    public static TheoryData<string> Kinds() => [.. Names()];

    private static IEnumerable<string> Names() => Behaviours.All.Select(one => one.Create().ToString()!);

    private static SimOptions With(string kind) => SeedRunTests.Calm(1) with
    {
        Byzantine = [new ByzantineNode(3, Behaviours.All.Single(
            one => one.Create().ToString() == kind).Create())],
    };
}
