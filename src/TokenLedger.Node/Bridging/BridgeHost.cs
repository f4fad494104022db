// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TokenLedger.Bridge;
using TokenLedger.Bridge.Remote;
using TokenLedger.Bridge.Sending;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Genesis;
using TokenLedger.Crypto;
using TokenLedger.Crypto.Keystores;
using TokenLedger.Evm;
using TokenLedger.Runtime;
using TokenLedger.Storage;
using TokenLedger.Storage.RocksDb;

namespace TokenLedger.Node.Bridging;

/// <summary>
/// Runs the workers of a validator's lanes, each from the moment that the ledger has the lane. A fault of one
/// is logged, waited out and tried again; it never touches the node.
/// </summary>
internal sealed class BridgeHost : IAsyncDisposable
{
    private readonly BridgeOptions _options;
    private readonly GenesisDocument _genesis;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly PrivateKey _signer;
    private readonly PrivateKey _sender;
    private readonly LedgerSink _sink;
    private readonly RocksKeyValueStore _journal;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ulong, BridgeStatus> _status = new();
    private readonly List<Task> _lanes = [];

    public BridgeHost(
        BridgeOptions options, GenesisDocument genesis, ValidatorRuntime runtime, string folder,
        TimeProvider time, ILogger log)
    {
        (_options, _genesis, _time, _log) = (options, genesis, time, log);
        _signer = Load(options.Signer, "signer");
        _sender = Load(options.Sender, "sender");
        _sink = new LedgerSink(
            runtime, _signer, new TransactionDigest(genesis.ChainId, genesis.Hash), time);
        _journal = RocksKeyValueStore.Open(folder, BridgeJournal.Families, RocksOptions.Consensus);
    }

    /// <summary>How a lane's worker is doing; null for a lane that this node does not look at.</summary>
    public BridgeStatus? StatusOf(ulong chainId) => _status.GetValueOrDefault(chainId);

    /// <summary>All lanes' workers.</summary>
    public ImmutableArray<BridgeStatus> All => [.. _status.Values.OrderBy(static status => status.ChainId)];

    public void Start()
    {
        foreach (LaneSettings lane in _options.Lanes)
        {
            _lanes.Add(Task.Run(() => RunAsync(lane)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_lanes).ConfigureAwait(false);
        _journal.Dispose();
        _signer.Dispose();
        _sender.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(LaneSettings settings)
    {
        var providers = new List<EvmProvider>();
        try
        {
            OpenBridgeLane terms = await TermsAsync(settings).ConfigureAwait(false);
            providers.AddRange(settings.Endpoints.Select(
                endpoint => new EvmProvider(endpoint, settings.Deadline, _time)));
            LaneWorker worker = Build(settings, terms, [.. providers.Select(static p => new EvmClient(p))]);
            string note = "";
            while (true)
            {
                bool works = await LookAsync(worker).ConfigureAwait(false);
                _status[settings.ChainId] = worker.Status;
                string now = worker.Status.Halt.Length > 0 ? worker.Status.Halt : worker.Status.Note;
                if (now != note)
                {
                    Tell(settings.ChainId, worker.Status, now);
                    note = now;
                }

                await Task.Delay(works ? settings.Poll : 10 * settings.Poll, _time, _stop.Token)
                    .ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        finally
        {
            providers.ForEach(static provider => provider.Dispose());
        }
    }

    private async Task<bool> LookAsync(LaneWorker worker)
    {
        try
        {
            return await worker.LookAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (StorageFault e)
        {
            BridgeLog.Failed(_log, worker.Status.ChainId, e);
            return false;
        }
    }

    /// <summary>A lane's terms, once the ledger has it.</summary>
    private async Task<OpenBridgeLane> TermsAsync(LaneSettings settings)
    {
        while (true)
        {
            if (_sink.Read(settings.ChainId, static lane => lane.Lane.Terms) is { } terms)
            {
                return terms;
            }

            _status[settings.ChainId] = new BridgeStatus(
                settings.ChainId, _signer.Address, _sender.Address, null, [], 0, "",
                "The ledger has no such lane yet.");
            await Task.Delay(settings.Poll, _time, _stop.Token).ConfigureAwait(false);
        }
    }

    private LaneWorker Build(LaneSettings settings, OpenBridgeLane terms, ImmutableArray<EvmClient> clients)
    {
        var journal = new BridgeJournal(_journal, settings.ChainId);
        return new LaneWorker(new LaneParts
        {
            LedgerId = _genesis.Hash,
            Settings = settings,
            Ledger = _sink,
            Remote = new EvmRemoteChain(
                new ProviderQuorum(clients, settings.Required, settings.Deadline, _time), terms, settings),
            Journal = journal,
            Messages = new BridgeMessages(_genesis.Hash, terms),
            Signer = _signer,
            Signatures = new Secp256k1Scheme(),
            Sender = new EvmSender(clients, _sender, journal, settings, _time),
            SenderAddress = _sender.Address,
            Time = _time,
        });
    }

    private void Tell(ulong chainId, BridgeStatus status, string note)
    {
        if (status.Halt.Length > 0)
        {
            BridgeLog.Halted(_log, chainId, note);
        }
        else if (note.Length > 0)
        {
            BridgeLog.Hindered(_log, chainId, note);
        }
        else
        {
            BridgeLog.Works(_log, chainId);
        }
    }

    private static PrivateKey Load(BridgeKeyFile file, string which)
    {
        try
        {
            byte[] password = File.ReadAllBytes(file.PasswordFile);
            PrivateKey key = KeystoreFolder.Load(file.Keystore, password.AsSpan().TrimEnd("\r\n"u8));
            Array.Clear(password);
            return key;
        }
        catch (IOException e)
        {
            throw new NodeConfigurationException(
                "KEYSTORE", $"The bridge's {which} key cannot be read: {e.Message}");
        }
    }
}
