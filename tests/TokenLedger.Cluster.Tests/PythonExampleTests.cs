// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Testing;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// The example for Python, with the stock libraries of Debian, is what an exchange would run: it is killed at
/// random moments, and its book agrees with the ledger at the end of the day.
/// </summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class PythonExampleTests(ProcessCluster cluster)
{
    private const int Deposits = 60;

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Deposits_KilledAgainAndAgain_AreCreditedOnceAndTheBookCloses()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey payer = (await Load.FundedAsync(cluster, 1))[0];
        using var exchange = PrivateKey.Generate();
        using PrivateKey registrar = cluster.Client.Key("ministry-registrar");
        await cluster.Client.DoAsync(
            registrar, new RegisterAccount(exchange.Address, AccountKind.Citizen, Address.Zero));
        string stubs = Path.Combine(cluster.Folder, "python");
        Directory.CreateDirectory(stubs);
        await RunAsync("protoc", stubs,
        [
            "-I", Repository.PathOf("proto"), $"--python_out={stubs}",
            .. new[] { "bridge", "transaction", "event", "query_service" }
                .Select(name => $"tokenledger/ledger/v1/{name}.proto"),
        ]);
        string book = Path.Combine(stubs, "book.sqlite");
        Task paying = PayAsync(payer, exchange.Address);
        var credited = new List<string>();
        for (int wanted = 2; credited.Count < Deposits; wanted += 9)
        {
            using Process watch = Start("/usr/bin/python3", stubs,
            [
                Repository.PathOf("src", "examples", "python", "deposits.py"), cluster.Api(0).Authority,
                exchange.Address.ToString(), book, "--until", $"{Deposits}",
            ]);
            using var patience = new CancellationTokenSource(Within);
            for (int i = 0; i < wanted; i++)
            {
                if (await watch.StandardOutput.ReadLineAsync(patience.Token) is not { } line)
                {
                    break;
                }

                credited.Add((string)JsonNode.Parse(line)!["transferred"]!["tag"]!);
            }

            // A credit that was made just before the kill is in the book and may not have been printed.
            watch.Kill();
            await watch.WaitForExitAsync(patience.Token);
            if (watch.ExitCode == 0)
            {
                break;
            }
        }

        await paying;
        Assert.Equal(credited.Distinct(), credited);
        string closed = await RunAsync("/usr/bin/python3", stubs,
        [
            Repository.PathOf("src", "examples", "python", "deposits.py"), "--close", book,
            cluster.Api(0).Authority, exchange.Address.ToString(),
        ]);
        Assert.Contains($"ledger {Deposits} book {Deposits} ok", closed, StringComparison.Ordinal);
        payer.Dispose();
    }

    private async Task PayAsync(PrivateKey payer, Address to)
    {
        for (int i = 0; i < Deposits; i += 4)
        {
            int first = i;
            await cluster.Client.DoAsync(payer, [.. Enumerable.Range(1, 4).Select(n =>
                (Operation)new Transfer(Load.Asset, to, new Amount(1), Tag: (ulong)(first + n)))]);
        }
    }

    private static Process Start(string program, string stubs, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONPATH"] = stubs;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return Process.Start(start)!;
    }

    private static async Task<string> RunAsync(string program, string stubs, string[] arguments)
    {
        using Process process = Start(program, stubs, arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Within);
        await process.WaitForExitAsync(patience.Token);
        string install = "Install it: apt-get install -y protobuf-compiler python3-grpcio python3-protobuf";
        Assert.True(process.ExitCode == 0, $"{program}: {output} {await error}. {install}");
        return output;
    }
}
