// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace TokenLedger.Cluster.Tests;

/// <summary>A node's resident memory, as its own metrics say.</summary>
internal static class ResidentMemory
{
    /// <summary>What no attack may make a node take.</summary>
    public const long Limit = 1L << 30;

    private const string Metric = "process_resident_memory_bytes ";

    public static async Task<long> OfAsync(Uri operations)
    {
        using var http = new HttpClient { BaseAddress = operations };
        string page = await http.GetStringAsync("/metrics");
        string line = page.Split('\n').Single(l => l.StartsWith(Metric, StringComparison.Ordinal));
        return (long)double.Parse(line[Metric.Length..], CultureInfo.InvariantCulture);
    }
}
