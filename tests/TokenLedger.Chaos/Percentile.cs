// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Chaos;

/// <summary>Percentiles of samples.</summary>
internal static class Percentile
{
    /// <summary>What a share of the samples does not exceed; NaN without samples.</summary>
    public static double Of(IEnumerable<double> samples, double share)
    {
        double[] sorted = [.. samples.Order()];
        return sorted.Length == 0
            ? double.NaN
            : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
