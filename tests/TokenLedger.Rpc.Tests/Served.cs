// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using TokenLedger.Rpc.Tests.Protos;

namespace TokenLedger.Rpc.Tests;

/// <summary>A served interop service of which a test gives the methods, and a client of it.</summary>
internal sealed class Served : Interop.InteropBase, IDisposable
{
    private readonly UnaryServerMethod<Payload, Payload> _unary;
    private readonly DuplexStreamingServerMethod<Payload, Payload> _duplex;
    private WebApplication? _app;
    private RpcChannel? _channel;

    private Served(
        UnaryServerMethod<Payload, Payload>? unary, DuplexStreamingServerMethod<Payload, Payload>? duplex)
    {
        _unary = unary ?? ((request, _) => Task.FromResult(request));
        _duplex = duplex ?? ((_, _, _) => Task.CompletedTask);
    }

    public Interop.InteropClient Client => new(_channel!);

    public Uri Address => new(_app!.Urls.Single());

    public static async Task<Served> StartAsync(
        RpcServerOptions? options = null,
        UnaryServerMethod<Payload, Payload>? unary = null,
        DuplexStreamingServerMethod<Payload, Payload>? duplex = null)
    {
        var served = new Served(unary, duplex);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        served._app = builder.Build();
        served._app.MapRpcService(Interop.BindService(served), options);
        await served._app.StartAsync();
        served._channel = RpcChannel.ForAddress(served._app.Urls.Single());
        return served;
    }

    public override Task<Payload> Echo(Payload request, ServerCallContext context) =>
        _unary(request, context);

    public override Task Exchange(
        IAsyncStreamReader<Payload> requestStream,
        IServerStreamWriter<Payload> responseStream,
        ServerCallContext context) =>
        _duplex(requestStream, responseStream, context);

    public void Dispose()
    {
        _channel?.Dispose();
        _app?.StopAsync(new CancellationToken(true)).GetAwaiter().GetResult();
        ((IDisposable?)_app)?.Dispose();
    }
}
