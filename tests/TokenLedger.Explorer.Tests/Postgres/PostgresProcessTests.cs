// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Postgres;
using TokenLedger.Explorer.Tests.Index;
using TokenLedger.Testing;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Explorer.Tests.Postgres;

/// <summary>Projector and web processes over one PostgreSQL; they are killed, and it is.</summary>
[Trait("Category", "Interop")]
public sealed class PostgresProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenledger-explorer-").FullName;
    private readonly PrivateKey[] _keys =
        [.. Enumerable.Range(1, 4).Select(i => PrivateKey.Import(ProvenChain.Filled((byte)i).ToArray()))];

    private readonly PostgresCluster _cluster = PostgresCluster.Create();
    private readonly string _database;

    public PostgresProcessTests() => _database = _cluster.CreateDatabase();

    public void Dispose()
    {
        _cluster.Dispose();
        Array.ForEach(_keys, static key => key.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Kill_TheProjectorAnywhere_NothingIsLostOrDoubled()
    {
        const int Kills = 6;
        const int Seed = 71;
        var random = new Random(Seed);
        FinalChain chain = Chain(blocks: 1_200);
        await using ServedChain node = await ServedChain.StartAsync(chain);
        long reached = -1;
        for (int kill = 0; kill < Kills; kill++)
        {
            (string configuration, int port) = Configure(node, chain, "projector");
            using ExplorerProcess projector = ExplorerProcess.Start(port, "--config", configuration);
            long until = Math.Min(reached + random.Next(1, 150), chain.Blocks.Count - 2);
            reached = (long)await Deadline.GetAsync<object>(
                $"it goes beyond {until} after {kill} kills with seed {Seed}", ExplorerProcess.Within,
                () => Task.FromResult(Height() is { } height && height > until ? (object)height : null),
                () => projector.Process.HasExited ? $"It ended with {projector.Process.ExitCode}." : "");
            projector.Kill();
            await RequireWholeAsync(chain, Height()!.Value);
        }

        (string last, int lastPort) = Configure(node, chain, "projector");
        using ExplorerProcess whole = ExplorerProcess.Start(lastPort, "--config", last);
        await ReadyAsync(whole, chain);
        await whole.StopAsync();
        await using PostgresIndexStore store = await PostgresIndexStore.OpenAsync(
            _cluster.SettingsOf(_database), chain.GenesisHash, PostgresUse.Read, default);
        await using IIndexView view = (await store.ViewAsync(default))!;
        await LedgerComparison.RequireSameAsync(view, chain.Ledger);
        await RequireWholeAsync(chain, chain.Blocks.Count - 1);
    }

    [Fact]
    public async Task Web_BesideAProjector_ServesWhatItWritesAndSurvivesARestart()
    {
        FinalChain chain = Chain(blocks: 20);
        await using ServedChain node = await ServedChain.StartAsync(chain);
        (string first, int firstPort) = Configure(node, chain, "projector");
        (string second, int secondPort) = Configure(node, chain, "web");
        (string third, int thirdPort) = Configure(node, chain, "web");
        using ExplorerProcess projector = ExplorerProcess.Start(firstPort, "--config", first);
        await ReadyAsync(projector, chain);
        using ExplorerProcess web = ExplorerProcess.Start(secondPort, "--config", second);
        using ExplorerProcess other = ExplorerProcess.Start(thirdPort, "--config", third);
        await ReadyAsync(web, chain);
        await ReadyAsync(other, chain);
        using (HttpResponseMessage page = await projector.GetAsync("/en"))
        {
            Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        }

        _cluster.Stop();
        foreach (ExplorerProcess process in new[] { web, other })
        {
            JsonElement lost = await process.StatusAsync(
                "it says what is away", static now => !now.GetProperty("ready").GetBoolean());
            Assert.Equal(
                "INDEX_UNAVAILABLE", lost.GetProperty("lastFailure").GetProperty("code").GetString());
            using HttpResponseMessage ready = await process.GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains(
                "index cannot be reached", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            await RequireNoIndexAsync(process, "/en/blocks", "cannot read its records now");
            await RequireNoIndexAsync(process, "/ur/blocks?format=json", "\"INDEX_UNAVAILABLE\"");
            await RequireNoIndexAsync(process, "/en/blocks?format=csv", "cannot read its records now");
        }

        _cluster.Start();
        await ReadyAsync(web, chain);
        await ReadyAsync(other, chain);
        await ReadyAsync(projector, chain);
        await web.StopAsync();
        await other.StopAsync();
        await projector.StopAsync();
    }

    [Fact]
    public async Task Run_DatabaseAwayAtTheStart_SaysSoAndGoesOnOnceItIsThere()
    {
        FinalChain chain = Chain(blocks: 20);
        await using ServedChain node = await ServedChain.StartAsync(chain);
        (string configuration, int port) = Configure(node, chain, "both");
        _cluster.Stop();
        using (ExplorerProcess stopped = ExplorerProcess.Start(port, "--config", configuration))
        {
            await AwayAsync(stopped);
            await stopped.StopAsync();
        }

        using ExplorerProcess process = ExplorerProcess.Start(port, "--config", configuration);
        await AwayAsync(process);
        _cluster.Start();
        await ReadyAsync(process, chain);
        await process.StopAsync();
    }

    private static async Task AwayAsync(ExplorerProcess process)
    {
        JsonElement away = await process.StatusAsync(
            "it says what is away",
            static now => now.GetProperty("lastFailure").ValueKind != JsonValueKind.Null);
        Assert.Equal(
            "INDEX_UNAVAILABLE", away.GetProperty("lastFailure").GetProperty("code").GetString());
        Assert.False(away.GetProperty("ready").GetBoolean());
        using HttpResponseMessage ready = await process.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        await RequireNoIndexAsync(process, "/en/blocks", "cannot read its records now");
        using HttpResponseMessage live = await process.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task Rebuild_BesideARunningExplorer_IsGoneOverTo()
    {
        FinalChain chain = Chain(blocks: 20);
        await using ServedChain node = await ServedChain.StartAsync(chain);
        (string configuration, int port) = Configure(node, chain, "both");
        using ExplorerProcess running = ExplorerProcess.Start(port, "--config", configuration);
        await ReadyAsync(running, chain);
        using ExplorerProcess rebuild = ExplorerProcess.Start(port, "rebuild", "--config", configuration);
        (int exitCode, string output, string error) = await rebuild.EndAsync();
        Assert.True(exitCode == 0, $"{exitCode}: {output} {error}");
        Assert.Contains($"Height {chain.Blocks.Count - 1} of ", output, StringComparison.Ordinal);
        Assert.Contains("Generation 2 of the index is read now", output, StringComparison.Ordinal);
        await ReadyAsync(running, chain);
        await running.StopAsync();
    }

    private static async Task RequireNoIndexAsync(ExplorerProcess process, string path, string says)
    {
        using HttpResponseMessage answer = await process.GetAsync(path);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Null(answer.Content.Headers.ContentDisposition);
        Assert.Contains(says, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task ReadyAsync(ExplorerProcess process, FinalChain chain) =>
        await process.StatusAsync($"it reaches {chain.Blocks.Count - 1}", now =>
            now.GetProperty("ready").GetBoolean()
                && now.GetProperty("height").GetUInt64() == (ulong)chain.Blocks.Count - 1
                && now.GetProperty("lagBlocks").GetUInt64() == 0);

    /// <summary>All up to a height is there, once, and fits together.</summary>
    private async Task RequireWholeAsync(FinalChain chain, long height)
    {
        await using PostgresIndexStore store = await PostgresIndexStore.OpenAsync(
            _cluster.SettingsOf(_database), chain.GenesisHash, PostgresUse.Read, default);
        await using IIndexView view = (await store.ViewAsync(default))!;
        Assert.True((long)view.Cursor.Height.Value >= height);
        Assert.Empty(await ProofOfProjection.ProblemsAsync(view, default));
        int blocks = (int)view.Cursor.Height.Value + 1;
        Assert.Equal((long)blocks, _cluster.Execute(_database, "SELECT count(*) FROM explorer.blocks"));
        Assert.Equal(
            (long)chain.Blocks.Take(blocks).Sum(static block => block.Transactions.Count),
            _cluster.Execute(_database, "SELECT count(*) FROM explorer.transactions"));
        Assert.Equal(
            (long)chain.Blocks.Take(blocks).Sum(static block => block.Events.Count),
            _cluster.Execute(_database, "SELECT count(*) FROM explorer.events"));
        Assert.Equal(
            (long)view.Cursor.Counts.Postings,
            _cluster.Execute(_database, "SELECT count(*) FROM explorer.postings"));
    }

    private long? Height()
    {
        try
        {
            return _cluster.Execute(_database, "SELECT height FROM explorer.projector") as long?;
        }
        catch (Npgsql.PostgresException)
        {
            // There is no generation yet.
            return null;
        }
    }

    private FinalChain Chain(int blocks)
    {
        var chain = new FinalChain(static height => height.Value % 10 == 0, _keys);
        chain.Ledger.Issue(TestNetwork.Alice, 100_000);
        Address[] to = [TestNetwork.Bob, TestNetwork.MinistryAccount, TestNetwork.ExchangeAccount];
        while (chain.Blocks.Count < blocks || chain.Blocks[^1].Certificate.IsEmpty)
        {
            chain.Ledger.Run(TestNetwork.Alice, new Transfer(
                TestNetwork.Bond, to[chain.Blocks.Count % to.Length], new Amount(1)));
        }

        return chain;
    }

    private (string Path, int Port) Configure(ServedChain node, FinalChain chain, string role)
    {
        int port = ExplorerProcess.FreePort();
        string path = Path.Combine(_folder, $"explorer-{port}.json");
        File.WriteAllText(path, $$"""
            {
              "endpoint": "{{node.Endpoint}}",
              "genesisHash": "{{chain.GenesisHash}}",
              "listen": "127.0.0.1:{{port}}",
              "role": "{{role}}",
              "store": "postgresql",
              "connection": "{{_cluster.SettingsOf(_database).Connection}}"
            }
            """);
        return (path, port);
    }
}
