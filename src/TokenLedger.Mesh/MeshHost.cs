// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Mesh.Configuration;
using TokenLedger.Mesh.Construction;
using TokenLedger.Mesh.Endpoints;
using TokenLedger.Mesh.Requests;

namespace TokenLedger.Mesh;

/// <summary>Puts the adapter together, runs it until it is told to stop, and takes it apart in
/// order.</summary>
internal static class MeshHost
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    // What needs a node; without one each of them says so.
    private static readonly string[] Online =
    [
        "/network/status", "/block", "/block/transaction", "/mempool", "/mempool/transaction",
        "/account/balance", "/account/coins", "/construction/metadata", "/construction/submit", "/call",
        "/events/blocks", "/search/transactions",
    ];

    /// <summary>Runs the adapter.</summary>
    /// <returns>0 after an orderly stop.</returns>
    public static async Task<int> RunAsync(MeshOptions options)
    {
        // So that a missing library shows at the start.
        _ = new Secp256k1Scheme();
        var network = MeshNetwork.Open(options);
        await using WebApplication app = CreateBuilder(options).Build();
        ILogger log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("TokenLedger.Mesh");
        using OnlineParts? online = options.Endpoint is null ? null : new OnlineParts(network, options, log);
        using var server = new MeshServer(Handlers(network, online), log);
        app.MapGet("/health/live", static () => "live\n");
        app.MapGet("/health/ready", context => ReadyAsync(context, online));
        app.MapFallback("{**path}", server.AnswerAsync);
        await app.StartAsync().ConfigureAwait(false);
        Log.Started(
            log, network.GenesisHash, options.Listen.ToString(), online is null ? "offline" : "online");
        await app.WaitForShutdownAsync().ConfigureAwait(false);
        Log.Stopped(log);
        return 0;
    }

    private static async Task ReadyAsync(HttpContext context, OnlineParts? online)
    {
        string text = "ready\n";
        try
        {
            _ = online is null ? 0 : await online.Node.HeightAsync(context.RequestAborted)
                .ConfigureAwait(false);
        }
        catch (MeshException e)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            text = $"{e.Error.Message}: {e.Message}\n";
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Every endpoint of the API, by its path.</summary>
    internal static Dictionary<string, MeshHandler> Handlers(MeshNetwork network, OnlineParts? online)
    {
        var handlers = new Dictionary<string, MeshHandler>(StringComparer.Ordinal);
        var construction = new ConstructionEndpoints(network);
        var networks = new NetworkEndpoints(network);
        networks.Map(handlers);
        construction.Map(handlers);
        if (online is null)
        {
            foreach (string path in Online)
            {
                handlers[path] = _ => throw new MeshException(
                    MeshError.Offline, $"{path} needs a node: set endpoint in the configuration.");
            }

            return handlers;
        }

        var blocks = new BlockEndpoints(network, online);
        networks.MapOnline(handlers, online);
        blocks.Map(handlers);
        new AccountEndpoints(network, online).Map(handlers);
        new MempoolEndpoints(network, online).Map(handlers);
        new SubmissionEndpoints(network, online, construction).Map(handlers);
        new CallEndpoints(network, online).Map(handlers);
        new SearchEndpoints(network, online, blocks).Map(handlers);
        return handlers;
    }

    private static WebApplicationBuilder CreateBuilder(MeshOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddJsonConsole(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopWithin);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Larger than what is taken, so that what is over it is told in this API's words.
            kestrel.Limits.MaxRequestBodySize = 2 * Limits.MeshRequestBytes;
            kestrel.Limits.MaxConcurrentConnections = Limits.MeshConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Listen);
        });
        return builder;
    }
}
