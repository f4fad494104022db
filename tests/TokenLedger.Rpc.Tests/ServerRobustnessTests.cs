// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Rpc.Tests.Protos;

namespace TokenLedger.Rpc.Tests;

/// <summary>A hostile or broken client gets a status, and everyone else goes on.</summary>
public sealed class ServerRobustnessTests : IAsyncLifetime, IDisposable
{
    private const string Service = "/tokenledger.interop.v1.Interop/";
    private TestServer? _server;
    private RawCall? _raw;

    private RawCall Raw => _raw!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _raw = new RawCall(_server.PlainAddress);
    }

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    public void Dispose() => _raw?.Dispose();

    [Fact]
    public async Task Frames_RandomBytes_GetAStatus()
    {
        string[] methods = ["Echo", "Collect", "Generate", "Exchange", "Fail"];
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var body = new byte[random.Next(0, 60)];
            random.NextBytes(body);
            if (seed % 2 == 0 && body.Length >= 5)
            {
                // A header that is likely to fit, so that random bytes reach the parser of messages.
                RawCall.Frame((byte)random.Next(0, 3), body[5..]).CopyTo(body, 0);
            }

            var answer = await Raw.PostAsync(
                Service + methods[seed % methods.Length], body, headers: ("grpc-timeout", "2S"));
            Assert.True(answer.Status is "0" or "2" or "4" or "8" or "12" or "13", $"seed {seed}: {answer}");
        }

        await RequireAliveAsync();
    }

    [Fact]
    public async Task Frames_TruncatedAnywhere_AreInternal()
    {
        var frame = RawCall.Frame(new Payload { Number = 7, Data = ByteString.CopyFromUtf8("abcdefgh") });
        for (var length = 1; length < frame.Length; length++)
        {
            Assert.Equal("13", (await Raw.PostAsync(Service + "Echo", frame[..length])).Status);
            Assert.Equal("13", (await Raw.PostAsync(Service + "Collect", frame[..length])).Status);
        }

        Assert.Equal("0", (await Raw.PostAsync(Service + "Echo", frame)).Status);
    }

    [Fact]
    public async Task Frames_NoneOrTwoForOneRequest_AreUnimplemented()
    {
        var frame = RawCall.Frame(new Payload { Number = 7 });
        Assert.Equal("12", (await Raw.PostAsync(Service + "Echo", [])).Status);
        Assert.Equal("12", (await Raw.PostAsync(Service + "Echo", [.. frame, .. frame])).Status);
        Assert.Equal("12", (await Raw.PostAsync(Service + "Generate", [])).Status);
    }

    [Fact]
    public async Task Frames_WrongFlagOrProto_AreInternal()
    {
        Assert.Equal("13", (await Raw.PostAsync(Service + "Echo", RawCall.Frame(2, []))).Status);
        Assert.Equal(
            "13", (await Raw.PostAsync(Service + "Echo", RawCall.Frame(1, RawCall.Gzip([])))).Status);
        Assert.Equal(
            "13", (await Raw.PostAsync(Service + "Echo", RawCall.Frame(0, [0xff, 0xff, 0xff]))).Status);
    }

    [Fact]
    public async Task Frames_HugeLength_IsRefusedBeforeItIsRead()
    {
        var answer = await Raw.PostAsync(Service + "Echo", [0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]);
        Assert.Equal("8", answer.Status);
    }

    [Fact]
    public async Task Gzip_BombAndDamage_AreRefused()
    {
        var bomb = RawCall.Frame(1, RawCall.Gzip(new byte[64 << 20]));
        Assert.True(bomb.Length < 1 << 20);
        Assert.Equal(
            "8", (await Raw.PostAsync(Service + "Echo", bomb, headers: ("grpc-encoding", "gzip"))).Status);

        var damaged = RawCall.Frame(1, RawCall.Gzip(new byte[1000]));
        damaged[^12] ^= 0x55;
        foreach (var body in new[] { damaged, RawCall.Frame(1, [1, 2]) })
        {
            var answer = await Raw.PostAsync(Service + "Echo", body, headers: ("grpc-encoding", "gzip"));
            Assert.Equal("13", answer.Status);
        }
    }

    [Fact]
    public async Task Gzip_Request_IsDecompressed()
    {
        var payload = new Payload { Data = ByteString.CopyFrom(new byte[1000]) };
        var frame = RawCall.Frame(1, RawCall.Gzip(payload.ToByteArray()));
        var answer = await Raw.PostAsync(Service + "Echo", frame, headers: ("grpc-encoding", "gzip"));
        Assert.Equal("0", answer.Status);
        Assert.Equal(RawCall.Frame(payload), answer.Body);
    }

    [Fact]
    public async Task Encoding_Unsupported_IsUnimplementedAndNamesTheSupported()
    {
        var answer = await Raw.PostAsync(
            Service + "Echo", RawCall.Frame(new Payload()), headers: ("grpc-encoding", "snappy"));
        Assert.Equal("12", answer.Status);
        Assert.Equal("identity,gzip", answer.Headers.GetValues("grpc-accept-encoding").Single());
    }

    [Fact]
    public async Task Headers_Malformed_GetAStatus()
    {
        var frame = RawCall.Frame(new Payload());
        foreach (var timeout in new[] { "", "1", "S", "-1S", "123456789S", "1x", "1 S" })
        {
            var answer = await Raw.PostAsync(Service + "Echo", frame, headers: ("grpc-timeout", timeout));
            Assert.Equal("13", answer.Status);
        }

        var longest = await Raw.PostAsync(Service + "Echo", frame, headers: ("grpc-timeout", "99999999H"));
        Assert.Equal("0", longest.Status);
        Assert.Equal(
            "13", (await Raw.PostAsync(Service + "Echo", frame, headers: ("x-bad-bin", "!!!"))).Status);
    }

    [Fact]
    public async Task Headers_Flood_IsRefusedAndServerLives()
    {
        var frame = RawCall.Frame(new Payload());
        var many = Enumerable.Range(0, 500).Select(i => ($"x-{i}", "v")).ToArray();
        (string, string)[] large = [("x-large", new string('a', 100_000))];
        foreach (var headers in new[] { many, large })
        {
            using var attacker = new RawCall(_server!.PlainAddress);
            try
            {
                var answer = await attacker.PostAsync(Service + "Echo", frame, headers: headers);
                Assert.NotEqual("0", answer.Status);
            }
            catch (HttpRequestException)
            {
                // The server may also close the connection that floods it.
            }

            await RequireAliveAsync();
        }
    }

    [Fact]
    public async Task Connection_Garbage_IsClosedAndServerLives()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var garbage = new byte[4096];
            new Random(seed).NextBytes(garbage);
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _server!.PlainAddress.Port);
            var stream = client.GetStream();
            try
            {
                await stream.WriteAsync(
                    seed % 2 == 0 ? garbage : [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. garbage]);
                while (await stream.ReadAsync(garbage).AsTask().WaitAsync(TimeSpan.FromSeconds(10)) > 0)
                {
                }
            }
            catch (IOException)
            {
                // Closed with bytes unread.
            }
        }

        await RequireAliveAsync();
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    [InlineData("application/grpc-web")]
    [InlineData("application/grpc+json")]
    public async Task ContentType_NotRpc_Is415(string contentType)
    {
        var answer = await Raw.PostAsync(Service + "Echo", RawCall.Frame(new Payload()), contentType);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Http);
    }

    [Theory]
    [InlineData("/tokenledger.interop.v1.Interop/Nothing", "application/grpc", HttpStatusCode.OK, "12")]
    [InlineData("/no.such.Service/Method", "application/grpc+proto", HttpStatusCode.OK, "12")]
    [InlineData("/no.such.Service/Method", "text/plain", HttpStatusCode.NotFound, null)]
    [InlineData("/", "application/grpc", HttpStatusCode.NotFound, null)]
    public async Task Path_Unknown_IsUnimplementedForRpcOnly(
        string path, string contentType, HttpStatusCode http, string? status)
    {
        var answer = await Raw.PostAsync(path, RawCall.Frame(new Payload()), contentType);
        Assert.Equal((http, status), (answer.Http, answer.Status));
    }

    [Fact]
    public async Task Deadline_OnlyTheServerKeeps_IsAnswered()
    {
        var request = RawCall.Frame(new FailRequest { Code = 5, DelayMs = 60_000 });
        Assert.Equal(
            "4", (await Raw.PostAsync(Service + "Fail", request, headers: ("grpc-timeout", "100m"))).Status);
        Assert.True(_server!.Service.WhenIdle().IsCompleted);
    }

    [Fact]
    public async Task Connection_BreaksUnderAStream_IsACancellationAndNoFailureOfTheHandler()
    {
        const int Connections = 100;
        var statuses = new ConcurrentQueue<StatusCode>();
        await using var server = await TestServer.StartAsync(new RpcServerOptions
        {
            Interceptor = async (_, next) =>
            {
                try
                {
                    await next();
                }
                catch (RpcException e)
                {
                    statuses.Enqueue(e.StatusCode);
                    throw;
                }
            },
        });
        for (var i = 0; i < Connections; i++)
        {
            using var wire = new CuttableProxy(server.PlainAddress.Port);
            using var channel = RpcChannel.ForAddress(wire.Address);
            using var call = new Interop.InteropClient(channel).Collect();
            await call.RequestStream.WriteAsync(
                new Payload { Data = ByteString.CopyFrom(new byte[100_000]) });
            wire.Cut();
            await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        }

        await server.Service.WhenIdle().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.NotEmpty(statuses);
        Assert.All(statuses, status => Assert.Equal(StatusCode.Cancelled, status));
    }

    private async Task RequireAliveAsync()
    {
        using var channel = _server!.OpenChannel();
        Assert.Equal(
            5, (await new Interop.InteropClient(channel).EchoAsync(new Payload { Number = 5 })).Number);
    }
}
