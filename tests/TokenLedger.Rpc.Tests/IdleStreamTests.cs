// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using TokenLedger.Rpc.Tests.Protos;

namespace TokenLedger.Rpc.Tests;

public sealed class IdleStreamTests
{
    [Fact]
    public async Task Duplex_IdleLongerThanKestrelAllowsOtherBodies_Lives()
    {
        using var timeIsUp = new SemaphoreSlim(0);
        await using var server = await TestServer.StartAsync(
            map: app => app.MapPost("/control", async http =>
            {
                var ended = await Record.ExceptionAsync(() => http.Request.Body.CopyToAsync(Stream.Null));
                if (ended is not null)
                {
                    timeIsUp.Release();
                }
            }),
            limit: limits =>
                limits.MinRequestBodyDataRate = new MinDataRate(10_000, TimeSpan.FromSeconds(1.5)));
        using var channel = server.OpenChannel();
        using var call = new Interop.InteropClient(channel).Exchange();
        await call.RequestStream.WriteAsync(new Payload());
        Assert.True(await call.ResponseStream.MoveNext());

        // Kestrel's clock can't be set, so a body of another kind, started later, shows when the time is up.
        using var http = new HttpClient();
        using var control = new HttpRequestMessage(HttpMethod.Post, new Uri(server.PlainAddress, "/control"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StalledContent(),
        };
        var sent = http.SendAsync(control);
        Assert.True(await timeIsUp.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.NotNull(await Record.ExceptionAsync(() => sent));

        await call.RequestStream.WriteAsync(new Payload());
        Assert.True(await call.ResponseStream.MoveNext());
    }

    /// <summary>
    /// One byte, then nothing more. It flushes: the client may keep headers that no flush follows, and nobody
    /// times a request that never leaves.
    /// </summary>
    private sealed class StalledContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(new byte[1], cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
