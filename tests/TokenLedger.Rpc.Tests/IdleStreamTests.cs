// SPDX-License-Identifier: Apache-2.0
using System.IO.Pipelines;
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

        // Kestrel's clock can't be set, so a body of another kind, started later, shows when the time is up. On a
        // busy machine its own timing may miss a beat: then the next one shows it.
        var over = false;
        for (int attempt = 0; attempt < 6 && !over; attempt++)
        {
            using var http = new HttpClient();
            using var control = new HttpRequestMessage(HttpMethod.Post, new Uri(server.PlainAddress, "/control"))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new System.Net.Http.StreamContent(new Pipe().Reader.AsStream()),
            };
            var sent = http.SendAsync(control);
            over = await timeIsUp.WaitAsync(TimeSpan.FromSeconds(8));
            http.CancelPendingRequests();
            Assert.NotNull(await Record.ExceptionAsync(() => sent));
        }

        Assert.True(over);
        await call.RequestStream.WriteAsync(new Payload());
        Assert.True(await call.ResponseStream.MoveNext());
    }
}
