// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Chaos;
using TokenLedger.Core;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;
using Xunit.Abstractions;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// Clients that try to pass each limit of the network-facing side of a real node. Afterwards the node makes
/// blocks as before, and at no time had it more memory than it may.
/// </summary>
[Collection(AttackGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class LimitAttackTests(ITestOutputHelper output) : IDisposable
{
    private const string Subscribe = "/tokenledger.ledger.v1.EventService/Subscribe";
    private const string Submit = "/tokenledger.ledger.v1.TransactionService/SubmitTransaction";

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(20);

    private readonly TestFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public Task Api_MessagesOverTheLimit_AreRefused() => AttackAsync(async node =>
    {
        using var client = LedgerClient.Connect(Api(node));
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.Transactions.SubmitTransactionAsync(new SubmitTransactionRequest
            {
                Transaction = new SignedTransaction
                {
                    Body = ByteString.CopyFrom(new byte[Limits.ApiRequestBytes]),
                },
            }));
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.Equal("MESSAGE_TOO_LARGE", ErrorModel.Read(refused)?.Reason);

        // 64 MiB in 64 KiB, a hundred times at once.
        byte[] bomb = Gzip(new byte[64 * 1024 * 1024]);
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => PostAsync(node, bomb)));
        Assert.All(answers, status => Assert.Equal("8", status));
    });

    [Fact]
    public Task Api_FloodOfStreams_IsBounded() => AttackAsync(async node =>
    {
        // Subscribers from genesis on who never read, on more streams than a connection has.
        const int Connections = 40;
        const int Streams = 3 * Limits.StreamsPerConnection;
        byte[] request = new SubscribeRequest().ToByteArray();
        List<RawHttp2> attackers = await ConnectAsync(node, Connections);
        foreach (RawHttp2 attacker in attackers)
        {
            for (int i = 0; i < Streams; i++)
            {
                await attacker.CallAsync(1 + (2 * i), Subscribe, request, end: true);
            }
        }

        // Each stream too many is refused, or the connection is given up for asking.
        int refused = 0;
        bool gone = false;
        while (refused < Streams - Limits.StreamsPerConnection && !gone
            && await attackers[0].ReadAsync(Within) is { } frame)
        {
            gone = frame.Type == RawHttp2.GoAway;
            refused += frame.Type == RawHttp2.RstStream ? 1 : 0;
        }

        // What it was told may be lost when the connection ends while it still sends.
        bool all = gone || refused == Streams - Limits.StreamsPerConnection;
        Assert.True(all || await attackers[0].IsClosedAsync(Within), $"{refused} refused");
        await WatchAsync(node, TimeSpan.FromSeconds(3));
        attackers.ForEach(attacker => attacker.Dispose());
    });

    [Fact]
    public Task Api_ConnectionsThatFillTheirWindows_AreBounded() => AttackAsync(async node =>
    {
        // Each sends all that its window lets it, as messages that never end.
        byte[] chunk = new byte[16 * 1024];
        byte[] begin = [0, 0, 4, 0, 0];
        List<RawHttp2> attackers = await ConnectAsync(node, Limits.ApiConnections - 10);
        await Parallel.ForEachAsync(attackers, async (attacker, _) =>
        {
            for (int stream = 1; stream <= 3; stream += 2)
            {
                await attacker.SendAsync(
                    RawHttp2.HeadersFrame, RawHttp2.EndHeaders, stream, RawHttp2.Headers(Submit));
                await attacker.SendAsync(RawHttp2.Data, 0, stream, begin);
                for (int i = 0; i < 15; i++)
                {
                    await attacker.SendAsync(RawHttp2.Data, 0, stream, chunk);
                }
            }
        });
        await WatchAsync(node, TimeSpan.FromSeconds(4));

        // What is over the budget is closed at once, and the operations' port has a budget of its own.
        List<RawHttp2> more = await ConnectAsync(node, 20);
        Assert.InRange(await OpenAsync(more), 0, 10);
        more.ForEach(attacker => attacker.Dispose());
        attackers.ForEach(attacker => attacker.Dispose());
    });

    [Fact]
    public Task Api_HeaderBomb_IsRefused() => AttackAsync(async node =>
    {
        (string, string)[][] bombs =
        [
            [("x-long", new string('a', Limits.HeaderBytes))],
            [.. Enumerable.Range(0, Limits.Headers).Select(i => ($"x-{i}", "v"))],
        ];
        foreach ((string, string)[] bomb in bombs)
        {
            using RawHttp2 attacker = await RawHttp2.ConnectAsync(node.Port(2));
            byte[] block = RawHttp2.Headers(Submit, bomb);
            await attacker.SendAsync(RawHttp2.HeadersFrame, 0, 1, block.AsMemory(0, 100));
            await SendRestAsync(attacker, block[100..]);
            Assert.True(await IsRefusedAsync(attacker), $"{bomb.Length} headers of {block.Length} bytes");
        }

        // Headers that never end.
        using RawHttp2 endless = await RawHttp2.ConnectAsync(node.Port(2));
        await endless.SendAsync(RawHttp2.HeadersFrame, 0, 1, RawHttp2.Headers(Submit));
        byte[] more = RawHttp2.Headers(Submit, ("x-long", new string('a', 8 * 1024)))[..8_000];
        try
        {
            for (int i = 0; i < 10_000; i++)
            {
                await endless.SendAsync(RawHttp2.Continuation, 0, 1, more);
            }
        }
        catch (IOException)
        {
            // It was cut off.
        }

        Assert.True(await endless.IsClosedAsync(Within));
    });

    [Fact]
    public Task Api_SlowHeaders_AreCutOff() => AttackAsync(async node =>
    {
        List<RawHttp2> attackers = await ConnectAsync(node, 200);
        foreach (RawHttp2 attacker in attackers)
        {
            await attacker.SendAsync(RawHttp2.HeadersFrame, 0, 1, RawHttp2.Headers(Submit).AsMemory(0, 40));
        }

        TimeSpan patience = TimeSpan.FromMilliseconds(3 * Limits.HeadersWithinMs);
        bool[] closed = await Task.WhenAll(attackers.Select(attacker => attacker.IsClosedAsync(patience)));
        Assert.All(closed, Assert.True);
        attackers.ForEach(attacker => attacker.Dispose());
    });

    [Fact]
    public Task Api_ClientOverItsQuota_IsRefusedWithTheTimeToWait() => AttackAsync(
        async node =>
        {
            const int Calls = 400;
            using var client = LedgerClient.Connect(Api(node));

            // Fewer at once than a connection has streams: a busy server refuses what is more by itself.
            var refused = new ConcurrentQueue<RpcException>();
            var atOnce = new ParallelOptions { MaxDegreeOfParallelism = Limits.StreamsPerConnection / 4 };
            await Parallel.ForEachAsync(Enumerable.Range(0, Calls), atOnce, async (_, token) =>
            {
                try
                {
                    await client.Queries.GetNetworkAsync(new GetNetworkRequest(), cancellationToken: token);
                }
                catch (RpcException e)
                {
                    refused.Enqueue(e);
                }
            });
            Assert.InRange(Calls - refused.Count, 10, Calls - 10);
            Assert.All(refused, e => Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode));
            Assert.All(refused, e => Assert.Equal("QUOTA_EXCEEDED", ErrorModel.Read(e)?.Reason));
            Assert.All(refused, e => Assert.True(ErrorModel.RetryAfter(e) > TimeSpan.Zero));

            List<RawHttp2> connections = await ConnectAsync(node, Limits.ApiConnectionsPerClient + 20);
            Assert.InRange(
                await OpenAsync(connections),
                Limits.ApiConnectionsPerClient - 5,
                Limits.ApiConnectionsPerClient);
            connections.ForEach(connection => connection.Dispose());
        },
        configuration => ((System.Text.Json.Nodes.JsonObject)configuration["api"]!).Remove("quota"));

    /// <summary>As often as it may call, a client is told at once that it may not; then seconds later.
    /// </summary>
    [Fact]
    public Task Api_ClientThatGoesOnWhenRefused_IsToldLate() => AttackAsync(
        async node =>
        {
            using var client = LedgerClient.Connect(Api(node));
            var soonest = TimeSpan.MaxValue;
            TimeSpan latest = TimeSpan.Zero;
            await Parallel.ForEachAsync(
                Enumerable.Range(0, Limits.StreamsPerConnection / 2),
                new ParallelOptions { MaxDegreeOfParallelism = Limits.StreamsPerConnection / 2 },
                async (_, token) =>
                {
                    for (int i = 0; i < 4; i++)
                    {
                        long started = TimeProvider.System.GetTimestamp();
                        RpcException? refused = await Record.ExceptionAsync(async () =>
                            await client.Queries.GetNetworkAsync(
                                new GetNetworkRequest(), cancellationToken: token)) as RpcException;
                        TimeSpan took = TimeProvider.System.GetElapsedTime(started);
                        lock (client)
                        {
                            soonest = refused is not null && took < soonest ? took : soonest;
                            latest = refused is not null && took > latest ? took : latest;
                        }
                    }
                });
            output.WriteLine($"refused after {soonest} to {latest}");
            var late = TimeSpan.FromMilliseconds(Limits.ApiLateRefusalMs);
            Assert.True(soonest < late);
            Assert.InRange(latest, late, Within);
        },
        configuration => ((System.Text.Json.Nodes.JsonObject)configuration["api"]!).Remove("quota"));

    private async Task AttackAsync(
        Func<SingleNode, Task> attack, Action<System.Text.Json.Nodes.JsonNode>? configure = null)
    {
        using var node = new SingleNode(_temporary, "network");
        if (configure is not null)
        {
            node.Configure(configure);
        }

        await node.StartAsync();
        await attack(node);
        await WatchAsync(node, TimeSpan.Zero);
        long before = await HeightAsync(node);
        await Deadline.UntilAsync("blocks go on", Within, async () => await HeightAsync(node) > before + 1);
        await node.StopAsync();
    }

    /// <summary>Looks at the memory for a while.</summary>
    private async Task WatchAsync(SingleNode node, TimeSpan during)
    {
        long most = 0;
        long started = TimeProvider.System.GetTimestamp();
        do
        {
            most = Math.Max(most, await ResidentMemory.OfAsync(Operations(node)));
            await Deadline.PauseAsync();
        }
        while (TimeProvider.System.GetElapsedTime(started) < during);
        output.WriteLine($"resident memory at most {most / (1024 * 1024)} MiB");
        Assert.True(most < ResidentMemory.Limit, $"{most} bytes are resident");
    }

    private static async Task<long> HeightAsync(SingleNode node)
    {
        using var http = new HttpClient { BaseAddress = Operations(node) };
        string page = await http.GetStringAsync("/metrics");
        string line = page.Split('\n')
            .Single(l => l.StartsWith("tokenledger_height ", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<List<RawHttp2>> ConnectAsync(SingleNode node, int count)
    {
        var all = new List<RawHttp2>();
        for (int i = 0; i < count; i++)
        {
            try
            {
                all.Add(await RawHttp2.ConnectAsync(node.Port(2)));
            }
            catch (IOException)
            {
                // Closed while it said hello: it counts as closed, and is not needed for that.
            }
        }

        return all;
    }

    /// <summary>How many stay open.</summary>
    private static async Task<int> OpenAsync(List<RawHttp2> connections)
    {
        bool[] closed = await Task.WhenAll(
            connections.Select(one => one.IsClosedAsync(TimeSpan.FromSeconds(2))));
        return closed.Count(c => !c);
    }

    private static async Task SendRestAsync(RawHttp2 attacker, byte[] rest)
    {
        const int FrameBytes = 16 * 1024;
        for (int at = 0; at < rest.Length; at += FrameBytes)
        {
            bool last = at + FrameBytes >= rest.Length;
            await attacker.SendAsync(
                RawHttp2.Continuation, last ? RawHttp2.EndHeaders : (byte)0, 1,
                rest.AsMemory(at, Math.Min(FrameBytes, rest.Length - at)));
        }
    }

    /// <summary>A reset, a goodbye, or an answer of HTTP's that is no call's.</summary>
    private static async Task<bool> IsRefusedAsync(RawHttp2 attacker)
    {
        while (await attacker.ReadAsync(Within) is { } frame)
        {
            if (frame.Type is RawHttp2.GoAway or RawHttp2.RstStream)
            {
                return true;
            }
        }

        return await attacker.IsClosedAsync(TimeSpan.FromSeconds(1));
    }

    private static async Task<string> PostAsync(SingleNode node, byte[] gzipped)
    {
        using var http = new HttpClient();
        byte[] frame = [1, 0, 0, 0, 0, .. gzipped];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), gzipped.Length);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Api(node), Submit))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.Add("te", "trailers");
        request.Headers.Add("grpc-encoding", "gzip");
        using HttpResponseMessage response = await http.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        return (response.Headers.TryGetValues("grpc-status", out IEnumerable<string>? early) ? early
            : response.TrailingHeaders.GetValues("grpc-status")).Single();
    }

    private static byte[] Gzip(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    private static Uri Api(SingleNode node) => new($"http://127.0.0.1:{node.Port(2)}");

    private static Uri Operations(SingleNode node) => new($"http://127.0.0.1:{node.Port(3)}");
}
