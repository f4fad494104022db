// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace TokenLedger.Rpc.Tests;

/// <summary>
/// A program in Python or JavaScript, with the libraries that Interop/prepare.sh installed.
/// </summary>
internal sealed class ForeignProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private ForeignProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static string RepositoryRoot { get; } = FindRoot();

    public static string Proto => Path.Combine(Sources, "..", "Protos", "interop.proto");

    private static string Sources =>
        Path.Combine(RepositoryRoot, "tests", "TokenLedger.Rpc.Tests", "Interop");

    private static string Prepared => Path.Combine(RepositoryRoot, ".artifacts", "rpc-interop");

    public static ForeignProcess StartPython(string script, params IEnumerable<string> arguments) =>
        Start("/usr/bin/python3", Path.Combine(Sources, "python", script), arguments);

    public static ForeignProcess StartNode(string script, params IEnumerable<string> arguments) =>
        Start("node", Path.Combine(Sources, "node", script), arguments);

    /// <summary>Waits for the line that says which ports the program listens on.</summary>
    public async Task<(int Port, int TlsPort)> WaitUntilReadyAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        if (line is null || !line.StartsWith("ready ", StringComparison.Ordinal))
        {
            throw new InvalidOperationException(
                $"The program said '{line}' and: {await _errors.WaitAsync(Patience)}");
        }

        var words = line.Split(' ');
        return (
            int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture),
            int.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>All that the program prints until it ends, and its errors.</summary>
    public async Task<(string[] Lines, string Errors)> RunToEndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        return (output.Split('\n', StringSplitOptions.RemoveEmptyEntries), await _errors.WaitAsync(Patience));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static ForeignProcess Start(string program, string script, IEnumerable<string> arguments)
    {
        if (!File.Exists(Path.Combine(Prepared, "stamp")))
        {
            throw new InvalidOperationException(
                "Not prepared: run tests/TokenLedger.Rpc.Tests/Interop/prepare.sh first.");
        }

        var start = new ProcessStartInfo(program, [script, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NODE_PATH"] = Path.Combine(Prepared, "node_modules");
        start.Environment["PYTHONPATH"] = Path.Combine(Prepared, "python");
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        return new ForeignProcess(Process.Start(start)!);
    }

    private static string FindRoot()
    {
        var start = new DirectoryInfo(AppContext.BaseDirectory);
        for (var folder = start; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TokenLedger.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("There is no TokenLedger.sln above the tests.");
    }
}
