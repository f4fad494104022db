// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json.Nodes;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Rpc;

namespace TokenLedger.Chaos;

/// <summary>
/// What a client that calls far more than it may costs another at the same node: the other's latency while
/// the flood is on, and while it is off, in turns, so that what else the machine does falls on both.
/// </summary>
internal sealed class ClientFlood : IAsyncDisposable
{
    private const int Turns = 8;
    private const int Node = 0;
    private const int Connections = 10;
    private const string FloodersName = "flooder";

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private readonly ChaosCluster _cluster = new(links: false);
    private readonly string _key = ApiKey.Generate();
    private long _refused;

    /// <summary>Measures on a fresh network of four.</summary>
    /// <returns>The other client's 99th percentile in ms without the flood and with it, and refusals a
    /// second.</returns>
    public static async Task<(double Quiet, double Flooded, double Refused)> MeasureAsync()
    {
        await using var flood = new ClientFlood();
        return await flood.TurnsAsync();
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private async Task<(double Quiet, double Flooded, double Refused)> TurnsAsync()
    {
        AddPrincipal();
        await _cluster.EnsureWholeAsync();
        var withKey = new RpcChannelOptions
        {
            Headers = new Metadata { { ApiKey.MetadataKey, ApiKey.Header(_key) } },
        };
        LedgerClient[] flooders = [.. Enumerable.Range(0, Connections).Select(_ =>
            LedgerClient.Connect(_cluster.Client.Endpoints[Node], withKey))];
        var quiet = new List<double>();
        var flooded = new List<double>();
        await AskAsync(Turn, []);
        for (int turn = 0; turn < Turns; turn++)
        {
            await AskAsync(Turn, quiet);
            using var end = new CancellationTokenSource();
            Task[] floods = [.. flooders.SelectMany(client =>
                Enumerable.Range(0, Limits.StreamsPerConnection).Select(_ => FloodAsync(client, end.Token)))];
            await Task.Delay(Settling, end.Token);
            await AskAsync(Turn, flooded);
            await end.CancelAsync();
            await Task.WhenAll(floods);
        }

        Array.ForEach(flooders, static client => client.Dispose());
        return (Percentile.Of(quiet, 0.99), Percentile.Of(flooded, 0.99),
            _refused / (Turns * (Turn + Settling).TotalSeconds));
    }

    /// <summary>Reads at a steady pace, whether the last answer has come or not.</summary>
    private async Task AskAsync(TimeSpan time, List<double> latencies)
    {
        var asked = new List<Task<double>>();
        using var pace = new PeriodicTimer(Pace);
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < time && await pace.WaitForNextTickAsync())
        {
            asked.Add(OneAsync());
        }

        latencies.AddRange(await Task.WhenAll(asked));
    }

    private async Task<double> OneAsync()
    {
        long started = Stopwatch.GetTimestamp();
        await _cluster.Node(Node).Queries.GetNodeStatusAsync(new GetNodeStatusRequest());
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <summary>Calls again as soon as there is an answer, whatever it is.</summary>
    private async Task FloodAsync(LedgerClient client, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await client.Queries.GetNodeStatusAsync(new GetNodeStatusRequest(), cancellationToken: end);
            }
            catch (RpcException e)
            {
                _ = Interlocked.Add(ref _refused, e.StatusCode == StatusCode.ResourceExhausted ? 1 : 0);
            }
        }
    }

    /// <summary>The flooder has the usual quota; who shows no key, the development network's.</summary>
    private void AddPrincipal()
    {
        string folder = _cluster.NodeFolder(Node);
        string principals = Path.Combine(folder, "principals.json");
        string[] scopes = ["read", "stream", "submit"];
        File.WriteAllText(principals, new JsonObject
        {
            ["anonymous"] = new JsonObject { ["scopes"] = List(scopes) },
            ["principals"] = new JsonArray(new JsonObject
            {
                ["name"] = FloodersName,
                ["scopes"] = List(scopes),
                ["callsPerSecond"] = Limits.ApiCallsPerSecond,
                ["keys"] = new JsonArray(new JsonObject { ["hash"] = ApiKey.HashOf(_key).ToString() }),
            }),
        }.ToJsonString());
        string path = Path.Combine(folder, "node.json");
        JsonNode root = JsonNode.Parse(File.ReadAllText(path))!;
        root["api"]!["principals"] = principals;
        File.WriteAllText(path, root.ToJsonString());

        static JsonArray List(string[] items) => [.. items.Select(static item => JsonValue.Create(item))];
    }
}
