// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Crypto;
using TokenLedger.Explorer.Configuration;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Embedded;
using TokenLedger.Explorer.Web;
using TokenLedger.Storage;
using TokenLedger.Storage.RocksDb;

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
        Directory.CreateDirectory(options.DataFolder);
        using FileLease lease = FileLease.Take(
            Path.Combine(options.DataFolder, "explorer.lock"),
            $"The data folder {options.DataFolder} is in use by another explorer. Give this one a folder of"
                + " its own.");
        await using var store = EmbeddedIndexStore.Open(
            RocksKeyValueStore.Open(
                Path.Combine(options.DataFolder, "index"), IndexFormat.Families, RocksOptions.Ledger),
            options.GenesisHash);
        using var source = new NodeSource(options);
        WebApplicationBuilder builder = CreateBuilder(options, store);
        await using WebApplication app = builder.Build();
        app.UsePresentation();
        ExplorerEndpoints.Map(app);
        ILogger log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("TokenLedger.Explorer");
        var follower = new LedgerFollower(
            source, new Projector(store), options.GenesisHash, new Secp256k1Scheme(),
            app.Services.GetRequiredService<FollowerState>(), TimeProvider.System, log);
        await app.StartAsync().ConfigureAwait(false);
        Log.Started(log, options.GenesisHash, options.Listen.ToString());
        Exception? fatal = await FollowAsync(follower, app).ConfigureAwait(false);
        if (fatal is null)
        {
            Log.Stopped(log);
            return 0;
        }

        ExplorerFailure failure = ExplorerFailure.Of(fatal);
        await Console.Error.WriteLineAsync(failure.Text).ConfigureAwait(false);
        return failure.ExitCode;
    }

    /// <summary>Follows until the host is told to stop, or cannot go on.</summary>
    private static async Task<Exception?> FollowAsync(LedgerFollower follower, WebApplication app)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(
            app.Lifetime.ApplicationStopping);
        Task following = Task.Run(() => follower.RunAsync(stopping.Token));
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
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopWithin);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(options.Listen));
        return builder;
    }
}
