// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TokenLedger.Rpc.Tests;

/// <summary>A real Kestrel on loopback: one port in clear text and one with TLS.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestServer(WebApplication app, TestCertificates certificates, InteropService service)
    {
        _app = app;
        Certificates = certificates;
        Service = service;
        var addresses =
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        PlainAddress = new Uri(addresses.Single(a => a.StartsWith("http:", StringComparison.Ordinal)));
        TlsAddress = new Uri(addresses.Single(a => a.StartsWith("https:", StringComparison.Ordinal)));
    }

    public TestCertificates Certificates { get; }

    public InteropService Service { get; }

    public Uri PlainAddress { get; }

    public Uri TlsAddress { get; }

    public static async Task<TestServer> StartAsync(
        RpcServerOptions? options = null,
        Action<IEndpointRouteBuilder>? map = null,
        bool requireClientCertificate = false,
        TestCertificates? certificates = null,
        Action<KestrelServerLimits>? limit = null)
    {
        certificates ??= new TestCertificates();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            limit?.Invoke(kestrel.Limits);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = certificates.Server;
                    https.SslProtocols = SslProtocols.Tls13;
                    if (requireClientCertificate)
                    {
                        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                        https.ClientCertificateValidation = (certificate, _, _) =>
                            certificates.Accepts(certificate);
                    }
                });
            });
        });
        var app = builder.Build();
        var service = new InteropService();
        app.MapRpcService(service, options);
        map?.Invoke(app);
        await app.StartAsync();
        return new TestServer(app, certificates, service);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    public RpcChannel OpenChannel(bool tls = false, RpcChannelOptions? options = null) =>
        RpcChannel.ForAddress(
            tls ? TlsAddress : PlainAddress,
            (options ?? new RpcChannelOptions()) with { SslOptions = ClientTls() });

    public SslClientAuthenticationOptions ClientTls(X509Certificate2? certificate = null) => new()
    {
        ClientCertificateContext =
            certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
        RemoteCertificateValidationCallback = (_, server, _, _) =>
            Certificates.Accepts(server as X509Certificate2),
    };

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(true));
        await _app.DisposeAsync();
        Certificates.Dispose();
    }
}
