// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Tests.Postgres;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing;
using Xunit.Abstractions;

namespace TokenLedger.Explorer.Tests.Pace;

/// <summary>
/// The program rebuilds its index from a node that serves a long chain with real signatures: pace and memory.
/// TOKENLEDGER_REBUILD_TRANSACTIONS says how long, 50,000 when it is not set; a tenth are registrations. The
/// budget is of one processor: others may have the rest of the machine meanwhile. With
/// TOKENLEDGER_FULL_PACE=1 it is a million transactions, within ten minutes by the clock.
/// </summary>
[Trait("Category", "Measured")]
public sealed class RebuildPaceTests(ITestOutputHelper output) : IDisposable
{
    private const int Budget = 3_000;
    private const int MostMegabytes = 400;
    private const int FullSeconds = 600;

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenledger-explorer-").FullName;
    private readonly PrivateKey[] _keys =
        [.. Enumerable.Range(1, 4).Select(i => PrivateKey.Import(ProvenChain.Filled((byte)i).ToArray()))];

    public void Dispose()
    {
        Array.ForEach(_keys, static key => key.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public Task Rebuild_Embedded_IsWithinTheBudget() =>
        RebuildAsync("embedded", "\"dataFolder\": \"data\"", static () => TimeSpan.Zero);

    [Fact]
    [Trait("Category", "Interop")]
    public async Task Rebuild_Postgresql_IsWithinTheBudget()
    {
        using PostgresCluster cluster = PostgresCluster.Create(synced: true);
        string connection = cluster.SettingsOf(cluster.CreateDatabase()).Connection;
        TimeSpan before = cluster.ProcessorTime;
        await RebuildAsync(
            "postgresql", $"\"store\": \"postgresql\", \"connection\": \"{connection}\"",
            () => cluster.ProcessorTime - before);
    }

    private async Task RebuildAsync(string store, string members, Func<TimeSpan> ofServer)
    {
        int count = int.Parse(
            Environment.GetEnvironmentVariable("TOKENLEDGER_REBUILD_TRANSACTIONS")
                ?? (FullPace.Wanted ? "1000000" : "50000"),
            CultureInfo.InvariantCulture);
        var chain = new LongChain(count, accounts: count / 10, _keys);
        FinalBlock[] blocks = [.. chain.Blocks()];
        await using ServedChain node = await ServedChain.StartAsync(
            chain.GenesisBytes, () => chain.End, from => blocks.Skip((int)from));
        string configuration = Path.Combine(_folder, "explorer.json");
        await File.WriteAllTextAsync(configuration, $$"""
            {
              "endpoint": "{{node.Endpoint}}",
              "genesisHash": "{{chain.GenesisHash}}",
              "listen": "127.0.0.1:{{ExplorerProcess.FreePort()}}",
              {{members}}
            }
            """);
        var watch = Stopwatch.StartNew();
        using ExplorerProcess rebuild = ExplorerProcess.Start(1, "rebuild", "--config", configuration);
        Task<string> error = rebuild.Process.StandardError.ReadToEndAsync();
        long peak = 0;
        TimeSpan processor = default;
        string last = "";
        while (await rebuild.Process.StandardOutput.ReadLineAsync() is { } line)
        {
            last = line;
            rebuild.Process.Refresh();
            if (!rebuild.Process.HasExited)
            {
                peak = Math.Max(peak, rebuild.Process.PeakWorkingSet64);
                processor = rebuild.Process.TotalProcessorTime;
            }
        }

        await rebuild.Process.WaitForExitAsync();
        Assert.True(rebuild.Process.ExitCode == 0, last + await error);
        double seconds = watch.Elapsed.TotalSeconds;
        TimeSpan server = ofServer();
        double pace = chain.Transactions / (processor + server).TotalSeconds;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{store}: {chain.Transactions} transactions in {seconds:F0} s,"
                + $" {chain.Transactions / seconds:F0} a second; {processor.TotalSeconds:F1} s of"
                + $" processor and {server.TotalSeconds:F1} s of PostgreSQL's,"
                + $" {pace:F0} a second of one core; {peak / (1 << 20)} MB at most"));
        Assert.True(pace >= Budget, $"{pace:F0} transactions a second of one core, under {Budget}");
        Assert.True(
            !FullPace.Wanted || seconds <= FullSeconds, $"{seconds:F0} s, over {FullSeconds}");
        Assert.True(
            !FullPace.Wanted || chain.Transactions / seconds >= Budget,
            $"{chain.Transactions / seconds:F0} transactions a second by the clock, under {Budget}");
        Assert.True(peak <= MostMegabytes << 20, $"{peak / (1 << 20)} MB, over {MostMegabytes}");
    }
}
