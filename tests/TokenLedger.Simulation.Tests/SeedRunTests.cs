// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace TokenLedger.Simulation.Tests;

public sealed class SeedRunTests
{
    [Fact]
    public void Run_PerfectNetwork_FinalizesAtTheHeartbeatWithoutAViolation()
    {
        RunResult result = SeedRun.Run(Calm(1));
        Assert.Null(result.Violation);
        Assert.True(result.Blocks >= 20, $"{result.Blocks} blocks");
        Assert.True(result.Transactions > 10, $"{result.Transactions} transactions");
        Assert.Empty(result.Fired);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(17)]
    public void Run_SameSeedTwice_HasTheSameDigest(ulong seed)
    {
        RunResult first = SeedRun.Run(FaultPlan.Draw(seed));
        RunResult second = SeedRun.Run(FaultPlan.Draw(seed));
        Assert.Null(first.Violation);
        Assert.Equal(first.Digest, second.Digest);
        Assert.NotEqual(first.Digest, SeedRun.Run(FaultPlan.Draw(seed + 1)).Digest);
    }

    [Fact]
    public void Run_SameSeedInTwoProcesses_HasTheSameDigest()
    {
        string digest = SeedRun.Run(FaultPlan.Draw(3)).Digest;
        Assert.Contains($"digest {digest}", Replay("3"), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_RealSignatures_FinalizesToo()
    {
        RunResult result = SeedRun.Run(Calm(4) with { RealSignatures = true });
        Assert.Null(result.Violation);
        Assert.True(result.Blocks >= 20, $"{result.Blocks} blocks");
    }

    [Fact]
    public void Draw_ManySeeds_HasEveryKindAndSomeRealSignatures()
    {
        SimOptions[] seeds = [.. Enumerable.Range(1, 1_000).Select(seed => FaultPlan.Draw((ulong)seed))];
        Assert.All(Enum.GetValues<FaultKind>(), kind =>
            Assert.Contains(seeds, options => options.Faults.Any(fault => fault.Kind == kind)));
        Assert.True(seeds.Count(options => options.RealSignatures) >= 20);
        Assert.Contains(seeds, options => !options.InBudget);
    }

    [Fact]
    public void Run_Seed980_ValidatorsThatStopBetweenGuardAndRecord_CanStillHelpTheThird() =>
        Assert.Null(SeedRun.Run(FaultPlan.Draw(980, 4)).Violation);

    [Fact]
    public void Draw_WithABias_HasThoseKindsInEverySeed()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            SimOptions biased = FaultPlan.Draw(seed, 4, new Bias([FaultKind.Outage, FaultKind.BitRot]));
            Assert.Contains(biased.Faults, fault => fault.Kind == FaultKind.Outage);
            Assert.Contains(biased.Faults, fault => fault.Kind == FaultKind.BitRot);
        }
    }

    [Fact]
    public void Run_IssueOnTheEdgeOfTwoTiers_NeedsTheApprovalsOfTheUpperOne()
    {
        // The workload offers it often; the model, which has its own arithmetic, agrees with the ledger.
        RunResult result = SeedRun.Run(Calm(6) with { ClientEveryMs = 100 });
        Assert.Null(result.Violation);
        Assert.True(result.Checks["events replay to the model's balances"] > 50);
        Assert.True(result.Checks["a request is final once"] > 20);
    }

    [Fact]
    public void Repeats_OtherDigest_IsNoRepetition()
    {
        RunResult result = SeedRun.Run(FaultPlan.Draw(7));
        Assert.True(OtherProcess.Repeats(result));
        Assert.False(OtherProcess.Repeats(result with { Digest = "0" + result.Digest }));
    }

    [Fact]
    public void Run_NodeRestoredFromABackupAgainAndAgain_NeverSignsTwiceAndGoesOn()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            RunResult result = SeedRun.Run(Restored(seed));
            Assert.True(result.Violation is null, $"seed {seed}: {result.Violation}");
            Assert.Equal(3ul, result.Fired[FaultKind.RestoreOldBackup]);
            Assert.True(result.Checks["watermark before vote"] > 100);
        }
    }

    /// <summary>
    /// The guard of node 3 is gone, then node 0 is: the others go on only if node 3 found out by itself from
    /// where on it may sign.
    /// </summary>
    [Theory]
    [InlineData(nameof(FaultKind.LostGuard), 0)]
    [InlineData(nameof(FaultKind.LostGuard), 1)]
    [InlineData(nameof(FaultKind.OldGuard), 0)]
    public void Run_GuardLostOrOld_LeavesItsQuarantineByItsPeers(string name, ulong parameter)
    {
        FaultKind kind = Enum.Parse<FaultKind>(name);
        for (ulong seed = 1; seed <= 10; seed++)
        {
            RunResult result = SeedRun.Run(Calm(seed) with
            {
                Faults =
                [
                    new Fault(1, 5_000, 2_000, kind, 3, -1, parameter),
                    new Fault(2, 14_000, 1_000_000, FaultKind.Crash, 0, -1, 0),
                ],
                ChaosMs = 60_000,
            });
            Assert.True(result.Violation is null, $"seed {seed}: {result.Violation}");
            Assert.Equal(1ul, result.Fired[kind]);
            Assert.True(result.Blocks > 30, $"seed {seed}: {result.Blocks} blocks");
        }
    }

    /// <summary>Node 3 comes back three times from a backup of a few seconds before.</summary>
    internal static SimOptions Restored(ulong seed) => Calm(seed) with
    {
        Faults =
        [
            .. Enumerable.Range(0, 3).Select(i => new Fault(
                (ulong)i + 1, 4_000 + ((ulong)i * 5_000), 500 + (seed * 100), FaultKind.RestoreOldBackup, 3,
                -1, 0)),
        ],
    };

    internal static SimOptions Calm(ulong seed) =>
        new() { Seed = seed, Nodes = 4, Faults = [], ChaosMs = 20_000 };

    private static string Replay(string seed)
    {
        string program = typeof(SeedRun).Assembly.Location;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "--seed", seed])
        {
            RedirectStandardOutput = true,
        })!;
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        return output;
    }
}
