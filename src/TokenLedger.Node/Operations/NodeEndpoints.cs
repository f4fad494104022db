// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TokenLedger.Core;
using TokenLedger.Core.Genesis;
using TokenLedger.Node.Administration;
using TokenLedger.Node.Bridging;
using TokenLedger.Node.Clients;
using TokenLedger.Node.Clients.Access;
using TokenLedger.Node.Configuration;
using TokenLedger.Node.Sandbox;
using TokenLedger.Node.Services;
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Rpc;
using TokenLedger.Runtime;
using TokenLedger.Runtime.Peers;

namespace TokenLedger.Node.Operations;

/// <summary>What each listener serves. A service on another's port does not exist there.</summary>
internal static class NodeEndpoints
{
    /// <summary>The services whose health is told by name.</summary>
    private static readonly ImmutableArray<string> ClientServices =
    [
        TransactionService.Descriptor.FullName, QueryService.Descriptor.FullName,
        EventService.Descriptor.FullName, BlockService.Descriptor.FullName,
        BridgeService.Descriptor.FullName,
    ];

    /// <summary>A socket file has no port, and no port is 0.</summary>
    private const int AdminPort = 0;

    /// <returns>What to dispose of before the runtime stops.</returns>
    public static IAsyncDisposable Map(
        WebApplication app,
        ValidatorRuntime runtime,
        GenesisDocument genesis,
        NodeOptions options,
        IPeerIdentity identity,
        LedgerScrubber scrubber,
        BridgeHost? bridge)
    {
        int peers = options.Peers.Listen.Port;
        int api = options.Api.Listen.Port;
        int operations = options.Operations.Port;
        app.UseRouting();
        ServeByPort(app, runtime, api);

        // A full block and its framing, and nothing larger, comes from a peer.
        var peerOptions = new RpcServerOptions
        {
            MaxReceiveMessageBytes = Limits.PeerMessageBytes,
            MaxDeadline = TimeSpan.FromMilliseconds(2 * Limits.PeerDeadlineMs),
            Interceptor = new PeerCallBudget(identity).RunAsync,
        };
        app.MapRpcService(runtime.Peers, peerOptions).WithMetadata(new ServedOn(peers));
        app.MapRpcService(runtime.Sync, peerOptions).WithMetadata(new ServedOn(peers));

        ApiGate gate = Gate(app, options);
        RpcServerOptions clientOptions = ClientOptions(gate, options);
        RpcServerOptions readOptions = clientOptions with
        {
            DefaultDeadline = TimeSpan.FromMilliseconds(Limits.ReadDeadlineMs),
        };
        var pins = new PinnedSnapshots(runtime.Ledger, TimeProvider.System);
        var beats = new Heartbeats(runtime.Feed, () => runtime.Health().Finalizing, TimeProvider.System);
        var turns = new StreamTurns(
            runtime.Feed, beats, StreamTurns.HalfOfTheProcessors, TimeProvider.System);
        MapWhatASandboxBreaks(app, runtime, options, beats, turns, clientOptions);
        app.MapRpcService(
            new QueryServiceImpl(runtime, genesis, options.Name, pins, beats, turns, bridge), readOptions)
            .WithMetadata(new ServedOn(api));
        app.MapRpcService(new BlockServiceImpl(runtime, genesis, beats, turns), readOptions)
            .WithMetadata(new ServedOn(api));
        app.MapRpcService(new BridgeServiceImpl(pins, bridge, genesis.Hash), readOptions)
            .WithMetadata(new ServedOn(api));
        app.MapRpcService(
            new AdminServiceImpl(runtime, options, scrubber, bridge, app.Lifetime.ApplicationStopping))
            .WithMetadata(new ServedOn(AdminPort));
        app.MapRpcService(new SnapshotServiceImpl(runtime)).WithMetadata(new ServedOn(AdminPort));
        var health = new HealthService();
        app.MapRpcService(health, readOptions).WithMetadata(new ServedOn(api));
        app.MapRpcService(
            new ReflectionService(
                TransactionServiceReflection.Descriptor, QueryServiceReflection.Descriptor,
                EventReflection.Descriptor, BlockServiceReflection.Descriptor,
                BridgeServiceReflection.Descriptor),
            clientOptions).WithMetadata(new ServedOn(api));
        var readiness = new ReadinessWatch(
            health, ClientServices,
            service => runtime.Health().Finalizing
                && (service != TransactionService.Descriptor.FullName || runtime.Refusal is null),
            TimeProvider.System, app.Lifetime.ApplicationStopping);

        var metrics = new MetricsPage(
            runtime, app.Services.GetRequiredService<IMeterFactory>(), options.DataDirectory, scrubber,
            bridge);
        MapOperations(app, operations, runtime, metrics);
        return new Resources(readiness, metrics, pins, turns, gate);
    }

    private static void MapWhatASandboxBreaks(
        WebApplication app, ValidatorRuntime runtime, NodeOptions options, Heartbeats beats,
        StreamTurns turns, RpcServerOptions clientOptions)
    {
        TransactionService.TransactionServiceBase transactions = new TransactionServiceImpl(
            runtime, new LedgerReads(runtime), app.Lifetime.ApplicationStopping);
        EventService.EventServiceBase events = new EventServiceImpl(
            runtime.Ledger, runtime.Feed, beats, turns, TimeProvider.System);
        if (options.Sandbox)
        {
            transactions = new SandboxTransactions(transactions);
            events = new SandboxEvents(events, runtime.Ledger);
        }

        var served = new ServedOn(options.Api.Listen.Port);
        app.MapRpcService(transactions, clientOptions).WithMetadata(served);
        app.MapRpcService(events, clientOptions).WithMetadata(served);
    }

    /// <summary>Hides each endpoint on the ports that are not its own.</summary>
    private static void ServeByPort(WebApplication app, ValidatorRuntime runtime, int api) =>
        app.Use((context, next) =>
        {
            ServedOn? served = context.GetEndpoint()?.Metadata.GetMetadata<ServedOn>();
            if (served is not null && served.Port != context.Connection.LocalPort)
            {
                context.SetEndpoint(null);
            }
            else if (served?.Port == api)
            {
                Freshness.Tell(context.Response, runtime);
            }

            return next(context);
        });

    private static void MapOperations(
        WebApplication app, int operations, ValidatorRuntime runtime, MetricsPage metrics)
    {
        Get(app, operations, "/metrics", context =>
        {
            context.Response.ContentType = MetricsPage.ContentType;
            return context.Response.WriteAsync(metrics.Render(), context.RequestAborted);
        });
        Get(app, operations, "/health/live", static context => Answer(context, true, "live"));
        Get(app, operations, "/health/ready", context =>
        {
            NodeHealth now = runtime.Health();
            string refuses = runtime.Refusal is { } refusal ? $" for reads. {refusal.Detail}" : "";
            string text = now.Finalizing ? "ready" + refuses : now.Diagnosis;
            return Answer(context, now.Finalizing, $"{text} {now.Quarantine}".TrimEnd());
        });
    }

    private static ApiGate Gate(WebApplication app, NodeOptions options)
    {
        ApiOptions api = options.Api;
        var principals = new PrincipalBook(
            api.Principals, TimeProvider.System,
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("TokenLedger.Node"));
        var quota = new RequestQuota(Limits.ApiOpenCalls, TimeProvider.System);
        return new ApiGate(principals, api.Quota, quota, TimeProvider.System);
    }

    private static RpcServerOptions ClientOptions(ApiGate gate, NodeOptions options) =>
        new()
        {
            MaxReceiveMessageBytes = Limits.ApiRequestBytes,
            MaxSendMessageBytes = Limits.ApiResponseBytes,
            MaxDeadline = TimeSpan.FromMilliseconds(Limits.ApiDeadlineMs),
            Interceptor = options.Sandbox
                ? (context, next) => gate.RunAsync(context, () => SandboxFaults.RunAsync(context, next))
                : gate.RunAsync,
        };

    private static void Get(WebApplication app, int port, string path, RequestDelegate answer) =>
        app.MapMethods(path, [HttpMethods.Get], answer).WithMetadata(new ServedOn(port));

    private static Task Answer(HttpContext context, bool well, string text)
    {
        context.Response.StatusCode = well
            ? StatusCodes.Status200OK
            : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    private sealed record ServedOn(int Port);

    private sealed class Resources(ReadinessWatch readiness, params IDisposable[] all) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await readiness.DisposeAsync().ConfigureAwait(false);
            foreach (IDisposable one in all)
            {
                one.Dispose();
            }
        }
    }
}
