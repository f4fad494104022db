// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using TokenLedger.Rpc.Tests.Protos;

namespace TokenLedger.Rpc.Tests;

/// <summary>What the client makes of servers that fail below gRPC, or that do not speak it.</summary>
public sealed class TransportFailureTests
{
    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    [InlineData(418, StatusCode.Unknown)]
    public Task Http_StatusOtherThanOk_IsMapped(int http, StatusCode expected) =>
        RequireAsync(expected, context => context.Response.StatusCode = http);

    [Theory]
    [InlineData(0x0, StatusCode.Unavailable)]
    [InlineData(0x1, StatusCode.Internal)]
    [InlineData(0x2, StatusCode.Internal)]
    [InlineData(0x8, StatusCode.Cancelled)]
    [InlineData(0xb, StatusCode.ResourceExhausted)]
    [InlineData(0xc, StatusCode.PermissionDenied)]
    public Task Http_Reset_IsMapped(int code, StatusCode expected) =>
        RequireAsync(
            expected, context => context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(code));

    [Theory]
    [InlineData("0", StatusCode.Unimplemented)]
    [InlineData("7", StatusCode.PermissionDenied)]
    [InlineData("17", StatusCode.Unknown)]
    [InlineData("-1", StatusCode.Unknown)]
    [InlineData("many", StatusCode.Unknown)]
    public Task Status_InHeadersOnly_IsTheCallsStatus(string text, StatusCode expected) => RequireAsync(
        expected,
        context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = text;
        });

    [Fact]
    public Task Response_WithoutStatus_IsUnknown() =>
        RequireAsync(StatusCode.Unknown, context => context.Response.ContentType = "application/grpc");

    [Fact]
    public Task Response_OfOtherType_IsUnknown() =>
        RequireAsync(StatusCode.Unknown, context => context.Response.ContentType = "text/html");

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 }, StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0, 0 }, StatusCode.Internal)]
    [InlineData(new byte[] { 9, 0, 0, 0, 0 }, StatusCode.Internal)]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 255 }, StatusCode.Internal)]
    [InlineData(new byte[] { 0, 255, 255, 255, 255 }, StatusCode.ResourceExhausted)]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, StatusCode.Unimplemented)]
    public Task Response_BrokenFrames_AreMapped(byte[] body, StatusCode expected) => RequireAsync(
        expected,
        context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.AppendTrailer("grpc-status", "0");
            System.Buffers.BuffersExtensions.Write(context.Response.BodyWriter, body);
        });

    [Fact]
    public async Task Address_NobodyListens_IsUnavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await RequireUnavailableAsync(new Uri($"http://127.0.0.1:{port}"));
    }

    [Fact]
    public async Task Address_ServerIsSilent_TimesOut()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var channel = RpcChannel.ForAddress(
            new Uri($"http://{listener.LocalEndpoint}"),
            new RpcChannelOptions { DefaultDeadline = TimeSpan.FromMilliseconds(300) });
        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await new Interop.InteropClient(channel).EchoAsync(new Payload()));
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task Address_ServerSpeaksSomethingElse_IsUnavailableOrInternal()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync(
                "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        });
        using var channel = RpcChannel.ForAddress(new Uri($"http://{listener.LocalEndpoint}"));
        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await new Interop.InteropClient(channel).EchoAsync(new Payload()));
        Assert.True(error.StatusCode is StatusCode.Unavailable or StatusCode.Internal, error.ToString());
        await served.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static async Task RequireUnavailableAsync(Uri address)
    {
        using var channel = RpcChannel.ForAddress(address);
        var client = new Interop.InteropClient(channel);
        var unary = await Assert.ThrowsAsync<RpcException>(async () => await client.EchoAsync(new Payload()));
        Assert.Equal(StatusCode.Unavailable, unary.StatusCode);
        using var call = client.Exchange();
        var write = await Assert.ThrowsAsync<RpcException>(
            () => call.RequestStream.WriteAsync(new Payload()));
        Assert.Equal(StatusCode.Unavailable, write.StatusCode);
        var headers = await Assert.ThrowsAsync<RpcException>(() => call.ResponseHeadersAsync);
        Assert.Equal(StatusCode.Unavailable, headers.StatusCode);
        Assert.Equal(StatusCode.Unavailable, call.GetStatus().StatusCode);
    }

    private static async Task RequireAsync(StatusCode expected, Action<HttpContext> answer)
    {
        await using var server = await TestServer.StartAsync(map: app => app.MapPost(
            "/tokenledger.interop.v1.Interop/{any}",
            context =>
            {
                answer(context);
                return Task.CompletedTask;
            }).WithOrder(-1));
        using var channel = server.OpenChannel();
        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await new Interop.InteropClient(channel).MissingAsync(new Payload()));
        Assert.True(expected == error.StatusCode, error.ToString());
    }
}
