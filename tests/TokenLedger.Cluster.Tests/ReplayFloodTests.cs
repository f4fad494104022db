// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using TokenLedger.Chaos;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Rpc;
using TokenLedger.Testing.Devnet;
using Xunit.Abstractions;
using Operation = TokenLedger.Core.Ledger.Operation;
using Transfer = TokenLedger.Core.Ledger.Transfer;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// One client without a key, under the quota that everybody has, subscribes again and again from genesis on
/// to what never happens. Another one that asks for a balance now and then is answered as before.
/// </summary>
[Collection(AttackGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class ReplayFloodTests(ITestOutputHelper output) : IDisposable
{
    private const int Batches = 1_000;
    private const int Streams = 200;
    private const int StreamsPerSecond = 40;

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan During = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(25);
    private static readonly string Key = ApiKey.Generate();

    private readonly TestFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Subscribe_FloodOfReplaysThatGiveNothing_KeepsNoOtherClientWaiting()
    {
        using var node = new SingleNode(_temporary, "network");
        await node.StartAsync();
        await PayAsync(node);
        await node.StopAsync();
        await File.WriteAllTextAsync(
            Path.Combine(node.NodeFolder, "principals.json"),
            "{\"anonymous\":{\"scopes\":[\"read\",\"stream\"]},\"principals\":[{\"name\":\"other\","
                + $"\"scopes\":[\"read\"],\"keys\":[{{\"hash\":\"{ApiKey.HashOf(Key)}\"}}]}}]}}");
        node.Configure(static root =>
        {
            root["api"]!.AsObject().Remove("quota");
            root["api"]!["principals"] = "principals.json";
        });
        await node.StartAsync();
        using LedgerClient other = Connect(node, new Metadata { { ApiKey.MetadataKey, ApiKey.Header(Key) } });
        using LedgerClient attacker = Connect(node, null);
        await AskAsync(other, TimeSpan.FromSeconds(1));
        double began = await CpuSecondsAsync(node);
        List<TimeSpan?> peace = await AskAsync(other, During);
        double between = await CpuSecondsAsync(node);
        Task<List<TimeSpan?>> asked = AskAsync(other, During);
        int open = await FloodAsync(attacker);
        List<TimeSpan?> flood = await asked;
        double ended = await CpuSecondsAsync(node);
        output.WriteLine(
            $"{open} streams; p99 of another client {P99(peace)} ms in peace, {P99(flood)} ms under the "
            + $"flood, {flood.Count(static one => one is null)} of {flood.Count} without an answer; "
            + $"processor {between - began:F1} s in peace, {ended - between:F1} s under the flood");
        Assert.DoesNotContain(null, peace);
        Assert.DoesNotContain(null, flood);
        Assert.True(open > 0);
        await node.StopAsync();
    }

    /// <summary>The history that is replayed: a hundred thousand payments.</summary>
    private static async Task PayAsync(SingleNode node)
    {
        using var network = new DevnetClient(node.Folder);
        PrivateKey[] keys = await Setup.FundAsync(
            network, [PrivateKey.Generate(), PrivateKey.Generate()], Load.Asset);
        Operation[] payments =
            [.. Enumerable.Repeat(new Transfer(Load.Asset, keys[1].Address, new Amount(1)), 100)];
        SubmitTransactionResponse last = new();
        for (ulong nonce = 0; nonce < Batches; nonce++)
        {
            last = await network.Nodes[0].Transactions.SubmitTransactionAsync(
                network.Sign(keys[0], nonce, [.. payments]));
            if (nonce % 50 == 49)
            {
                await network.Nodes[0].Transactions.WaitFinalAsync(
                    new WaitFinalRequest { TransactionId = last.TransactionId });
            }
        }

        Array.ForEach(keys, static key => key.Dispose());
    }

    /// <summary>Opens many streams at a rate that the quota of calls allows, and cancels them all at the end.
    /// </summary>
    /// <returns>How many were not refused.</returns>
    private static async Task<int> FloodAsync(LedgerClient attacker)
    {
        using var end = new CancellationTokenSource();
        var all = new List<Task<bool>>();
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / StreamsPerSecond));
        while (all.Count < Streams && await pace.WaitForNextTickAsync())
        {
            all.Add(SubscribeAsync(attacker, end.Token));
        }

        await end.CancelAsync();
        return (await Task.WhenAll(all)).Count(static taken => taken);
    }

    private static async Task<bool> SubscribeAsync(LedgerClient attacker, CancellationToken end)
    {
        using AsyncServerStreamingCall<SubscribeResponse> call = attacker.Events.Subscribe(
            new SubscribeRequest { Accounts = { ProcessCluster.Bytes(new Address(new byte[Address.Size])) } },
            cancellationToken: end);
        try
        {
            while (await call.ResponseStream.MoveNext(end))
            {
            }

            return true;
        }
        catch (RpcException e)
        {
            return e.StatusCode is StatusCode.Cancelled;
        }
    }

    /// <summary>Asks for a balance again and again.</summary>
    /// <returns>How long each answer took; null for none.</returns>
    private static async Task<List<TimeSpan?>> AskAsync(LedgerClient other, TimeSpan during)
    {
        var all = new List<TimeSpan?>();
        var request = new GetBalanceRequest
        {
            Account = ProcessCluster.Bytes(new Address(new byte[Address.Size])),
            Asset = Load.Asset.ToString(),
        };
        long began = Stopwatch.GetTimestamp();
        using var pace = new PeriodicTimer(Every);
        while (Stopwatch.GetElapsedTime(began) < during && await pace.WaitForNextTickAsync())
        {
            long asked = Stopwatch.GetTimestamp();
            try
            {
                await other.Queries.GetBalanceAsync(request, deadline: Deadline.In(Within));
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.NotFound)
            {
                // Nobody's account: that is an answer as well.
            }
            catch (RpcException)
            {
                all.Add(null);
                continue;
            }

            all.Add(Stopwatch.GetElapsedTime(asked));
        }

        return all;
    }

    private static async Task<double> CpuSecondsAsync(SingleNode node)
    {
        const string Metric = "process_cpu_seconds_total ";
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{node.Port(3)}") };
        string page = await http.GetStringAsync("/metrics");
        string line = page.Split('\n').Single(static l => l.StartsWith(Metric, StringComparison.Ordinal));
        return double.Parse(line[Metric.Length..], CultureInfo.InvariantCulture);
    }

    private static double P99(List<TimeSpan?> all) => Math.Round(
        all.Select(static one => (one ?? Within).TotalMilliseconds).Order().ElementAt(all.Count * 99 / 100),
        1);

    private static LedgerClient Connect(SingleNode node, Metadata? headers) => LedgerClient.Connect(
        new Uri($"http://127.0.0.1:{node.Port(2)}"), new RpcChannelOptions { Headers = headers });
}
