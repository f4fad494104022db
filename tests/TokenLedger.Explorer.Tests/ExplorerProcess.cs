// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Explorer.Tests;

/// <summary>The program itself, as somebody would start it.</summary>
internal sealed class ExplorerProcess : IDisposable
{
    /// <summary>What is waited for takes seconds; only a failing test reaches the end.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;

    private ExplorerProcess(Process process, int port)
    {
        Process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public Process Process { get; }

    /// <summary>Starts it with arguments.</summary>
    /// <param name="port">Where its configuration says that it listens.</param>
    /// <param name="arguments">The command line.</param>
    public static ExplorerProcess Start(int port, params string[] arguments) =>
        StartIn(null, port, arguments);

    /// <summary>Starts it with a home folder of its own.</summary>
    /// <inheritdoc cref="Start"/>
    public static ExplorerProcess StartIn(string? home, int port, params string[] arguments)
    {
        string own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string program = Path.GetFullPath(Path.Combine(
            own, "..", "..", "TokenLedger.Explorer", Path.GetFileName(own), "tokenledger-explorer.dll"));
        return new ExplorerProcess(
            Process.Start(new ProcessStartInfo(
                Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, .. arguments])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                Environment = { ["HOME"] = home ?? Environment.GetEnvironmentVariable("HOME") },
            })!,
            port);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Its status, once it is as wanted.</summary>
    public async Task<JsonElement> StatusAsync(string what, Func<JsonElement, bool> wanted) =>
        (JsonElement)await Deadline.GetAsync<object>(
            what, Within,
            async () => await TryStatusAsync() is { } now && wanted(now) ? now : null,
            () => Process.HasExited ? $"It ended with {Process.ExitCode}." : "");

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(path, UriKind.Relative));

    /// <summary>What it printed, once it has ended by itself.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        Task<string> error = Process.StandardError.ReadToEndAsync();
        string output = await Process.StandardOutput.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Within);
        await Process.WaitForExitAsync(patience.Token);
        return (Process.ExitCode, output, await error);
    }

    /// <summary>SIGTERM; it must end in order.</summary>
    /// <returns>What it logged.</returns>
    public async Task<string> StopAsync()
    {
        using var kill = Process.Start("kill", [Process.Id.ToString(CultureInfo.InvariantCulture)]);
        (int exitCode, string output, string error) = await EndAsync();
        Assert.True(exitCode == 0, $"{exitCode}: {error}");
        Assert.Contains("Stopped in order", output, StringComparison.Ordinal);
        return output;
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        Process.Kill();
        Process.WaitForExit();
    }

    public void Dispose()
    {
        // Only of a failed test is one left.
        if (!Process.HasExited)
        {
            Kill();
        }

        Process.Dispose();
        _http.Dispose();
    }

    private async Task<JsonElement?> TryStatusAsync()
    {
        try
        {
            using JsonDocument answer = JsonDocument.Parse(
                await _http.GetStringAsync(new Uri("/api/status", UriKind.Relative)));
            return answer.RootElement.Clone();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
