// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Simulation.Tests;

/// <summary>The checker can fail: each of these runs is wired wrongly on purpose, and it is seen.</summary>
[Trait("Category", "Slow")]
public sealed class BreakageTests
{
    private const int Seeds = 40;

    [Fact]
    public void Run_FinalBeforeItsBlockIsSynced_IsSeen() =>
        Assert.Equal("durable before final", FirstViolation(Breakage.FinalBeforeSync));

    [Fact]
    public void Run_NodeThatForgetsItsDisksAtARestart_IsSeen()
    {
        string seen = FirstViolation(Breakage.ForgottenVotes);
        Assert.Contains(seen, new[] { "own votes agree", "final is never lost" });
    }

    [Fact]
    public void Run_VoteBeforeItsRecordIsSynced_IsSeen() =>
        Assert.Equal("record before vote", FirstViolation(Breakage.VoteBeforeSync));

    [Fact]
    public void Run_ClusterThatNeverHeals_FailsTheLivenessPhase()
    {
        // Nodes 0 and 1 are cut from 2 and 3 for good: safe, and it must not pass.
        var split = new Fault(1, 5_000, 1_000_000, FaultKind.Split, 0, -1, 0b0011);
        SimOptions options = SeedRunTests.Calm(1) with { Faults = [split], Breakage = Breakage.Stalled };
        Assert.Equal("a healthy quorum makes progress", SeedRun.Run(options).Violation?.Invariant);
        Assert.Null(SeedRun.Run(options with { Breakage = Breakage.None }).Violation);
    }

    [Fact]
    public void Run_ModelThatCountsWrongly_IsSeen() =>
        Assert.Equal("events replay to the model's balances", FirstViolation(Breakage.WrongModel));

    [Fact]
    public void Run_NodeThatReportsAnotherBlock_IsSeen() =>
        Assert.Equal("agreement", FirstViolation(Breakage.Forked));

    [Fact]
    public void Shrink_FailingSeed_KeepsOnlyWhatTheFailureNeeds()
    {
        var split = new Fault(1, 5_000, 1_000_000, FaultKind.Split, 0, -1, 0b0011);
        var noise = new Fault(2, 6_000, 1_000, FaultKind.SlowLink, 0, 1, 100);
        SimOptions options = SeedRunTests.Calm(1) with
        {
            Faults = [split, noise],
            Breakage = Breakage.Stalled,
            ChaosMs = 8_000,
            ClientEveryMs = 2_000,
        };
        using var output = new StringWriter();
        RunResult shrunk = Shrinker.Shrink(options, output);
        Assert.Equal([split], shrunk.Options.Faults);
        Assert.Equal("a healthy quorum makes progress", shrunk.Violation?.Invariant);
    }

    /// <summary>The guard is in the backup, and comes back as old as the rest: it must be seen.</summary>
    [Fact]
    public void Run_BackupWithTheGuardInIt_IsSeen()
    {
        string[] seen =
        [
            .. Enumerable.Range(1, Seeds).Select(seed => SeedRun.Run(
                SeedRunTests.Restored((ulong)seed) with { Breakage = Breakage.GuardInBackup }))
                .Select(result => result.Violation?.Invariant).OfType<string>().Distinct(),
        ];
        Assert.NotEmpty(seen);
        Assert.All(seen, rule => Assert.Contains(
            rule, new[] { "own votes agree", "no node stops itself" }));
    }

    private static string FirstViolation(Breakage breakage)
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            if (SeedRun.Run(FaultPlan.Draw(seed) with { Breakage = breakage }).Violation is { } violation)
            {
                return violation.Invariant;
            }
        }

        return $"nothing in {Seeds} seeds";
    }
}
