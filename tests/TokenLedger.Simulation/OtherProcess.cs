// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;

namespace TokenLedger.Simulation;

/// <summary>This program once more, in a process of its own.</summary>
internal static class OtherProcess
{
    /// <summary>What it prints.</summary>
    public static string Run(params string[] args)
    {
        string program = typeof(OtherProcess).Assembly.Location;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. args])
        {
            RedirectStandardOutput = true,
        })!;
        string output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return output.Length > 0 ? output : $"{string.Join(' ', args)}: it ended with {process.ExitCode}";
    }

    /// <summary>Whether a seed is there what it was here.</summary>
    public static bool Repeats(RunResult result)
    {
        SimOptions options = result.Options;
        string seed = options.Seed.ToString(CultureInfo.InvariantCulture);
        string nodes = options.Nodes.ToString(CultureInfo.InvariantCulture);
        return Run("--seed", seed, "--nodes", nodes).Contains(
            $"digest {result.Digest}", StringComparison.Ordinal);
    }
}
