// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using TokenLedger.Core.Genesis;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Mesh.Tests;

/// <summary>The program itself, as somebody would start it.</summary>
internal sealed class MeshProcess : IDisposable
{
    /// <summary>What is waited for takes seconds; only a failing test reaches the end.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _folder;
    private readonly HttpClient _http;

    private MeshProcess(Process process, string folder, int port, string networkName)
    {
        (_process, _folder) = (process, folder);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Client = new MeshClient(_http, networkName);
    }

    public MeshClient Client { get; }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="genesis">The network.</param>
    /// <param name="endpoint">A node; null to run offline.</param>
    /// <param name="apiKey">By which the node knows it; null for none.</param>
    public static async Task<MeshProcess> StartAsync(
        GenesisDocument genesis, Uri? endpoint, string? apiKey = null)
    {
        int port = FreePort();
        string folder = Directory.CreateTempSubdirectory("tokenledger-mesh-").FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, "genesis.json"), GenesisFile.Write(genesis));
        var configuration = new JsonObject
        {
            ["genesis"] = "genesis.json",
            ["genesisHash"] = genesis.Hash.ToString(),
            ["listen"] = $"127.0.0.1:{port}",
        };
        if (endpoint is not null)
        {
            configuration["endpoint"] = endpoint.ToString();
        }

        if (apiKey is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "api-key"), apiKey + "\n");
            configuration["apiKeyFile"] = "api-key";
        }

        string file = Path.Combine(folder, "mesh.json");
        await File.WriteAllTextAsync(file, configuration.ToJsonString());
        var started = new MeshProcess(Start("--config", file), folder, port, genesis.NetworkName);
        await Deadline.UntilAsync("the adapter answers", Within, started.IsLiveAsync);
        return started;
    }

    /// <summary>Starts the program with arguments.</summary>
    public static Process Start(params string[] arguments)
    {
        string own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string program = Path.GetFullPath(Path.Combine(
            own, "..", "..", "TokenLedger.Mesh", Path.GetFileName(own), "tokenledger-mesh.dll"));
        return Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>Whether it calls itself ready.</summary>
    public async Task<HttpStatusCode> ReadyAsync()
    {
        using HttpResponseMessage answer = await _http.GetAsync(
            new Uri("/health/ready", UriKind.Relative));
        return answer.StatusCode;
    }

    /// <summary>SIGTERM; it must end in order.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", [_process.Id.ToString(CultureInfo.InvariantCulture)]);
        using var patience = new CancellationTokenSource(Within);
        string output = await _process.StandardOutput.ReadToEndAsync(patience.Token);
        await _process.WaitForExitAsync(patience.Token);
        Assert.Equal(0, _process.ExitCode);
        Assert.Contains("Stopped in order", output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> IsLiveAsync()
    {
        Assert.False(_process.HasExited, "it ended at once");
        try
        {
            return (await _http.GetStringAsync(new Uri("/health/live", UriKind.Relative))) == "live\n";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
