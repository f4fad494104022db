// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Tests.Pace;

/// <summary>Whether what measures runs at full size with the numbers that are promised, on a machine that
/// does nothing else: TOKENLEDGER_FULL_PACE=1.</summary>
internal static class FullPace
{
    public static bool Wanted => Environment.GetEnvironmentVariable("TOKENLEDGER_FULL_PACE") == "1";
}
