// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests;

/// <summary>The program itself, beside a node that serves a chain with real signatures.</summary>
public sealed class ExplorerProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenledger-explorer-").FullName;
    private readonly PrivateKey[] _keys =
        [.. Enumerable.Range(1, 4).Select(i => PrivateKey.Import(ProvenChain.Filled((byte)i).ToArray()))];

    private readonly int _port = ExplorerProcess.FreePort();

    public void Dispose()
    {
        Array.ForEach(_keys, static key => key.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Run_BesideANode_BecomesReadyStopsAndGoesOn()
    {
        FinalChain chain = Chain();
        await using (ServedChain node = await ServedChain.StartAsync(chain))
        {
            using ExplorerProcess first = Start(node, chain);
            await RequireServedAsync(first, chain);
            await first.StopAsync();
        }

        Grow(chain);
        await using ServedChain again = await ServedChain.StartAsync(chain);
        using ExplorerProcess second = Start(again, chain);
        await RequireServedAsync(second, chain);
        await second.StopAsync();
    }

    [Fact]
    public async Task Run_ItsNodeEnds_GoesOnWithAnother()
    {
        FinalChain chain = Chain();
        ServedChain first = await ServedChain.StartAsync(chain);
        await using ServedChain second = await ServedChain.StartAsync(chain);
        Configure(first.Endpoint, chain.GenesisHash);
        string path = Path.Combine(_folder, "explorer.json");
        string one = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, one.Replace(
            $"\"endpoint\": \"{first.Endpoint}\"",
            $"\"endpoints\": [\"{first.Endpoint}\", \"{second.Endpoint}\"]", StringComparison.Ordinal));
        string home = Directory.CreateDirectory(Path.Combine(_folder, "home")).FullName;
        using ExplorerProcess process = ExplorerProcess.StartIn(home, _port, "--config", path);
        await RequireServedAsync(process, chain);

        // Nothing is written but the index: no key ring, no cache.
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(home, "*", SearchOption.AllDirectories),
            static entry => entry.EndsWith(".xml", StringComparison.Ordinal));
        // The second one serves the blocks that come from now on.
        Grow(chain);
        await first.DisposeAsync();
        await RequireServedAsync(process, chain);
        string proof = $"/api/proof/supply/{TestNetwork.Bond}";
        using HttpResponseMessage proven = await process.GetAsync(proof);
        Assert.Equal(HttpStatusCode.OK, proven.StatusCode);
        await second.DisposeAsync();
        JsonElement alone = await process.StatusAsync(
            "it says that no node is there", static now => !now.GetProperty("connected").GetBoolean());
        Assert.Equal(JsonValueKind.Null, alone.GetProperty("lagBlocks").ValueKind);
        using HttpResponseMessage page = await process.GetAsync("/en/blocks");
        Assert.Contains(
            "reaches no node of the ledger", await page.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
        await process.StopAsync();
    }

    [Fact]
    public async Task Rebuild_BesideARunningExplorer_IsGoneOverToAndBackFrom()
    {
        FinalChain chain = Chain();
        await using ServedChain node = await ServedChain.StartAsync(chain);
        using ExplorerProcess running = Start(node, chain);
        await RequireServedAsync(running, chain);
        string configuration = Configure(node.Endpoint, chain.GenesisHash);
        string said = await RequireSaidAsync(
            configuration, "rebuild", 0, "Generation 2 of the index is read now");
        Assert.Matches("Balances compared with proofs of the ledger's state: [12]\\.", said);
        await RequireServedAsync(running, chain);
        await RequireSaidAsync(configuration, "rollback", 0, "Generation 1 of the index is read now");
        Assert.Equal("1\n", await File.ReadAllTextAsync(Path.Combine(_folder, "data", "live")));
        await running.StopAsync();
        await RequireSaidAsync(configuration, "prune", 0, "Removed generation 2");
        await RequireSaidAsync(configuration, "rollback", 1, "NO_GENERATION");
        using ExplorerProcess after = Start(node, chain);
        await RequireServedAsync(after, chain);
        await after.StopAsync();
    }

    [Fact]
    public async Task Run_NodeOfAnotherNetwork_ServesButIsNotReady()
    {
        var chain = new FinalChain(keys: _keys);
        await using ServedChain node = await ServedChain.StartAsync(chain);
        using ExplorerProcess process = ExplorerProcess.Start(
            _port, "--config", Configure(node.Endpoint, ProvenChain.Filled(9)));
        JsonElement status = await process.StatusAsync("it says why", static now =>
            now.GetProperty("lastFailure").ValueKind == JsonValueKind.Object);
        Assert.Equal("UNVERIFIED", status.GetProperty("lastFailure").GetProperty("code").GetString());
        Assert.False(status.GetProperty("verified").GetBoolean());
        using HttpResponseMessage ready = await process.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("not be verified", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage live = await process.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        await process.StopAsync();
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

        using ExplorerProcess process = ExplorerProcess.Start(_port, "--config", path);
        (int ended, _, string error) = await process.EndAsync();
        Assert.Equal(exitCode, ended);
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

    private static async Task RequireServedAsync(ExplorerProcess process, FinalChain chain)
    {
        ulong end = (ulong)chain.Blocks.Count - 1;
        JsonElement status = await process.StatusAsync($"the index reaches {end}", now =>
            now.GetProperty("height") is { ValueKind: JsonValueKind.Number } height
                && height.GetUInt64() == end && now.GetProperty("ready").GetBoolean());
        Assert.True(status.GetProperty("verified").GetBoolean());
        Assert.Equal(0UL, status.GetProperty("lagBlocks").GetUInt64());
        Assert.Equal(
            (ulong)chain.Blocks.Sum(static block => block.Transactions.Count),
            status.GetProperty("counts").GetProperty("transactions").GetUInt64());
        using HttpResponseMessage ready = await process.GetAsync("/health/ready");
        Assert.Equal("ready\n", await ready.Content.ReadAsStringAsync());
        using HttpResponseMessage block = await process.GetAsync($"/en/block/{end}");
        Assert.Contains(
            $"<h1>Block {end}</h1>", await block.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage urdu = await process.GetAsync("/ur/");
        Assert.Contains(
            "<html lang=\"ur\" dir=\"rtl\">", await urdu.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }

    private async Task<string> RequireSaidAsync(
        string configuration, string command, int exitCode, string text)
    {
        using ExplorerProcess process = ExplorerProcess.Start(_port, command, "--config", configuration);
        (int ended, string output, string error) = await process.EndAsync();
        Assert.True(ended == exitCode, $"{command} ended with {ended}: {output} {error}");
        Assert.Contains(text, output + error, StringComparison.Ordinal);
        return output;
    }

    private FinalChain Chain()
    {
        var chain = new FinalChain(static height => height.Value % 2 == 0, _keys);
        chain.Ledger.Issue(TestNetwork.Alice, 9);
        Grow(chain);
        return chain;
    }

    private ExplorerProcess Start(ServedChain node, FinalChain chain) =>
        ExplorerProcess.Start(_port, "--config", Configure(node.Endpoint, chain.GenesisHash));

    private string Configure(Uri node, Hash256 genesisHash)
    {
        string path = Path.Combine(_folder, "explorer.json");
        File.WriteAllText(path, $$"""
            {
              "endpoint": "{{node}}",
              "genesisHash": "{{genesisHash}}",
              "dataFolder": "data",
              "listen": "127.0.0.1:{{_port}}"
            }
            """);
        return path;
    }
}
