// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
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
        if (await OpenAsync(options).ConfigureAwait(false) is not { } store)
        {
            return 0;
        }

        await using ConfiguredAsyncDisposable closing = store.ConfigureAwait(false);
        using var sources = new NodeSources(options);
        WebApplicationBuilder builder = CreateBuilder(options, store);
        await using WebApplication app = builder.Build();
        ServeStatusOnly(app, options.Role == ExplorerRole.Projector);
        app.UsePresentation();
        ExplorerEndpoints.Map(app);
        ILogger log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("TokenLedger.Explorer");
        Func<CancellationToken, Task> work = Work(
            options, store, sources, app.Services.GetRequiredService<FollowerState>(), log);
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

    /// <summary>Opens the index. Until one that is elsewhere can be reached, the process answers that it
    /// cannot, and asks again.</summary>
    /// <returns>Null when it is told to stop before.</returns>
    private static async Task<IIndexStore?> OpenAsync(ExplorerOptions options)
    {
        IndexUnavailableException away;
        try
        {
            return await IndexStores.OpenAsync(options, default).ConfigureAwait(false);
        }
        catch (IndexUnavailableException e)
        {
            away = e;
        }

        await using WebApplication app = CreateBuilder(options, new AbsentIndexStore(away)).Build();
        app.UsePresentation();
        ExplorerEndpoints.Map(app);
        FollowerState state = app.Services.GetRequiredService<FollowerState>();
        ILogger log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("TokenLedger.Explorer");
        await app.StartAsync().ConfigureAwait(false);
        CancellationToken stopping = app.Lifetime.ApplicationStopping;
        for (TimeSpan pause = LedgerFollower.FirstPause; ; pause = LedgerFollower.Longer(pause))
        {
            Log.IndexLost(log, away.Code, away.Message);
            state.Change(status => status with
            {
                IndexFailure = away.Message,
                LastFailure = new FollowFailure(away.Code, away.Message, TimeProvider.System.GetUtcNow()),
            });
            try
            {
                await Task.Delay(pause, TimeProvider.System, stopping).ConfigureAwait(false);
                IIndexStore store = await IndexStores.OpenAsync(options, stopping).ConfigureAwait(false);
                await app.StopAsync(CancellationToken.None).ConfigureAwait(false);
                return store;
            }
            catch (IndexUnavailableException e)
            {
                away = e;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                await app.WaitForShutdownAsync(CancellationToken.None).ConfigureAwait(false);
                Log.Stopped(log);
                return null;
            }
        }
    }

    /// <summary>What the process does besides answering.</summary>
    private static Func<CancellationToken, Task> Work(
        ExplorerOptions options, IIndexStore store, NodeSources sources, FollowerState state, ILogger log)
    {
        var postgres = store as PostgresIndexStore;
        if (options.Role == ExplorerRole.Web)
        {
            return new IndexWatcher(postgres!, state, TimeProvider.System, log).RunAsync;
        }

        var follower = new LedgerFollower(
            sources.All, new Projector(store), options.GenesisHash, new Secp256k1Scheme(), state,
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
        builder.Services.AddPresentation(options.Proxies);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton<FollowerState>();
        builder.Services.AddSingleton(_ => new NodeProofs(options));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopWithin);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(options.Listen));
        return builder;
    }
}
