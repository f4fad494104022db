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
        var timeIsUp = new TaskCompletionSource<Exception?>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await TestServer.StartAsync(
            map: app => app.MapPost("/control", async http => timeIsUp.SetResult(
                await Record.ExceptionAsync(() => http.Request.Body.CopyToAsync(Stream.Null)))),
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
            Content = new System.Net.Http.StreamContent(new Pipe().Reader.AsStream()),
        };
        var sent = http.SendAsync(control);
        Assert.NotNull(await timeIsUp.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.NotNull(await Record.ExceptionAsync(() => sent));

        await call.RequestStream.WriteAsync(new Payload());
        Assert.True(await call.ResponseStream.MoveNext());
    }
}
