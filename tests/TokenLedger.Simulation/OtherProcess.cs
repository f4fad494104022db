// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;

namespace TokenLedger.Simulation;

/// <summary>This program once more, in a process of its own.</summary>
internal static class OtherProcess
{
    /// <summary>What a seed violates that is another one there.</summary>
    public static ViolationException Differs { get; } = new(
        "a seed repeats in another process", "the digest there is another");

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
    public static bool Repeats(RunResult result) =>
        Repeats(result.Digest, null, result.Options.Seed, result.Options.Nodes);

    /// <summary>The same of a seed of another mode.</summary>
    public static bool Repeats(string digest, string? mode, ulong seed, int nodes)
    {
        string[] args =
        [
            "--seed", seed.ToString(CultureInfo.InvariantCulture), "--nodes",
            nodes.ToString(CultureInfo.InvariantCulture),
        ];
        return Run([.. mode is null ? [] : new[] { mode }, .. args]).Contains(
            $"digest {digest}", StringComparison.Ordinal);
    }
}
