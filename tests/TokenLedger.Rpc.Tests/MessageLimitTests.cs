// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Rpc.Tests.Protos;

namespace TokenLedger.Rpc.Tests;

public sealed class MessageLimitTests
{
    private const int Limit = 10_000;

    [Theory, InlineData(false), InlineData(true)]
    public async Task ServerReceive_AtAndAboveLimit_IsTakenAndRefused(bool gzip)
    {
        await using var server = await TestServer.StartAsync(
            new RpcServerOptions { MaxReceiveMessageBytes = Limit });
        using var channel = server.OpenChannel(options: new RpcChannelOptions { CompressRequests = gzip });
        await RequireLimitAsync(new Interop.InteropClient(channel));
    }

    [Fact]
    public async Task ServerSend_AtAndAboveLimit_IsSentAndRefused()
    {
        await using var server = await TestServer.StartAsync(
            new RpcServerOptions { MaxSendMessageBytes = Limit });
        using var channel = server.OpenChannel();
        await RequireLimitAsync(new Interop.InteropClient(channel));
    }

    /// <summary>
    /// The refusal comes while the message is on its way. It once happened, in about one of a thousand calls,
    /// that the write then waited for ever for a window that the server had no reason to open.
    /// </summary>
    [Fact]
    [Trait("Category", "Slow")]
    public async Task ClientStreaming_RefusedInTheMiddleOfAMessage_AlwaysEnds()
    {
        const int Clients = 4;
        const int Calls = 500;
        await using var server = await TestServer.StartAsync();
        var large = new Payload { Data = ByteString.CopyFrom(new byte[8 << 20]) };
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            for (var i = 0; i < Calls; i++)
            {
                using var channel = server.OpenChannel(
                    options: new RpcChannelOptions { MaxSendMessageBytes = 2 * large.Data.Length });
                using var call = new Interop.InteropClient(channel).Collect();
                var error = await Assert.ThrowsAsync<RpcException>(
                    () => call.RequestStream.WriteAsync(large).WaitAsync(TimeSpan.FromSeconds(15)));
                Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
            }
        }));
    }

    [Fact]
    public async Task ClientSend_AtAndAboveLimit_IsSentAndRefused()
    {
        await using var server = await TestServer.StartAsync();
        using var channel = server.OpenChannel(
            options: new RpcChannelOptions { MaxSendMessageBytes = Limit });
        await RequireLimitAsync(new Interop.InteropClient(channel));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task ClientReceive_AtAndAboveLimit_IsTakenAndRefused(bool gzip)
    {
        await using var server = await TestServer.StartAsync(
            new RpcServerOptions { CompressResponses = gzip });
        using var channel = server.OpenChannel(
            options: new RpcChannelOptions { MaxReceiveMessageBytes = Limit });
        await RequireLimitAsync(new Interop.InteropClient(channel));
    }

    private static async Task RequireLimitAsync(Interop.InteropClient client)
    {
        var payload = new Payload { Data = ByteString.CopyFrom(new byte[Limit - 3]) };
        Assert.Equal(Limit, payload.CalculateSize());
        Assert.Equal(payload, await client.EchoAsync(payload));

        payload.Data = ByteString.CopyFrom(new byte[Limit - 2]);
        Assert.Equal(Limit + 1, payload.CalculateSize());
        var unary = await Assert.ThrowsAsync<RpcException>(async () => await client.EchoAsync(payload));
        Assert.Equal(StatusCode.ResourceExhausted, unary.StatusCode);

        using var call = client.Exchange();
        var stream = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await call.RequestStream.WriteAsync(payload);
            await call.ResponseStream.MoveNext();
        });
        Assert.Equal(StatusCode.ResourceExhausted, stream.StatusCode);
    }
}
