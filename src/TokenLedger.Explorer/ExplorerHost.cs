// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Crypto;
using TokenLedger.Explorer.Configuration;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Postgres;
using TokenLedger.Explorer.Verifier;
using TokenLedger.Explorer.Web;

namespace TokenLedger.Explorer;

/// <summary>Puts the explorer together, runs it until it is told to stop, and takes it apart in
/// order.</summary>
internal static class ExplorerHost
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    /// <summary>Runs the explorer.</summary>
    /// <returns>0 after an orderly stop; a failure after the start ends it with its own code.</returns>
    public static async Task<int> RunAsync(ExplorerOptions options)
    {
        await using IIndexStore store = await IndexStores.OpenAsync(options, default).ConfigureAwait(false);
        using var source = new NodeSource(options);
        WebApplicationBuilder builder = CreateBuilder(options, store);
        await using WebApplication app = builder.Build();
        ServeStatusOnly(app, options.Role == ExplorerRole.Projector);
        app.UsePresentation();
        ExplorerEndpoints.Map(app);
        ILogger log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("TokenLedger.Explorer");
        Func<CancellationToken, Task> work = Work(
            options, store, source, app.Services.GetRequiredService<FollowerState>(), log);
        await app.StartAsync().ConfigureAwait(false);
        Log.Started(log, options.GenesisHash, options.Listen.ToString());
        Exception? fatal = await FollowAsync(work, app).ConfigureAwait(false);
        if (fatal is null)
        {
            Log.Stopped(log);
            return 0;
        }

        ExplorerFailure failure = ExplorerFailure.Of(fatal);
        await Console.Error.WriteLineAsync(failure.Text).ConfigureAwait(false);
        return failure.ExitCode;
    }

    /// <summary>What the process does besides answering.</summary>
    private static Func<CancellationToken, Task> Work(
        ExplorerOptions options, IIndexStore store, NodeSource source, FollowerState state, ILogger log)
    {
        var postgres = store as PostgresIndexStore;
        if (options.Role == ExplorerRole.Web)
        {
            return new IndexWatcher(postgres!, state, TimeProvider.System, log).RunAsync;
        }

        var follower = new LedgerFollower(
            source, new Projector(store), options.GenesisHash, new Secp256k1Scheme(), state,
            TimeProvider.System, log);
        return postgres is null
            ? follower.RunAsync
            : async token =>
            {
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(token);
                Task reporting = new StatusReporter(postgres, state, TimeProvider.System)
                    .RunAsync(ended.Token);
                try
                {
                    await follower.RunAsync(token).ConfigureAwait(false);
                }
                finally
                {
                    await ended.CancelAsync().ConfigureAwait(false);
                    await reporting.ConfigureAwait(false);
                }
            };
    }

    /// <summary>A projector of its own answers for itself, and no page.</summary>
    private static void ServeStatusOnly(WebApplication app, bool only) => app.Use((context, next) =>
    {
        PathString path = context.Request.Path;
        if (!only || path.StartsWithSegments("/health", StringComparison.Ordinal)
            || path.Equals("/api/status", StringComparison.Ordinal))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    /// <summary>Follows until the host is told to stop, or cannot go on.</summary>
    private static async Task<Exception?> FollowAsync(
        Func<CancellationToken, Task> work, WebApplication app)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(
            app.Lifetime.ApplicationStopping);
        Task following = Task.Run(() => work(stopping.Token));
        Task stopped = app.WaitForShutdownAsync(CancellationToken.None);
        await Task.WhenAny(following, stopped).ConfigureAwait(false);
        app.Lifetime.StopApplication();
        await stopped.ConfigureAwait(false);
#pragma warning disable CA1031 // The last frame of the follower: every failure becomes the process's end.
        try
        {
            await following.ConfigureAwait(false);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
#pragma warning restore CA1031
    }

    private static WebApplicationBuilder CreateBuilder(ExplorerOptions options, IIndexStore store)
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
        builder.Services.AddPresentation();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton<FollowerState>();
        builder.Services.AddSingleton(_ => new NodeProofs(options));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopWithin);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(options.Listen));
        return builder;
    }
}
