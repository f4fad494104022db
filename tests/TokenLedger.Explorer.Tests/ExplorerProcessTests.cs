// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Testing;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Explorer.Tests;

/// <summary>The program itself, beside a node that serves a chain with real signatures.</summary>
public sealed class ExplorerProcessTests : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenledger-explorer-").FullName;
    private readonly PrivateKey[] _keys =
        [.. Enumerable.Range(1, 4).Select(i => PrivateKey.Import(ProvenChain.Filled((byte)i).ToArray()))];

    private readonly List<Process> _started = [];

    public void Dispose()
    {
        // Only of a failed test is one left.
        foreach (Process process in _started)
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }

            process.Dispose();
        }

        Array.ForEach(_keys, static key => key.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Run_BesideANode_BecomesReadyStopsAndGoesOn()
    {
        var chain = new FinalChain(static height => height.Value % 2 == 0, _keys);
        chain.Ledger.Issue(TestNetwork.Alice, 9);
        Grow(chain);
        int port = FreePort();
        await using (ServedChain node = await ServedChain.StartAsync(chain))
        {
            Process first = Start(Configure(node.Endpoint, chain.GenesisHash, port));
            await RequireServedAsync(first, chain, port);
            await StopAsync(first);
        }

        Grow(chain);
        await using ServedChain again = await ServedChain.StartAsync(chain);
        Process second = Start(Configure(again.Endpoint, chain.GenesisHash, port));
        await RequireServedAsync(second, chain, port);
        await StopAsync(second);
    }

    [Fact]
    public async Task Run_NodeOfAnotherNetwork_ServesButIsNotReady()
    {
        var chain = new FinalChain(keys: _keys);
        await using ServedChain node = await ServedChain.StartAsync(chain);
        int port = FreePort();
        Process process = Start(Configure(node.Endpoint, ProvenChain.Filled(9), port));
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        JsonElement status = await Deadline.GetAsync<object>("it says why", Within, async () =>
            await TryStatusAsync(http) is { } now
                && now.GetProperty("lastFailure").ValueKind == JsonValueKind.Object
                    ? now
                    : null) is JsonElement found ? found : default;
        Assert.Equal("UNVERIFIED", status.GetProperty("lastFailure").GetProperty("code").GetString());
        Assert.False(status.GetProperty("verified").GetBoolean());
        using HttpResponseMessage ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("not be verified", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage live = await http.GetAsync(new Uri("/health/live", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        await StopAsync(process);
    }

    [Theory]
    [InlineData("{}", 3, "CONFIGURATION_INVALID")]
    [InlineData(null, 3, "CONFIGURATION_MISSING")]
    public async Task Run_WrongConfiguration_SaysSoInOneLine(string? file, int exitCode, string code)
    {
        string path = Path.Combine(_folder, "wrong.json");
        if (file is not null)
        {
            await File.WriteAllTextAsync(path, file);
        }

        Process process = Start(path);
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(exitCode, process.ExitCode);
        Assert.StartsWith($"tokenledger-explorer: {code}: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static void Grow(FinalChain chain)
    {
        for (int i = 0; i < 4; i++)
        {
            chain.Ledger.Run(
                TestNetwork.Alice, new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(1)));
        }

        while (chain.Blocks[^1].Certificate.IsEmpty)
        {
            chain.Ledger.RunBlock();
        }
    }

    private static async Task RequireServedAsync(Process process, FinalChain chain, int port)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        ulong end = (ulong)chain.Blocks.Count - 1;
        object found = await Deadline.GetAsync<object>(
            $"the index reaches {end}", Within,
            async () => await TryStatusAsync(http) is { } now
                && now.GetProperty("height") is { ValueKind: JsonValueKind.Number } height
                && height.GetUInt64() == end && now.GetProperty("ready").GetBoolean() ? now : null,
            () => process.HasExited ? $"It ended with {process.ExitCode}." : "");
        var status = (JsonElement)found;
        Assert.True(status.GetProperty("verified").GetBoolean());
        Assert.Equal(0UL, status.GetProperty("lagBlocks").GetUInt64());
        Assert.Equal(
            (ulong)chain.Blocks.Sum(static block => block.Transactions.Count),
            status.GetProperty("counts").GetProperty("transactions").GetUInt64());
        Assert.Equal("ready\n", await http.GetStringAsync(new Uri("/health/ready", UriKind.Relative)));
        string block = await http.GetStringAsync(new Uri($"/en/block/{end}", UriKind.Relative));
        Assert.Contains($"<h1>Block {end}</h1>", block, StringComparison.Ordinal);
        string urdu = await http.GetStringAsync(new Uri("/ur/", UriKind.Relative));
        Assert.Contains("<html lang=\"ur\" dir=\"rtl\">", urdu, StringComparison.Ordinal);
    }

    private static async Task<JsonElement?> TryStatusAsync(HttpClient http)
    {
        try
        {
            using JsonDocument answer = JsonDocument.Parse(
                await http.GetStringAsync(new Uri("/api/status", UriKind.Relative)));
            return answer.RootElement.Clone();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private string Configure(Uri node, Hash256 genesisHash, int port)
    {
        string path = Path.Combine(_folder, "explorer.json");
        File.WriteAllText(path, $$"""
            {
              "endpoint": "{{node}}",
              "genesisHash": "{{genesisHash}}",
              "dataFolder": "data",
              "listen": "127.0.0.1:{{port}}"
            }
            """);
        return path;
    }

    private Process Start(string configuration)
    {
        string own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string program = Path.GetFullPath(Path.Combine(
            own, "..", "..", "TokenLedger.Explorer", Path.GetFileName(own), "tokenledger-explorer.dll"));
        var process = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { program, "--config", configuration },
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        _started.Add(process);
        return process;
    }

    /// <summary>SIGTERM; it must end in order.</summary>
    private static async Task StopAsync(Process process)
    {
        using var kill = Process.Start("kill", [process.Id.ToString(CultureInfo.InvariantCulture)]);
        string output = await process.StandardOutput.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Within);
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("Stopped in order", output, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
