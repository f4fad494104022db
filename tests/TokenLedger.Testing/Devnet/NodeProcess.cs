// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace TokenLedger.Testing.Devnet;

/// <summary>One run of tokenledger-node, from its start to its end. Nothing else is ever killed.</summary>
public sealed class NodeProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private NodeProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Add(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Add(_error, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The node as it was built in the configuration of these tests.</summary>
    public static string Assembly { get; } = FindAssembly();

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Resident memory now, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>All that was written to standard output: one JSON object a line.</summary>
    public string Output => Read(_output);

    public string Error => Read(_error);

    /// <summary>Starts the node; <paramref name="environment"/> is added to that of this process.</summary>
    public static NodeProcess Start(
        string configurationPath,
        IReadOnlyDictionary<string, string>? environment = null,
        string? snapshot = null)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { Assembly, "--config", configurationPath },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (snapshot is not null)
        {
            start.ArgumentList.Add("--from-snapshot");
            start.ArgumentList.Add(snapshot);
        }

        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new NodeProcess(Process.Start(start)!);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM; returns at once.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>SIGSTOP: the process does nothing until <see cref="Resume"/>.</summary>
    public void Pause() => Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signal("CONT");

    /// <summary>Waits for the end and for all output.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync(TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The node did not end within {within.TotalSeconds} s. {Tail()}");
        }

        return _process.ExitCode;
    }

    /// <summary>The end of what the process wrote, for messages of failed tests.</summary>
    public string Tail()
    {
        const int Shown = 3_000;
        string output = Output;
        return $"stderr: {Error}\nstdout: …{output[Math.Max(0, output.Length - Shown)..]}";
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        if (kill.ExitCode != 0)
        {
            throw new InvalidOperationException($"SIG{name} did not reach process {Id}. {Tail()}");
        }
    }

    private static string FindAssembly()
    {
        string own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string path = Path.GetFullPath(
            Path.Combine(own, "..", "..", "TokenLedger.Node", Path.GetFileName(own), "tokenledger-node.dll"));
        return File.Exists(path) ? path : throw new FileNotFoundException("The node is not built.", path);
    }

    private static void Add(StringBuilder lines, string? line)
    {
        if (line is not null)
        {
            lock (lines)
            {
                lines.AppendLine(line);
            }
        }
    }

    private static string Read(StringBuilder lines)
    {
        lock (lines)
        {
            return lines.ToString();
        }
    }
}
