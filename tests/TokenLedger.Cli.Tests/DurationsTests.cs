// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Cli.Shell;

namespace TokenLedger.Cli.Tests;

public sealed class DurationsTests
{
    [Theory]
    [InlineData(604_800_000, "7 days")]
    [InlineData(86_400_000, "1 day")]
    [InlineData(129_600_000, "36 hours")]
    [InlineData(60_000, "1 minute")]
    [InlineData(1_500, "1500 milliseconds")]
    public void Words_Milliseconds_AreInTheLargestWholeUnit(ulong milliseconds, string expected) =>
        Assert.Equal(expected, Durations.Words(milliseconds));
}
