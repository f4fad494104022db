// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Rpc.Tests.Protos;

namespace TokenLedger.Rpc.Tests;

/// <summary>What our client must get from any server of interop.proto, in clear text and over TLS.</summary>
public abstract class ClientInteropTests(InteropServer server)
{
    private static readonly byte[] Binary = [0, 1, 0xff, 0xfe];

    [Theory, InlineData(false), InlineData(true)]
    public async Task Unary_AnyPayload_ComesBack(bool tls)
    {
        using var channel = server.OpenChannel(tls);
        var client = new Interop.InteropClient(channel);
        var large = Enumerable.Range(0, 3_000_000).Select(i => unchecked((byte)i)).ToArray();
        Payload[] payloads =
        [
            new Payload { Number = 7, Data = ByteString.CopyFromUtf8("abc") },
            new Payload(),
            new Payload { Data = ByteString.CopyFrom(large) },
        ];
        foreach (var payload in payloads)
        {
            Assert.Equal(payload, await client.EchoAsync(payload));
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Unary_Metadata_TravelsBothWays(bool tls)
    {
        using var channel = server.OpenChannel(tls);
        var headers = new Metadata { { "x-echo", "text" }, { "x-echo-bin", Binary } };
        using var call = new Interop.InteropClient(channel).EchoAsync(new Payload(), headers);
        await call;
        foreach (var got in new[] { await call.ResponseHeadersAsync, call.GetTrailers() })
        {
            Assert.Equal("text", got.GetValue("x-echo"));
            Assert.Equal(Binary, got.GetValueBytes("x-echo-bin"));
        }

        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task ServerStream_ThousandAndNone_ArriveInOrder(bool tls)
    {
        using var channel = server.OpenChannel(tls);
        var client = new Interop.InteropClient(channel);
        foreach (var count in new[] { 1000, 0 })
        {
            using var call = client.Generate(new GenerateRequest { Count = count, Size = 10 });
            Assert.Equal(Enumerable.Range(0, count), await NumbersOf(call.ResponseStream));
            Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task ServerStream_ErrorAtEnd_FollowsMessages(bool tls)
    {
        using var channel = server.OpenChannel(tls);
        using var call = new Interop.InteropClient(channel).Generate(
            new GenerateRequest { Count = 2, Code = 9 });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.True(await call.ResponseStream.MoveNext());
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(new Status(StatusCode.FailedPrecondition, "asked"), error.Status);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task ClientStream_Thousand_AreCounted(bool tls)
    {
        using var channel = server.OpenChannel(tls);
        using var call = new Interop.InteropClient(channel).Collect();
        for (var i = 0; i < 1000; i++)
        {
            await call.RequestStream.WriteAsync(new Payload { Data = ByteString.CopyFrom(new byte[10]) });
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal(new Summary { Count = 1000, Bytes = 10_000 }, await call);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task ClientStream_EndedByServer_GivesItsStatus(bool tls)
    {
        using var channel = server.OpenChannel(tls);
        using var call = new Interop.InteropClient(channel).Collect();
        await call.RequestStream.WriteAsync(new Payload { Number = -1 });
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal(new Status(StatusCode.ResourceExhausted, "enough"), error.Status);
        var write = await Assert.ThrowsAsync<RpcException>(
            () => call.RequestStream.WriteAsync(new Payload()));
        Assert.Equal(StatusCode.ResourceExhausted, write.StatusCode);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Duplex_Pipelined_ArrivesInOrder(bool tls)
    {
        using var channel = server.OpenChannel(tls);
        using var call = new Interop.InteropClient(channel).Exchange();
        var received = NumbersOf(call.ResponseStream);
        for (var i = 0; i < 1000; i++)
        {
            await call.RequestStream.WriteAsync(new Payload { Number = i });
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal(Enumerable.Range(0, 1000), await received);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Duplex_PingPong_ArrivesAtOnce(bool tls)
    {
        using var channel = server.OpenChannel(tls);
        using var call = new Interop.InteropClient(channel).Exchange();
        for (var i = 0; i < 50; i++)
        {
            await call.RequestStream.WriteAsync(new Payload { Number = i });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(i, call.ResponseStream.Current.Number);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Failure_StatusAndTrailers_Arrive(bool tls)
    {
        using var channel = server.OpenChannel(tls);
        var request = new FailRequest { Code = 5, Message = "nicht gefunden: ہے 100 %\n€" };
        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await new Interop.InteropClient(channel).FailAsync(request));
        Assert.Equal(new Status(StatusCode.NotFound, request.Message), error.Status);
        Assert.Equal("why", error.Trailers.GetValue("x-reason"));
        Assert.Equal(Binary, error.Trailers.GetValueBytes("x-reason-bin"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Failure_CrashAndMissing_AreUnknownAndUnimplemented(bool tls)
    {
        using var channel = server.OpenChannel(tls);
        var client = new Interop.InteropClient(channel);
        await ExpectAsync(
            StatusCode.Unknown, async () => await client.FailAsync(new FailRequest { Crash = true }));
        await ExpectAsync(StatusCode.Unimplemented, async () => await client.MissingAsync(new Payload()));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Deadline_UnaryAndStream_EndPromptly(bool tls)
    {
        using var channel = server.OpenChannel(tls);
        var client = new Interop.InteropClient(channel);
        var watch = Stopwatch.StartNew();
        await ExpectAsync(StatusCode.DeadlineExceeded, async () => await client.FailAsync(
            new FailRequest { Code = 5, DelayMs = 20_000 },
            deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300)));
        using var stream = client.Generate(
            new GenerateRequest { Count = 1000, DelayMs = 50 },
            deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300));
        await ExpectAsync(StatusCode.DeadlineExceeded, () => NumbersOf(stream.ResponseStream));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Cancel_OpenStream_EndsIt(bool tls)
    {
        using var channel = server.OpenChannel(tls);
        using var cancellation = new CancellationTokenSource();
        using var call = new Interop.InteropClient(channel).Generate(
            new GenerateRequest { Count = 1000, DelayMs = 50 }, cancellationToken: cancellation.Token);
        Assert.True(await call.ResponseStream.MoveNext());
        await cancellation.CancelAsync();
        await ExpectAsync(StatusCode.Cancelled, () => NumbersOf(call.ResponseStream));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Message_AboveServersLimit_IsResourceExhausted(bool tls)
    {
        using var channel = server.OpenChannel(tls, new RpcChannelOptions { MaxSendMessageBytes = 16 << 20 });
        var payload = new Payload { Data = ByteString.CopyFrom(new byte[5 << 20]) };
        await ExpectAsync(
            StatusCode.ResourceExhausted, async () =>
                await new Interop.InteropClient(channel).EchoAsync(payload));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Gzip_Requests_AreUnderstood(bool tls)
    {
        using var channel = server.OpenChannel(tls, new RpcChannelOptions { CompressRequests = true });
        var client = new Interop.InteropClient(channel);
        var payload = new Payload { Data = ByteString.CopyFrom(new byte[100_000]) };
        Assert.Equal(payload, await client.EchoAsync(payload));
        using var call = client.Exchange();
        for (var i = 0; i < 10; i++)
        {
            await call.RequestStream.WriteAsync(payload);
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(payload, call.ResponseStream.Current);
        }
    }

    private static async Task<List<int>> NumbersOf(IAsyncStreamReader<Payload> stream)
    {
        var numbers = new List<int>();
        await foreach (var payload in stream.ReadAllAsync())
        {
            numbers.Add(payload.Number);
        }

        return numbers;
    }

    private static async Task ExpectAsync(StatusCode code, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<RpcException>(call);
        Assert.True(code == error.StatusCode, error.ToString());
    }
}

public sealed class CSharpServerInteropTests(CSharpServer server)
    : ClientInteropTests(server), IClassFixture<CSharpServer>;

[Trait("Category", "Interop")]
public sealed class PythonServerInteropTests(PythonServer server)
    : ClientInteropTests(server), IClassFixture<PythonServer>;

[Trait("Category", "Interop")]
public sealed class NodeServerInteropTests(NodeServer server)
    : ClientInteropTests(server), IClassFixture<NodeServer>;
