// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using TokenLedger.Core;
using TokenLedger.Explorer.Tests;
using TokenLedger.Testing;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Explorer.Browser.Tests;

/// <summary>The explorer's program beside a node that serves a chain, until it is disposed of.</summary>
internal sealed class RunningExplorer : IAsyncDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenledger-browser-").FullName;
    private readonly ServedChain _node;
    private readonly Process _process;

    private RunningExplorer(ServedChain node, Hash256 genesisHash, int port)
    {
        _node = node;
        Address = new Uri($"http://127.0.0.1:{port}");
        string configuration = Path.Combine(_folder, "explorer.json");
        File.WriteAllText(configuration, $$"""
            {
              "endpoint": "{{node.Endpoint}}",
              "genesisHash": "{{genesisHash}}",
              "dataFolder": "data",
              "listen": "127.0.0.1:{{port}}"
            }
            """);
        _process = Programs.Start("TokenLedger.Explorer", "tokenledger-explorer", "--config", configuration);
        // Read, so that a full pipe never stops it.
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
    }

    /// <summary>Where it serves.</summary>
    public Uri Address { get; }

    /// <summary>Starts it, and waits until all of the chain is indexed.</summary>
    public static async Task<RunningExplorer> StartAsync(FinalChain chain)
    {
        var explorer = new RunningExplorer(
            await ServedChain.StartAsync(chain), chain.GenesisHash, FreePort());
        using var http = new HttpClient { BaseAddress = explorer.Address };
        await Deadline.GetAsync<object>(
            "the explorer is ready", Within,
            async () => await IsReadyAsync(http, (ulong)chain.Blocks.Count - 1) ? explorer : null,
            () => explorer._process.HasExited ? $"It ended with {explorer._process.ExitCode}." : "");
        return explorer;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        await _node.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, ulong height)
    {
        try
        {
            using JsonDocument status = JsonDocument.Parse(
                await http.GetStringAsync(new Uri("/api/status", UriKind.Relative)));
            JsonElement found = status.RootElement.GetProperty("height");
            return found.ValueKind == JsonValueKind.Number && found.GetUInt64() == height;
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
