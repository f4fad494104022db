// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace TokenLedger.Explorer.Browser.Tests;

/// <summary>The project's own programs, as they were built beside these tests.</summary>
internal static class Programs
{
    /// <summary>Starts one; the caller disposes of it.</summary>
    public static Process Start(string project, string assembly, params string[] arguments)
    {
        string own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string program = Path.GetFullPath(Path.Combine(
            own, "..", "..", project, Path.GetFileName(own), assembly + ".dll"));
        return Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>Runs `tl` to its end.</summary>
    /// <returns>Its exit code and what it printed.</returns>
    public static async Task<(int Exit, string Out)> TlAsync(params string[] arguments)
    {
        using Process process = Start("TokenLedger.Cli", "tl", arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
