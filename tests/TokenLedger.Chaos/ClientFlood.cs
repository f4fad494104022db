// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
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
    private const string KeyVariable = "TOKENLEDGER_FLOOD_KEY";

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

    /// <summary>The flooder, in a process of its own: calls until it is killed, and prints how many calls
    /// were refused.</summary>
    public static async Task FloodAsync(Uri endpoint, TextWriter output)
    {
        var withKey = new RpcChannelOptions
        {
            Headers = new Metadata
            {
                { ApiKey.MetadataKey, ApiKey.Header(Environment.GetEnvironmentVariable(KeyVariable)!) },
            },
        };
        long refused = 0;
        for (int connection = 0; connection < Connections; connection++)
        {
            var client = LedgerClient.Connect(endpoint, withKey);
            for (int stream = 0; stream < Limits.StreamsPerConnection; stream++)
            {
                _ = CallAsync(client, () => Interlocked.Increment(ref refused));
            }
        }

        using var pace = new PeriodicTimer(Settling);
        while (await pace.WaitForNextTickAsync())
        {
            await output.WriteLineAsync(Interlocked.Read(ref refused).ToString(CultureInfo.InvariantCulture));
            await output.FlushAsync();
        }
    }

    /// <summary>Calls again as soon as there is an answer, whatever it is.</summary>
    private static async Task CallAsync(LedgerClient client, Action refused)
    {
        while (true)
        {
            try
            {
                await client.Queries.GetNodeStatusAsync(new GetNodeStatusRequest());
            }
            catch (RpcException e)
            {
                if (e.StatusCode == StatusCode.ResourceExhausted)
                {
                    refused();
                }
            }
        }
    }

    private async Task<(double Quiet, double Flooded, double Refused)> TurnsAsync()
    {
        AddPrincipal();
        await _cluster.EnsureWholeAsync();
        using Process flooder = StartFlooder();
        flooder.OutputDataReceived += (_, line) => _refused = line.Data is { } count
            ? long.Parse(count, CultureInfo.InvariantCulture)
            : _refused;
        flooder.BeginOutputReadLine();
        var quiet = new List<double>();
        var flooded = new List<double>();
        try
        {
            await AskAsync(2 * Turn, []);
            long before = _refused;
            for (int turn = 0; turn < Turns; turn++)
            {
                Signal("STOP", flooder);
                await Task.Delay(Settling);
                await AskAsync(Turn, quiet);
                Signal("CONT", flooder);
                await Task.Delay(Settling);
                await AskAsync(Turn, flooded);
            }

            return (Percentile.Of(quiet, 0.99), Percentile.Of(flooded, 0.99),
                (_refused - before) / (Turns * (Turn + Settling).TotalSeconds));
        }
        finally
        {
            flooder.Kill();
        }
    }

    private Process StartFlooder()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                typeof(ClientFlood).Assembly.Location, "--flood", _cluster.Client.Endpoints[Node].ToString(),
            },
            RedirectStandardOutput = true,
        };
        start.Environment[KeyVariable] = _key;
        return Process.Start(start)!;
    }

    private static void Signal(string name, Process process)
    {
        using Process kill = Process.Start(
            "kill", [$"-{name}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
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
