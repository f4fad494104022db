// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Simulation.Tests;

/// <summary>Runs of the bridge repeat exactly, and seeds that once failed do not.</summary>
public sealed class BridgeRunTests
{
    [Fact]
    public void Run_NoFaults_MintsAndReleasesWithoutAViolation()
    {
        BridgeOptions options = BridgeFaultPlan.Draw(1, 4) with { Faults = [], Byzantine = [] };
        BridgeResult result = BridgeRun.Run(options);
        Assert.Null(result.Violation);
        Assert.True(result.Mints > 5, $"{result.Mints} mints");
        Assert.True(result.Releases > 0, $"{result.Releases} releases");
        Assert.Empty(result.Fired);
        Assert.Empty(result.Acts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_SameSeedTwice_HasTheSameDigest(ulong seed)
    {
        BridgeResult first = BridgeRun.Run(BridgeFaultPlan.Draw(seed));
        BridgeResult second = BridgeRun.Run(BridgeFaultPlan.Draw(seed));
        Assert.Null(first.Violation);
        Assert.Equal(first.Digest, second.Digest);
        Assert.Equal(first.Checks, second.Checks);
        Assert.NotEqual(first.Digest, BridgeRun.Run(BridgeFaultPlan.Draw(seed + 1)).Digest);
    }

    [Fact]
    public void Run_SameSeedInTwoProcesses_HasTheSameDigest()
    {
        BridgeResult result = BridgeRun.Run(BridgeFaultPlan.Draw(3));
        Assert.True(OtherProcess.Repeats(result.Digest, "--bridge", 3, result.Options.Signers));
    }

    [Fact]
    public void Draw_ManySeeds_HasEveryKindOfFaultAndLiarsOfEveryNumber()
    {
        BridgeOptions[] seeds =
            [.. Enumerable.Range(1, 1_000).Select(seed => BridgeFaultPlan.Draw((ulong)seed))];
        Assert.All(Enum.GetValues<BridgeFaultKind>(), kind =>
            Assert.Contains(seeds, options => options.Faults.Any(fault => fault.Kind == kind)));
        Assert.All([0, 1, 2], liars => Assert.Contains(seeds, one => one.Byzantine.Count == liars));
        Assert.All(seeds, one => Assert.All(one.Byzantine, liar => Assert.True(liar >= one.Healthy)));
    }

    [Fact]
    public void Draw_WithoutAFault_LeavesTheOthersAlone()
    {
        BridgeFault[] all = [.. BridgeFaultPlan.Draw(9, 4).Faults];
        BridgeFault[] biased =
            [.. BridgeFaultPlan.Draw(9, 4, new BridgeBias([BridgeFaultKind.FinalReversal])).Faults];
        Assert.Contains(biased, fault => fault.Kind == BridgeFaultKind.FinalReversal);
        Assert.Equal(all, biased.Where(all.Contains));
    }

    /// <summary>A final block that gave way at signers who had read it.</summary>
    [Fact]
    public void Run_FinalReversal_HaltsThoseThatHadReadIt()
    {
        var reversal = new BridgeFault(1, 100_000, 1, BridgeFaultKind.FinalReversal, 0, 3);
        BridgeOptions options = BridgeFaultPlan.Draw(1, 4) with { Faults = [reversal], Byzantine = [] };
        BridgeResult result = BridgeRun.Run(options);
        Assert.Null(result.Violation);
        Assert.True(result.Checks["who had read a block that gave way halts"] > 0);
    }

    /// <summary>
    /// 2: a liar's vote on signers. 14, 25: a suspended burn was a lost signer's to retry. 24, 10185: a
    /// ledger from a backup raised an alarm. 30, 32, 93: an invented event of a lock to come stayed.
    /// 167: a void and an expiry of one lock halted the lane. 288, 477: a clock that was set back.
    /// </summary>
    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(2)]
    [InlineData(14)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(30)]
    [InlineData(32)]
    [InlineData(93)]
    [InlineData(167)]
    [InlineData(288)]
    [InlineData(477)]
    [InlineData(10185)]
    public void Run_SeedThatOnceFailed_HasNoViolation(ulong seed) =>
        Assert.Null(BridgeRun.Run(BridgeFaultPlan.Draw(seed)).Violation);
}
