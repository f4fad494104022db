// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Embedded;
using TokenLedger.Explorer.Web;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing;
using Xunit.Abstractions;

namespace TokenLedger.Explorer.Tests.Pace;

/// <summary>
/// The program answers every kind of page over an index of many accounts, as many transactions and twice as
/// many events: time of each answer, seen by who asks, and memory. Others use the machine too: an answer
/// without any work, asked for by turns with the pages, tells how long they take, and that is added to the
/// budget. Then a crowd comes: many readers, files, and as many connections as there may be; memory is looked
/// at once more. TOKENLEDGER_PAGES_ACCOUNTS says how many accounts, 20,000 when it is not set.
/// TOKENLEDGER_PAGES_FOLDER keeps the index for the next time. With TOKENLEDGER_FULL_PACE=1 there are a
/// million accounts, nothing is added to the budget, and the first round counts.
/// </summary>
[Collection(AloneGroup.Name)]
[Trait("Category", "Measured")]
public sealed class PagePaceTests(ITestOutputHelper output) : IDisposable
{
    private const double BudgetMs = 50;
    private const int MostMegabytes = 400;
    private const int Readers = 2;
    private const int Warmups = 30;
    private const int Requests = 200;
    private const int Rounds = 5;
    private const int Crowd = 40;
    private const int CrowdRequests = 4_000;

    private static readonly string? Kept = Environment.GetEnvironmentVariable("TOKENLEDGER_PAGES_FOLDER");

    private readonly string _folder =
        Kept ?? Directory.CreateTempSubdirectory("tokenledger-explorer-").FullName;

    public void Dispose()
    {
        if (Kept is null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Pages_OfManyAccounts_AreWithinTheBudget()
    {
        int accounts = int.Parse(
            Environment.GetEnvironmentVariable("TOKENLEDGER_PAGES_ACCOUNTS")
                ?? (FullPace.Wanted ? "1000000" : "20000"),
            CultureInfo.InvariantCulture);
        var chain = new LongChain(accounts, accounts, together: true);
        Hash256[] transactions = await FillAsync(chain);
        await using ServedChain node = await ServedChain.StartAsync(
            chain.GenesisBytes, () => chain.End, static _ => []);
        int port = ExplorerProcess.FreePort();
        string configuration = Path.Combine(_folder, "explorer.json");
        await File.WriteAllTextAsync(configuration, $$"""
            {
              "endpoint": "{{node.Endpoint}}",
              "genesisHash": "{{chain.GenesisHash}}",
              "listen": "127.0.0.1:{{port}}",
              "dataFolder": "data"
            }
            """);
        using ExplorerProcess explorer = ExplorerProcess.Start(port, "--config", configuration);
        explorer.Process.OutputDataReceived += static (_, _) => { };
        explorer.Process.BeginOutputReadLine();
        await explorer.StatusAsync("the explorer serves", static _ => true);
        (string Kind, Func<int, string> Path)[] kinds = [.. Kinds(chain, accounts, transactions)];

        // Each page's code is compiled as it is asked for; a site that serves has that behind it.
        for (int i = 0; i < Warmups * kinds.Length; i++)
        {
            await AskAsync(explorer, kinds[i % kinds.Length].Path(i));
        }

        var slow = new List<string>();
        output.WriteLine($"{chain.Transactions} transactions, {accounts} accounts");
        output.WriteLine("| Page | p50 ms | p99 ms | p99 without work |");
        foreach ((string kind, Func<int, string> path) in kinds)
        {
            Times times = await MeasureAsync(explorer, path);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {kind} | {times.Median:F1} | {times.Late:F1} | {times.LateWithoutWork:F1} |"));
            if (times.Counted > BudgetMs)
            {
                slow.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{kind} {times.Late:F1} ms, {times.LateWithoutWork:F1} ms of it without work"));
            }
        }

        explorer.Process.Refresh();
        long peak = explorer.Process.PeakWorkingSet64 >> 20;
        output.WriteLine($"{peak} MB at most");
        await CrowdAsync(explorer, port, kinds);
        explorer.Process.Refresh();
        peak = explorer.Process.PeakWorkingSet64 >> 20;
        output.WriteLine($"{peak} MB at most with a crowd");
        Assert.True(slow.Count == 0, $"over {BudgetMs} ms: {string.Join(", ", slow)}");
        Assert.True(peak <= MostMegabytes, $"{peak} MB, over {MostMegabytes}");
    }

    /// <summary>Every kind of page, with the number of a request in it where there are many of the
    /// kind.</summary>
    private static IEnumerable<(string Kind, Func<int, string> Path)> Kinds(
        LongChain chain, int accounts, Hash256[] transactions)
    {
        string bond = TestNetwork.Bond.ToString();
        string Account(int i) => Eip55.Format(LongChain.AccountOf(i * 7_919 % accounts));
        int Height(int i) => 1 + (i * 7_919 % chain.End);
        foreach (string list in (string[])
        [
            "", "assets", "institutions", "proposals", "reserves", "freezes", "blocks", "transactions",
            "events", "bridge", "about", "about/check",
        ])
        {
            yield return (list.Length == 0 ? "home" : list, i => $"/{(i % 2 == 0 ? "en" : "ur")}/{list}");
        }

        yield return ("asset", _ => $"/en/asset/{bond}");
        yield return ("asset at a height", i => $"/en/asset/{bond}?at={Height(i)}");
        yield return ("holders", _ => $"/en/asset/{bond}/holders");
        yield return ("institution", _ => "/en/institution/" + Eip55.Format(TestNetwork.Ministry));
        yield return ("block", i => $"/en/block/{Height(i)}");
        yield return ("blocks from a height", i => $"/en/blocks?from={Height(i)}");
        yield return ("transaction", i => $"/en/transaction/{transactions[i % transactions.Length]}");
        yield return ("event", i => $"/en/event/{Height(i)}/{i % 500}");
        yield return ("account", i => "/en/account/" + Account(i));
        yield return ("account of all transfers", _ => "/ur/account/" + Eip55.Format(TestNetwork.Alice));
        yield return (
            "account at a height",
            i => $"/en/account/{Eip55.Format(TestNetwork.Alice)}?at={Height(i)}");
        yield return ("account as JSON", i => $"/en/account/{Account(i)}?format=json");
        yield return ("search", i => $"/en/search?q={Account(i)[..5]}");
        yield return ("suggest", i => $"/en/suggest?q={Account(i)[..4]}");
    }

    /// <summary>Fills the index as the follower does, but for asking a node.</summary>
    /// <returns>Ids of some of the transactions.</returns>
    private async Task<Hash256[]> FillAsync(LongChain chain)
    {
        await using EmbeddedGenerations store = EmbeddedGenerations.Open(
            Path.Combine(_folder, "data"), chain.GenesisHash);
        if (await store.CursorAsync(default) is null)
        {
            var projector = new Projector(store);
            FinalBlockVerifier verifier = chain.Verifier();
            var final = new List<VerifiedBlock>();
            foreach (FinalBlock block in chain.Blocks())
            {
                Assert.Null(verifier.Add(block, final));
                foreach (VerifiedBlock one in final)
                {
                    await projector.ApplyAsync(chain.Genesis, one, default);
                }

                final.Clear();
            }
        }

        await using IIndexView view = (await store.ViewAsync(default))!;
        var ids = new List<Hash256>();
        for (int height = 1; height <= chain.End; height += Math.Max(1, chain.End / 100))
        {
            IReadOnlyList<TransactionRow> rows = await view.TransactionsAsync(
                new EventPlace(new Height((ulong)height), 0), 5, default);
            ids.AddRange(rows.Select(static row => row.Receipt.TransactionId));
        }

        return [.. ids];
    }

    /// <summary>The first round within the budget, or the best of them: what is slow by itself is so in
    /// each.</summary>
    private static async Task<Times> MeasureAsync(ExplorerProcess explorer, Func<int, string> path)
    {
        Times? best = null;
        for (int round = 0; round < (FullPace.Wanted ? 1 : Rounds) && !(best?.Counted <= BudgetMs); round++)
        {
            double[] times = new double[Requests];
            double[] idle = new double[Requests];
            int next = -1;
            await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => Task.Run(async () =>
            {
                while (Interlocked.Increment(ref next) is var i && i < Requests)
                {
                    times[i] = await AskAsync(explorer, path(i));
                    idle[i] = await AskAsync(explorer, "/health/live");
                }
            })));
            Array.Sort(times);
            Array.Sort(idle);
            int late = (Requests * 99 / 100) - 1;
            var found = new Times(times[Requests / 2], times[late], idle[late]);
            best = best is null || found.Counted < best.Counted ? found : best;
        }

        return best!;
    }

    /// <summary>Many readers of all pages, files and manifests at a time; then as many connections as there
    /// may be, each after a page. What is refused is refused.</summary>
    private static async Task CrowdAsync(
        ExplorerProcess explorer, int port, (string Kind, Func<int, string> Path)[] kinds)
    {
        int next = -1;
        using var files = new CancellationTokenSource();
        Task[] downloads =
        [
            .. Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
            {
                while (!files.IsCancellationRequested)
                {
                    string list = i < 4 ? "events" : "transactions";
                    string form = i % 2 == 0 ? "csv" : "manifest";
                    await CrowdedAsync(explorer, $"/en/{list}?format={form}&at={500 + i}");
                }
            })),
        ];
        await Task.WhenAll(Enumerable.Range(0, Crowd).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var i && i < CrowdRequests)
            {
                await AskAsync(explorer, kinds[i % kinds.Length].Path(i));
            }
        })));
        await files.CancelAsync();
        var held = new List<Socket>();
        try
        {
            byte[] asked = "GET /en/ HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();
            for (int i = 0; i < SiteLimits.Connections; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                held.Add(socket);
                socket.Bind(new IPEndPoint(
                    new IPAddress([127, 0, 2, (byte)(1 + (i / (SiteLimits.ConnectionsOfOne / 2)))]), 0));
                await socket.ConnectAsync(IPAddress.Loopback, port);
                await socket.SendAsync(asked);
                await socket.ReceiveAsync(new byte[1]);
            }
        }
        finally
        {
            held.ForEach(static socket => socket.Dispose());
        }

        await Task.WhenAll(downloads);
    }

    private static async Task CrowdedAsync(ExplorerProcess explorer, string path)
    {
        using HttpResponseMessage answer = await explorer.GetAsync(path);
        await answer.Content.ReadAsByteArrayAsync();
    }

    private static async Task<double> AskAsync(ExplorerProcess explorer, string path)
    {
        long start = Stopwatch.GetTimestamp();
        using HttpResponseMessage answer = await explorer.GetAsync(path);
        await answer.Content.ReadAsByteArrayAsync();
        double ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Assert.True((int)answer.StatusCode < 400, $"{path}: {answer.StatusCode}");
        return ms;
    }
}

/// <summary>Milliseconds of many answers.</summary>
/// <param name="Median">Half of them take less.</param>
/// <param name="Late">99 of 100 take less.</param>
/// <param name="LateWithoutWork">The same of answers without any work, meanwhile.</param>
internal sealed record Times(double Median, double Late, double LateWithoutWork)
{
    /// <summary>What the page itself takes, 99 times of 100; at full pace what the reader waits.</summary>
    public double Counted => FullPace.Wanted ? Late : Late - LateWithoutWork;
}

/// <summary>Tests that measure times of milliseconds: after the others of this program, which would be in
/// them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneGroup
{
    public const string Name = "Alone";
}
