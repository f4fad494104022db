// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Simulation.Tests;

/// <summary>A node that lost its disks fetches a state from peers of which some lie, and follows.</summary>
public sealed class WipedDiskTests
{
    private const ulong WipedAtMs = 11_000;
    private const ulong WipedForMs = 2_000;

    /// <summary>All rules hold, and those of state sync were looked at: it was not vacuous.</summary>
    [Fact]
    public void Run_WipedNode_HasTheSameStateAndFollows()
    {
        var looked = new Dictionary<string, ulong>();
        for (ulong seed = 1; seed <= 12; seed++)
        {
            RunResult result = SeedRun.Run(Wiped(seed));
            Assert.True(result.Violation is null, $"seed {seed}: {result.Violation}");
            Assert.Equal(1UL, result.Fired[FaultKind.WipedDisk]);
            foreach ((string rule, ulong count) in result.Checks)
            {
                looked[rule] = looked.GetValueOrDefault(rule) + count;
            }
        }

        // Now and then all offers are lies, and the node starts with genesis.
        Assert.InRange(looked["a fetched state is the chain's"], 6UL, 12UL);
        Assert.Equal(looked["a fetched state is the chain's"], looked["a fetched state has its root"]);
        Assert.True(looked["a lie about the state is refused"] > 20);
        Assert.True(looked["a true chunk is taken"] > 60);
        Assert.True(looked["a head holds unless it lies"] > 20);
    }

    /// <summary>With one of the other three down, no block is final without the wiped node's votes.</summary>
    [Fact]
    public void Run_WipedNodeWithItsGuard_VotesOn()
    {
        var down = new Fault(2, WipedAtMs + (2 * WipedForMs), 60_000, FaultKind.Crash, 0, -1, 0);
        SimOptions wiped = Wiped(1) with { ChaosMs = 40_000 };
        wiped = wiped with { Faults = [.. wiped.Faults, down] };
        SimOptions lost = wiped with { Faults = [down, down with { Id = 3, Target = 3 }] };
        RunResult voting = SeedRun.Run(wiped);
        Assert.True(voting.Violation is null, $"{voting.Violation}");
        ulong without = SeedRun.Run(lost).Blocks;
        Assert.True(voting.Blocks > without + 5, $"{voting.Blocks} blocks, {without} without its votes");
    }

    [Fact]
    public void Run_SameSeedTwice_HasTheSameDigest() =>
        Assert.Equal(SeedRun.Run(Wiped(3)).Digest, SeedRun.Run(Wiped(3)).Digest);

    private static SimOptions Wiped(ulong seed) => SeedRunTests.Calm(seed) with
    {
        Faults = [new Fault(1, WipedAtMs, WipedForMs, FaultKind.WipedDisk, 3, -1, 0)],
    };
}
