// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using Google.Protobuf;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Crypto;
using TokenLedger.Runtime;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>A whole network of validators on one thread, in virtual time.</summary>
internal sealed class SimCluster : IDisposable
{
    private readonly OwnMeters _meters = new();
    private readonly SortedDictionary<FaultKind, ulong> _fired = [];

    public SimCluster(SimOptions options)
    {
        Options = options;
        ISigner[] keys = [.. Enumerable.Range(0, options.Nodes).Select(i => KeyOf(options, i))];
        Scheme = options.RealSignatures ? new Secp256k1Scheme() : new KeyedHashScheme();
        Genesis = options.Genesis(index => keys[index].Address);
        Validators = Genesis.ValidatorSet;
        Transactions = new KeyedTransactions();
        Metrics = new RuntimeMetrics(_meters);
        Network = new SimNetwork(options.Seed, options.Nodes, Time, Trace, Fired);
        Checker = new Checker(this);
        Accusations = new Accusations(this);
        Nodes = [.. keys.Select((key, index) => new SimNode(this, index, key))];
    }

    public SimOptions Options { get; }

    public VirtualTime Time { get; } = new();

    public Trace Trace { get; } = new();

    public SimNetwork Network { get; }

    public Checker Checker { get; }

    public Accusations Accusations { get; }

    public IReadOnlyList<SimNode> Nodes { get; }

    public GenesisDocument Genesis { get; }

    public ValidatorSet Validators { get; }

    public ISignatureScheme Scheme { get; }

    public KeyedTransactions Transactions { get; }

    public RuntimeMetrics Metrics { get; }

    /// <summary>How often each kind of fault came true.</summary>
    public IReadOnlyDictionary<FaultKind, ulong> FaultsFired => _fired;

    /// <summary>Told of each block of the chain once, when the first node makes it final.</summary>
    public Action<SimNode, LedgerStore, Block> Finalized { get; set; } = static (_, _, _) => { };

    public void Fired(FaultKind kind) => _fired[kind] = _fired.GetValueOrDefault(kind) + 1;

    public RuntimeOptions RuntimeOptions(SimNode node) => new()
    {
        Genesis = Genesis,
        OpenLedger = () => node.Ledger.Open(LedgerFormat.Families),
        OpenConsensus = () => node.Record.Open(ConsensusLog.Families),
        VoteKey = node.Key,
        OpenGuard = () => node.Guard,
        Signatures = Scheme,
        TransactionSignatures = Transactions,
        Connect = static _ => null,
        Identity = null!,
        OnFatal = cause => Checker.Fatal(node, cause),
    };

    /// <summary>
    /// Sends what a process says, when its disk lets it; what has not left when it ends, never leaves. A
    /// paused process hears it when it goes on.
    /// </summary>
    public void Send<T>(NodeLife sender, int from, int to, T message, Action<NodeLife, int, T> hear)
        where T : class, IMessage<T>, new()
    {
        void Depart() => Network.Send(from, to, message, arrived => Arrive(from, to, arrived, hear));
        if (sender.HeldMs == 0)
        {
            Depart();
            return;
        }

        Time.After(sender.HeldMs, () =>
        {
            if (!sender.IsOver)
            {
                Depart();
            }
        });
    }

    public void Dispose()
    {
        foreach (SimNode node in Nodes)
        {
            node.End();
        }

        Trace.Dispose();
        _meters.Dispose();
        foreach (PrivateKey key in Nodes.Select(node => node.Key).OfType<PrivateKey>())
        {
            key.Dispose();
        }
    }

    private void Arrive<T>(int from, int to, T message, Action<NodeLife, int, T> hear)
        where T : class, IMessage<T>, new()
    {
        SimNode node = Nodes[to];
        if (node.PausedUntil > Time.NowMs)
        {
            Time.At(node.PausedUntil, () => Arrive(from, to, message, hear));
            return;
        }

        if (node.Life is { } life)
        {
            life.Guard(() => hear(life, from, message));
        }
    }

    private static ISigner KeyOf(SimOptions options, int index)
    {
        byte[] secret = new byte[PrivateKey.Size];
        secret[0] = 1;
        secret[^2] = (byte)options.Nodes;
        secret[^1] = (byte)(index + 1);
        return options.RealSignatures
            ? PrivateKey.Import(secret)
            : KeyedHashScheme.SignerOf(TestNetwork.Named($"validator {index}"));
    }

    /// <summary>Meters that end with their run.</summary>
    private sealed class OwnMeters : IMeterFactory
    {
        private readonly List<Meter> _meters = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            _meters.Add(meter);
            return meter;
        }

        public void Dispose() => _meters.ForEach(meter => meter.Dispose());
    }
}
