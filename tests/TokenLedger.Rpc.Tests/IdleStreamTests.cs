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
        await using var server = await TestServer.StartAsync(
            map: app => app.MapPost("/control", http => http.Request.Body.CopyToAsync(Stream.Null)),
            limit: limits => limits.MinRequestBodyDataRate = new MinDataRate(10_000, TimeSpan.FromSeconds(1.5)));
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
        await Assert.ThrowsAnyAsync<HttpRequestException>(
            () => http.SendAsync(control).WaitAsync(TimeSpan.FromSeconds(30)));

        await call.RequestStream.WriteAsync(new Payload());
        Assert.True(await call.ResponseStream.MoveNext());
    }
}
