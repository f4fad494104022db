// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace TokenLedger.Evm.Tests.Interop;

/// <summary>Programs of others, which tests/run.sh installs in .artifacts/tools from tests/tools.</summary>
internal static class Tool
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static string Anvil => Installed("@foundry-rs", "anvil-linux-amd64", "bin", "anvil");

    public static string Cast => Installed("@foundry-rs", "cast-linux-amd64", "bin", "cast");

    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Interop", name);

    /// <summary>Runs a program to its end, with nothing of this user's settings.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var home = new TemporaryFolder();
        using Process process = Start(program, arguments, home.Path);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var late = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} did not end.");
        }

        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await errors}");
        return await output;
    }

    /// <summary>
    /// Runs a script in node that reads the file of its first argument and writes the second.
    /// </summary>
    /// <returns>The lines that it wrote, one for each given.</returns>
    public static async Task<string[]> NodeAsync(string script, IEnumerable<string> lines)
    {
        _ = Installed("ethers", "package.json");
        using var folder = new TemporaryFolder();
        string input = Path.Combine(folder.Path, "in.jsonl");
        string output = Path.Combine(folder.Path, "out.jsonl");
        await File.WriteAllLinesAsync(input, lines);
        await RunAsync("node", Script(script), input, output);
        return await File.ReadAllLinesAsync(output);
    }

    public static Process Start(string program, IEnumerable<string> arguments, string home)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home,
        };
        start.Environment["HOME"] = home;
        start.Environment["NODE_PATH"] = Path.Combine(Folder, "node_modules");
        return Process.Start(start)!;
    }

    private static string Folder => Path.Combine(Root(), ".artifacts", "tools");

    /// <summary>A file of the packages of tests/tools; with no parts the folder of them all.</summary>
    public static string Installed(params string[] parts)
    {
        string path = Path.Combine([Folder, "node_modules", .. parts]);
        Assert.True(Path.Exists(path), $"There is no {path}: run tests/run.sh, which installs it.");
        return path;
    }

    private static string Root()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "TokenLedger.sln")))
            {
                return at.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No TokenLedger.sln above {AppContext.BaseDirectory}.");
    }
}
