// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenLedger.Core;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Json;
using TokenLedger.Crypto;
using TokenLedger.Execution;
using TokenLedger.Maintenance.Scrubbing;
using TokenLedger.Node.Administration;
using TokenLedger.Node.Bridging;
using TokenLedger.Node.Clients;
using TokenLedger.Node.Configuration;
using TokenLedger.Node.Operations;
using TokenLedger.Rpc;
using TokenLedger.Runtime;
using TokenLedger.Runtime.Snapshots;
using TokenLedger.Storage;
using TokenLedger.Storage.Guards;
using TokenLedger.Storage.RocksDb;

namespace TokenLedger.Node;

/// <summary>
/// Puts a validator or an observer together, runs it until it is told to stop, and takes it apart in order.
/// </summary>
internal static class NodeHost
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    /// <summary>Runs the node.</summary>
    /// <returns>0 after an orderly stop; a failure after the start ends the process with its own
    /// code.</returns>
    /// <param name="options">The node's configuration.</param>
    /// <param name="snapshot">A snapshot's file to make the ledger from first; null for none.</param>
    public static async Task<int> RunAsync(NodeOptions options, string? snapshot = null)
    {
        GenesisDocument genesis = LoadGenesis(options);
        RequireSandbox(options, genesis);
        using PrivateKey? voteKey = LoadVoteKey(options, genesis);
        using var tls = new PeerTls(options.Tls, genesis.ValidatorSet, options.Peers.Observers);
        RequirePinned(options, genesis, tls);

        WebApplicationBuilder builder = CreateBuilder(options, tls);
        await using WebApplication app = builder.Build();
        ILogger log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("TokenLedger.Node");
        Directory.CreateDirectory(options.DataDirectory);
        DiskWatch.RequireRoom(options.DataDirectory);
        using var folders = new LedgerFolders(options.DataDirectory);
        var rot = new LedgerRot(
            folders, options.Peers.Addresses.Keys.Any(peer => peer != options.Name), log);
        rot.SetAside();
        Exception? fatal = null;
        RuntimeOptions runtimeOptions = Prepare(options, genesis, folders, voteKey, tls, Stop);
        try
        {
            if (await GetStateAsync(runtimeOptions, snapshot, app).ConfigureAwait(false))
            {
                await ServeAsync(options, runtimeOptions, tls, app, Stop, log).ConfigureAwait(false);
            }
        }
        catch (StorageFault e)
        {
            rot.Note(e);
            throw;
        }

        if (fatal is null)
        {
            NodeLog.Stopped(log);
            return 0;
        }

        rot.Note(fatal);
        NodeFailure failure = NodeFailure.Of(fatal);
        await Console.Error.WriteLineAsync(failure.Text).ConfigureAwait(false);
        return failure.ExitCode;

        void Stop(Exception cause)
        {
            Interlocked.CompareExchange(ref fatal, cause, null);
            app.Lifetime.StopApplication();
        }
    }

    /// <summary>Opens the runtime and serves until the host is told to stop.</summary>
    private static async Task ServeAsync(
        NodeOptions options, RuntimeOptions runtimeOptions, PeerTls tls, WebApplication app,
        Action<Exception> stop, ILogger log)
    {
        GenesisDocument genesis = runtimeOptions.Genesis;
        ValidatorRuntime runtime = Open(runtimeOptions, app);
        try
        {
            AdminListener.Prepare(options.AdminSocket);
            await using var scrubber = new LedgerScrubber(
                runtime,
                new BlockScrub(genesis.Hash, genesis.ValidatorSet, new Secp256k1Scheme()),
                options.ScrubPeriod, stop, TimeProvider.System, log);
            await using BridgeHost? bridge = options.Bridge is { } lanes
                ? new BridgeHost(
                    lanes, genesis, runtime, Path.Combine(options.DataDirectory, "bridge"), stop,
                    TimeProvider.System, log)
                : null;
            await using IAsyncDisposable served =
                NodeEndpoints.Map(app, runtime, genesis, options, tls, scrubber, bridge);
            await app.StartAsync().ConfigureAwait(false);
            AdminListener.Restrict(options.AdminSocket);
            runtime.Start();
            await using var disk = new DiskWatch(
                options.DataDirectory, DiskRoom.Of, refusal => Refuse(runtime, refusal, log), stop,
                TimeProvider.System);
            scrubber.Start();
            bridge?.Start();
            NodeLog.Started(
                log, options.Name, genesis.NetworkName, genesis.Hash, runtime.Feed.Head.Height.Value);
            if (options.Sandbox)
            {
                NodeLog.IsSandbox(log);
            }

            await app.WaitForShutdownAsync().ConfigureAwait(false);
        }
        finally
        {
            await runtime.StopAsync().ConfigureAwait(false);
        }
    }

    private static void Refuse(ValidatorRuntime runtime, Rejection? refusal, ILogger log)
    {
        runtime.Refusal = refusal;
        if (refusal is null)
        {
            NodeLog.TakesTransactions(log);
        }
        else
        {
            NodeLog.RefusesTransactions(log, refusal.Detail);
        }
    }

    public static GenesisDocument LoadGenesis(NodeOptions options)
    {
        GenesisDocument genesis;
        try
        {
            genesis = GenesisFile.Read(File.ReadAllBytes(options.GenesisPath));
        }
        catch (IOException e)
        {
            throw new NodeConfigurationException(
                "GENESIS_MISSING", $"{options.GenesisPath} cannot be read: {e.Message}");
        }
        catch (StrictJsonException e)
        {
            throw new NodeConfigurationException("GENESIS_INVALID", $"{options.GenesisPath}: {e.Message}");
        }

        IReadOnlyList<string> problems = GenesisValidator.Problems(genesis);
        return problems.Count == 0
            ? genesis
            : throw new NodeConfigurationException(
                "GENESIS_INVALID", $"{options.GenesisPath}: {string.Join(" ", problems)}");
    }

    /// <summary>No network that stands for something can be told to go wrong.</summary>
    private static void RequireSandbox(NodeOptions options, GenesisDocument genesis)
    {
        if (options.Sandbox && !genesis.IsSandbox)
        {
            throw new NodeConfigurationException(
                "SANDBOX_REFUSED",
                $"sandbox.faults is for networks whose name in genesis has the word Demo or Sandbox, and "
                    + $"'{genesis.NetworkName}' has not. Remove it from the configuration.");
        }
    }

    /// <summary>The validator's key; null for an observer, which has a name of its own.</summary>
    private static PrivateKey? LoadVoteKey(NodeOptions options, GenesisDocument genesis)
    {
        if (options.VoteKey is not { } files)
        {
            return genesis.Validators.All(validator => validator.Name != options.Name)
                ? null
                : throw new NodeConfigurationException(
                    "VOTE_KEY_UNKNOWN",
                    $"'{options.Name}' is a validator in {options.GenesisPath}, and voteKey is missing. An"
                        + " observer has a name of its own.");
        }

        PrivateKey key = KeyLoader.Open(files.Keystore, files.PasswordFile, "vote");
        int index = genesis.ValidatorSet.IndexOf(key.Address);
        if (index < 0 || genesis.Validators[index].Name != options.Name)
        {
            key.Dispose();
            throw new NodeConfigurationException(
                "VOTE_KEY_UNKNOWN",
                $"The vote key {Eip55.Format(key.Address)} is not that of '{options.Name}' in "
                + $"{options.GenesisPath}."
                    + " Is this the genesis and the name that the key was made for?");
        }

        return key;
    }

    private static void RequirePinned(NodeOptions options, GenesisDocument genesis, PeerTls tls)
    {
        if (options.VoteKey is null)
        {
            return;
        }

        Hash256 pin = genesis.Validators.Single(validator => validator.Name == options.Name).TlsKeyHash;
        if (tls.KeyHash != pin)
        {
            throw new NodeConfigurationException(
                "TLS_KEY_UNKNOWN",
                $"{options.Tls.Certificate} holds the key {tls.KeyHash}; genesis pins {pin} for "
                + $"'{options.Name}'.");
        }
    }

    private static WebApplicationBuilder CreateBuilder(NodeOptions options, PeerTls tls)
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
        builder.Services.AddRoutingCore();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<RuntimeMetrics>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopWithin);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            ListenerLimits.Apply(kestrel.Limits);
            kestrel.Listen(options.Peers.Listen, listen =>
            {
                var gate = new PeerGate(tls.IndexOf);
                listen.Use(gate.Admit);
                UsePeerTls(listen, tls);
                listen.Use(gate.Recognize);
            });
            kestrel.Listen(options.Api.Listen, listen =>
            {
                listen.Use(ListenerLimits.Api(options.Api.Quota).Guard);
                UseApi(listen, options.Api);
            });
            kestrel.Listen(options.Operations, static listen =>
            {
                listen.Use(ListenerLimits.Operations().Guard);
                listen.Protocols = HttpProtocols.Http1;
            });
            kestrel.ListenUnixSocket(AdminListener.Usable(options.AdminSocket), static listen =>
            {
                listen.Use(ListenerLimits.Operations().Guard);
                listen.Protocols = HttpProtocols.Http2;
            });
        });
        return builder;
    }

    private static void UsePeerTls(ListenOptions listen, PeerTls tls)
    {
        listen.Protocols = HttpProtocols.Http2;
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = tls.Certificate,
            SslProtocols = SslProtocols.Tls13,
            ClientCertificateMode = ClientCertificateMode.RequireCertificate,
            ClientCertificateValidation = (certificate, _, _) => tls.IndexOf(certificate) >= 0,
            HandshakeTimeout = TimeSpan.FromMilliseconds(Limits.PeerHandshakeMs),
        });
    }

    private static void UseApi(ListenOptions listen, ApiOptions api)
    {
        listen.Protocols = HttpProtocols.Http2;
        if (api.Tls is { } files)
        {
            listen.UseHttps(PeerTls.Load(files), https =>
            {
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                if (api.Principals is not null)
                {
                    // Whose it is, the file of principals says, by its public key; one that it does not know
                    // is nobody's.
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    https.ClientCertificateValidation = static (_, _, _) => true;
                }
            });
        }
    }

    private static RuntimeOptions Prepare(
        NodeOptions options, GenesisDocument genesis, LedgerFolders folders, PrivateKey? voteKey,
        PeerTls tls, Action<Exception> onFatal)
    {
        var scheme = new Secp256k1Scheme();
        return new RuntimeOptions
        {
            Genesis = genesis,
            OpenLedger = () => RocksKeyValueStore.Open(
                folders.Ledger, LedgerFormat.Families, RocksOptions.Ledger),
            OpenConsensus = () => RocksKeyValueStore.Open(
                Path.Combine(options.DataDirectory, "consensus"), ConsensusLog.Families,
                RocksOptions.Consensus),
            VoteKey = voteKey,
            OpenGuard = () => GuardFile.Open(options.VoteKey!.Guard),
            Signatures = scheme,
            TransactionSignatures = new TransactionSignatures(
                new TransactionDigest(genesis.ChainId, genesis.Hash), scheme),
            Connect = index => Connect(options, genesis, tls, index),
            Identity = tls,
            Observers = options.Peers.Observers.Length,
            OnFatal = onFatal,
            Snapshots = new SnapshotOptions(folders.Snapshots, options.Sync.SnapshotEveryBlocks),
            StateSync = new StateSyncOptions(
                options.Sync.StateSyncBehindBlocks,
                options.Sync.Checkpoint,
                () => RocksKeyValueStore.Open(
                    folders.Incoming, LedgerFormat.Families, RocksOptions.Ledger),
                folders.Adopt),
        };
    }

    /// <summary>A node that is far behind does not execute what it missed: it fetches the result.</summary>
    /// <returns>False when the process was told to stop meanwhile.</returns>
    private static async Task<bool> GetStateAsync(
        RuntimeOptions options, string? snapshot, WebApplication app)
    {
        ILogger log = RuntimeLogger(app);
        if (snapshot is not null)
        {
            StateSync.FromFile(options, snapshot, TimeProvider.System, log);
            return true;
        }

        // The host's own handling of signals begins with its start.
        using var interrupted = new CancellationTokenSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        using var inter = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        try
        {
            await StateSync.RunAsync(options, TimeProvider.System, log, interrupted.Token)
                .ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return false;
        }

        void Interrupt(PosixSignalContext context)
        {
            context.Cancel = true;
            interrupted.Cancel();
        }
    }

    private static ValidatorRuntime Open(RuntimeOptions options, WebApplication app) => ValidatorRuntime.Open(
        options, app.Services.GetRequiredService<RuntimeMetrics>(), TimeProvider.System, RuntimeLogger(app));

    private static ILogger RuntimeLogger(WebApplication app) =>
        app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("TokenLedger.Runtime");

    private static RpcChannel? Connect(NodeOptions options, GenesisDocument genesis, PeerTls tls, int index)
    {
        if (!options.Peers.Addresses.TryGetValue(genesis.Validators[index].Name, out DnsEndPoint? address))
        {
            return null;
        }

        return RpcChannel.ForAddress(
            new Uri($"https://{address.Host}:{address.Port}"),
            new RpcChannelOptions
            {
                SslOptions = tls.ClientOptions(index),
                ConnectTimeout = TimeSpan.FromSeconds(2),
                KeepAlivePingDelay = TimeSpan.FromSeconds(5),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            });
    }
}
