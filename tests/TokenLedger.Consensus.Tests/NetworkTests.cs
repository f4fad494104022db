// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing;

namespace TokenLedger.Consensus.Tests;

/// <summary>Whole networks from seeds: whatever faults come, no two truths; once they end, progress.</summary>
public sealed class NetworkTests
{
    /// <summary>Sets one seed to replay, as a failure prints it, in place of the ranges.</summary>
    private const string SeedVariable = "TOKENLEDGER_SEED";

    [Theory]
    [InlineData(4, 0, 260)]
    [InlineData(4, 260, 260)]
    [InlineData(5, 0, 100)]
    [InlineData(6, 0, 100)]
    [InlineData(7, 0, 200)]
    [InlineData(10, 0, 120)]
    public void Run_SeededFaultsThenHealing_AgreesAndProgresses(int validators, int first, int count)
    {
        if (Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } seed)
        {
            (first, count) = (int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture), 1);
        }

        for (int at = first; at < first + count; at++)
        {
            SimulationResult result = new SeededNetwork(SimulationOptions.Draw((ulong)at, validators)).Run();
            Assert.True(result.FinalizedViews > 0, $"seed {at}, n = {validators}: nothing became final");
        }
    }
}
