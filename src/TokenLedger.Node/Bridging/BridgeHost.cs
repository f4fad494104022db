// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TokenLedger.Bridge;
using TokenLedger.Bridge.Remote;
using TokenLedger.Bridge.Sending;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Crypto;
using TokenLedger.Evm;
using TokenLedger.Node.Configuration;
using TokenLedger.Runtime;
using TokenLedger.Storage.RocksDb;

namespace TokenLedger.Node.Bridging;

/// <summary>A validator's part in the bridge: its keys, its journal, and a runner for each lane.</summary>
internal sealed class BridgeHost : IAsyncDisposable
{
    private readonly GenesisDocument _genesis;
    private readonly TimeProvider _time;
    private readonly PrivateKey _signer;
    private readonly PrivateKey _sender;
    private readonly LedgerSink _sink;
    private readonly RocksKeyValueStore _journal;

    /// <param name="options">Keys and lanes.</param>
    /// <param name="genesis">The ledger's.</param>
    /// <param name="runtime">The node's ledger.</param>
    /// <param name="folder">Where the journal is.</param>
    /// <param name="stopNode">Stops the process with a report.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">What operators read.</param>
    public BridgeHost(
        BridgeOptions options, GenesisDocument genesis, ValidatorRuntime runtime, string folder,
        Action<Exception> stopNode, TimeProvider time, ILogger log)
    {
        (_genesis, _time) = (genesis, time);
        _signer = KeyLoader.Open(options.Signer.Keystore, options.Signer.PasswordFile, "bridge's signer");
        _sender = KeyLoader.Open(options.Sender.Keystore, options.Sender.PasswordFile, "bridge's sender");
        RequireOwnDuties(_signer.Address, _sender.Address, genesis.ValidatorSet);
        _sink = new LedgerSink(
            runtime, _signer, new TransactionDigest(genesis.ChainId, genesis.Hash), time);
        _journal = RocksKeyValueStore.Open(folder, BridgeJournal.Families, RocksOptions.Consensus);
        Lanes = [.. options.Lanes.Select(lane => Runner(lane, stopNode, log))];
    }

    /// <summary>All lanes that this node looks at.</summary>
    public ImmutableArray<LaneRunner> Lanes { get; }

    /// <summary>How a lane's worker is doing; null for a lane that this node does not look at.</summary>
    public BridgeStatus? StatusOf(ulong chainId) => Find(chainId)?.Status;

    /// <summary>A lane that this node looks at; null for another.</summary>
    public LaneRunner? Find(ulong chainId) => Lanes.FirstOrDefault(lane => lane.ChainId == chainId);

    /// <summary>When signers were heard of.</summary>
    public SignerWatch Signers => _sink.Signers;

    /// <summary>What keeps a lane from working that an operator or officers must look at; empty when nothing
    /// does.</summary>
    public string Alarm => Lanes.Select(static lane => lane.Alarm)
        .FirstOrDefault(static alarm => alarm.Length > 0) ?? "";

    public void Start()
    {
        foreach (LaneRunner lane in Lanes)
        {
            lane.Start();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (LaneRunner lane in Lanes)
        {
            await lane.DisposeAsync().ConfigureAwait(false);
        }

        _journal.Dispose();
        _signer.Dispose();
        _sender.Dispose();
    }

    /// <summary>A key has one duty: who steals one that pays must not sign, nor vote.</summary>
    /// <exception cref="NodeConfigurationException">One key has two.</exception>
    internal static void RequireOwnDuties(Address signer, Address sender, ValidatorSet validators)
    {
        string? twice = signer == sender ? "sign and pay"
            : validators.IndexOf(signer) >= 0 ? "sign and vote"
            : validators.IndexOf(sender) >= 0 ? "pay and vote"
            : null;
        if (twice is not null)
        {
            throw new NodeConfigurationException(
                "BRIDGE_KEYS",
                $"One of the bridge's keys would {twice}: signerKey, senderKey and voteKey are three keys.");
        }
    }

    private LaneRunner Runner(LaneSettings settings, Action<Exception> stopNode, ILogger log)
    {
        var journal = new BridgeJournal(_journal, settings.ChainId);
        var idle = new BridgeStatus(
            settings.ChainId, _signer.Address, _sender.Address, null, [], 0, journal.Halt ?? "", "");
        return new LaneRunner(
            settings, idle, journal, () => _sink.Read(settings.ChainId, static lane => lane.Lane.Terms),
            (terms, clients) => Worker(settings, journal, terms, [.. clients]), stopNode, _time, log);
    }

    private LaneWorker Worker(
        LaneSettings settings, BridgeJournal journal, OpenBridgeLane terms,
        ImmutableArray<EvmClient> clients) =>
        new(new LaneParts
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
