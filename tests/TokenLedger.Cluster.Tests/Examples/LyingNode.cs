// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Rpc;

namespace TokenLedger.Cluster.Tests;

/// <summary>How a node lies. What is left alone is the real node's.</summary>
internal sealed class Lie
{
    public Func<GetNetworkResponse, GetNetworkResponse> Network { get; init; } = static real => real;

    public Func<Event, Event> Shown { get; init; } = static real => real;

    /// <summary>Which event is asked for in place of the one that the client asks for.</summary>
    public Func<GetEventProofRequest, GetEventProofRequest> Asked { get; init; } = static real => real;

    public Func<GetEventProofResponse, GetEventProofResponse> Proven { get; init; } = static real => real;
}

/// <summary>A node between a watcher and a real one. It hands everything on, unless it is told to lie.
/// </summary>
internal sealed class LyingNode : IAsyncDisposable
{
    private readonly WebApplication _server;
    private volatile Lie _lie = new();

    private LyingNode(WebApplication server, LedgerClient real)
    {
        _server = server;
        server.MapRpcService(new Queries(this, real));
        server.MapRpcService(new Events(this, real));
    }

    public string Address => new Uri(_server.Services.GetRequiredService<IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;

    public Lie Lie
    {
        get => _lie;
        set => _lie = value;
    }

    public static async Task<LyingNode> StartAsync(LedgerClient real)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        var node = new LyingNode(builder.Build(), real);
        await node._server.StartAsync();
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private sealed class Queries(LyingNode node, LedgerClient real) : QueryService.QueryServiceBase
    {
        public override async Task<GetNetworkResponse> GetNetwork(
            GetNetworkRequest request, ServerCallContext context) =>
            node.Lie.Network(await real.Queries.GetNetworkAsync(request));

        public override async Task<GetEventProofResponse> GetEventProof(
            GetEventProofRequest request, ServerCallContext context)
        {
            Lie lie = node.Lie;
            return lie.Proven(await real.Queries.GetEventProofAsync(lie.Asked(request)));
        }
    }

    private sealed class Events(LyingNode node, LedgerClient real) : EventService.EventServiceBase
    {
        public override async Task Subscribe(
            SubscribeRequest request, IServerStreamWriter<SubscribeResponse> responseStream,
            ServerCallContext context)
        {
            using AsyncServerStreamingCall<SubscribeResponse> call =
                real.Events.Subscribe(request, cancellationToken: context.CancellationToken);
            while (await call.ResponseStream.MoveNext(context.CancellationToken))
            {
                SubscribeResponse item = call.ResponseStream.Current;
                if (item.Event is not null)
                {
                    item.Event = node.Lie.Shown(item.Event);
                }

                await responseStream.WriteAsync(item);
            }
        }
    }
}
