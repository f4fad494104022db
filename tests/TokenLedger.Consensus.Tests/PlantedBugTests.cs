// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing;

namespace TokenLedger.Consensus.Tests;

/// <summary>
/// The checks of the seeded network can fail: each bug that is planted into it is found, by the rule it
/// breaks.
/// </summary>
public sealed class PlantedBugTests
{
    private const int SeedsAtMost = 60;

    [Theory]
    [InlineData(Sabotage.VoteBeforeSync, "durable before speak")]
    [InlineData(Sabotage.FinalizeAfterNullify, "honest equivocation")]
    [InlineData(Sabotage.ForgetOwnVotes, "honest equivocation")]
    [InlineData(Sabotage.CertifyBeforeDurable, "durable before finalize")]
    [InlineData(Sabotage.FinalizeOnNotarization, "agreement")]
    [InlineData(Sabotage.NeverRepeat, "progress")]
    public void PlantedBug_IsFoundByItsRule(Sabotage bug, string rule)
    {
        for (ulong seed = 0; seed < SeedsAtMost; seed++)
        {
            try
            {
                new SeededNetwork(SimulationOptions.Draw(seed, 4) with { Sabotage = bug }).Run();
            }
            catch (SimulationException failure)
            {
                Assert.Equal(rule, failure.Rule);
                Assert.Contains("TOKENLEDGER_SEED=" + seed, failure.Message, StringComparison.Ordinal);
                return;
            }
        }

        Assert.Fail($"{bug} was not found in {SeedsAtMost} seeds");
    }
}
