// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Genesis;
using TokenLedger.Crypto;
using TokenLedger.Rpc;
using TokenLedger.Runtime;
using TokenLedger.Storage;
using TokenLedger.Storage.Guards;
using TokenLedger.Testing;

namespace TokenLedger.Chaos;

/// <summary>
/// One validator of a network of real processes that is not a process but lives here, with its real keys, and
/// misbehaves: the production runtime, whose every message passes an adversary before it leaves over real
/// mutual TLS. It begins with empty disks, follows the others, and votes. Its process must not run.
/// </summary>
/// <remarks>
/// The runtime's connections lead to listeners of its own (<see cref="Gateway"/>), one for each peer, behind
/// which the messages are bent; nothing of the runtime knows.
/// </remarks>
internal sealed class ByzantineValidator : IAsyncDisposable
{
    /// <summary>Ports above its peers' port, one for each peer.</summary>
    private const int FirstExit = 10;

    private readonly WebApplication _app;
    private readonly ValidatorRuntime _runtime;
    private readonly Misbehaviour _misbehaviour;
    private readonly Gateway _gateway;
    private readonly ValidatorFolder _folder;
    private volatile Exception? _failure;

    private ByzantineValidator(ValidatorFolder folder, Adversary behaviour)
    {
        _folder = folder;
        GenesisDocument genesis = folder.Genesis;
        _misbehaviour = new Misbehaviour(behaviour, new AdversaryContext(
            folder.VoteKey, folder.Index, genesis.ValidatorSet, genesis.Hash,
            ConsensusTimers.FromDelta(genesis.Consensus.DeltaMs, genesis.Consensus.HeartbeatMs), 1));
        _app = CreateApp();
        var scheme = new Secp256k1Scheme();
        _runtime = ValidatorRuntime.Open(
            new RuntimeOptions
            {
                Genesis = genesis,
                OpenLedger = static () => new MemoryStore(LedgerFormat.Families),
                OpenConsensus = static () => new MemoryStore(ConsensusLog.Families),
                OpenGuard = () => GuardFile.Open(folder.Guard),
                VoteKey = folder.VoteKey,
                Signatures = scheme,
                TransactionSignatures = new RealTransactionSignatures(
                    new TransactionDigest(genesis.ChainId, genesis.Hash), scheme),
                Connect = peer => RpcChannel.ForAddress($"http://127.0.0.1:{ExitPort(peer)}"),
                Identity = folder.Tls,
                OnFatal = cause => _failure = cause,
            },
            new RuntimeMetrics(_app.Services.GetRequiredService<IMeterFactory>()),
            TimeProvider.System,
            NullLogger.Instance);
        _gateway = new Gateway(_runtime, _misbehaviour, folder, ExitPort(0));
        var options = new RpcServerOptions { MaxReceiveMessageBytes = Limits.PeerMessageBytes };
        _app.MapRpcService(_gateway, options);
        _app.MapRpcService(new SyncGateway(_gateway, _runtime.Sync), options);
    }

    /// <summary>The height of its own machine.</summary>
    public ulong Height => _runtime.Feed.Head.Height.Value;

    /// <summary>How often each behaviour sent something else than the honest message.</summary>
    public IReadOnlyDictionary<string, ulong> Acts => _misbehaviour.Acts();

    /// <summary>What stopped its own machine, if something did; it is silent then.</summary>
    public Exception? Failure => _failure;

    /// <summary>Starts one, from what <c>tl network init</c> wrote for this validator.</summary>
    /// <param name="networkFolder">The network's folder.</param>
    /// <param name="index">The validator, from 0.</param>
    /// <param name="behaviour">What it does.</param>
    public static async Task<ByzantineValidator> StartAsync(
        string networkFolder, int index, Adversary behaviour)
    {
        var validator = new ByzantineValidator(ValidatorFolder.Read(networkFolder, index), behaviour);
        await validator._app.StartAsync();
        validator._gateway.Start();
        validator._runtime.Start();
        return validator;
    }

    public async ValueTask DisposeAsync()
    {
        await _runtime.StopAsync();
        await _gateway.DisposeAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private int ExitPort(int peer) => _folder.Listen.Port + FirstExit + peer;

    private WebApplication CreateApp()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.Services.AddMetrics();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(_folder.Listen, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = _folder.Tls.Certificate,
                    ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                    ClientCertificateValidation = (certificate, _, _) => _folder.Tls.IsKnown(certificate),
                });
            });
            for (int peer = 0; peer < _folder.Genesis.Validators.Length; peer++)
            {
                kestrel.ListenLocalhost(ExitPort(peer), static listen =>
                    listen.Protocols = HttpProtocols.Http2);
            }
        });
        return builder.Build();
    }
}
