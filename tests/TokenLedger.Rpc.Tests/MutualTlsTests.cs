// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using TokenLedger.Rpc.Tests.Protos;

namespace TokenLedger.Rpc.Tests;

public sealed class MutualTlsTests : IAsyncLifetime
{
    private TestServer? _server;
    private string? _seenSubject;

    private TestServer Server => _server!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(
        new RpcServerOptions
        {
            Interceptor = (context, next) =>
            {
                _seenSubject = context.GetHttpContext().Connection.ClientCertificate?.Subject;
                return next();
            },
        },
        requireClientCertificate: true);

    public async Task DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task Client_WithCertificate_IsServedAndKnown()
    {
        using var certificate = Server.Certificates.Issue("validator-1");
        Assert.Null(await CallAsync(certificate));
        Assert.Equal("CN=validator-1", _seenSubject);
    }

    [Fact]
    public async Task Client_WithoutCertificate_IsUnavailable() =>
        Assert.Equal(StatusCode.Unavailable, await CallAsync(null));

    [Fact]
    public async Task Client_WithExpiredCertificate_IsUnavailable()
    {
        using var certificate = Server.Certificates.Issue("validator-1", expired: true);
        Assert.Equal(StatusCode.Unavailable, await CallAsync(certificate));
    }

    [Fact]
    public async Task Client_OfOtherAuthority_IsUnavailable()
    {
        using var others = new TestCertificates();
        using var certificate = others.Issue("validator-1");
        Assert.Equal(StatusCode.Unavailable, await CallAsync(certificate));
    }

    [Fact]
    public async Task Server_OfOtherAuthority_IsUnavailable()
    {
        using var certificate = Server.Certificates.Issue("validator-1");
        var tls = Server.ClientTls(certificate);
        tls.RemoteCertificateValidationCallback = (_, _, _, _) => false;
        using var channel = RpcChannel.ForAddress(
            Server.TlsAddress, new RpcChannelOptions { SslOptions = tls });
        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await new Interop.InteropClient(channel).EchoAsync(new Payload()));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    /// <summary>A TLS 1.3 client learns of the refusal after its own handshake, at any moment of the call:
    /// whatever breaks off then, nobody has cancelled it.</summary>
    [Fact]
    public async Task Stream_WithoutCertificate_IsUnavailableAtEveryMoment()
    {
        for (int i = 0; i < 50; i++)
        {
            using var channel = RpcChannel.ForAddress(
                Server.TlsAddress, new RpcChannelOptions { SslOptions = Server.ClientTls(null) });
            using var call = new Interop.InteropClient(channel).Collect();
            var write = await Record.ExceptionAsync(() => call.RequestStream.WriteAsync(new Payload()));
            if (write is not null)
            {
                Assert.Equal(StatusCode.Unavailable, Assert.IsType<RpcException>(write).StatusCode);
            }

            var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
            Assert.True(error.StatusCode == StatusCode.Unavailable, $"{i}: {error}");
        }
    }

    private async Task<StatusCode?> CallAsync(X509Certificate2? certificate)
    {
        var options = new RpcChannelOptions { SslOptions = Server.ClientTls(certificate) };
        using var channel = RpcChannel.ForAddress(Server.TlsAddress, options);
        try
        {
            await new Interop.InteropClient(channel).EchoAsync(new Payload());
            return null;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
