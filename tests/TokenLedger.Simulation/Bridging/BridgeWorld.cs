// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Execution;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>All that a run of the bridge consists of, on one thread.</summary>
internal sealed class BridgeWorld : IDisposable
{
    private readonly SortedDictionary<BridgeFaultKind, ulong> _fired = [];
    private bool _isMoving;

    public BridgeWorld(BridgeOptions options)
    {
        Options = options;
        Messages = new BridgeMessages(TestNetwork.Genesis().Hash, options.Terms);
        Ledger = new SimLedger(this);
        Evm = new SimEvm(this, options.Terms);
        Books = new BridgeBooks(this);
        NodeChecks = new BridgeNodeChecks(this);
        Officers = new BridgeOfficers(this);
        Clients = new BridgeClients(this);
        Liars = new BridgeLiars(this);
        Ledger.SetUp(options.Terms);
        Evm.Chain.Accepts = Books.MayMint;
        Evm.Node.Keeps = NodeChecks.Sends;
        Nodes = [.. Enumerable.Range(0, options.Signers).Select(i => new BridgeNode(this, i))];
    }

    public BridgeOptions Options { get; }

    public VirtualTime Time { get; } = new();

    public Trace Trace { get; } = new();

    public BridgeChecker Checker { get; } = new();

    public KeyedHashScheme Signatures { get; } = new();

    public BridgeMessages Messages { get; }

    public SimLedger Ledger { get; }

    public SimEvm Evm { get; }

    public BridgeBooks Books { get; }

    public BridgeNodeChecks NodeChecks { get; }

    public BridgeOfficers Officers { get; }

    public BridgeClients Clients { get; }

    public BridgeLiars Liars { get; }

    public IReadOnlyList<BridgeNode> Nodes { get; } = [];

    /// <summary>Final blocks abroad gave way: what the ledger heard of them need not be so.</summary>
    public bool IsReversed { get; set; }

    /// <summary>Units appeared abroad that nobody locked.</summary>
    public bool IsForged { get; set; }

    /// <summary>Wrong supplies were told to more signers than may fail.</summary>
    public bool IsDeceived { get; set; }

    /// <summary>Other signers were asked for before those that were asked for had their duty.</summary>
    public bool IsSuperseded { get; set; }

    /// <summary>The lane may halt by itself.</summary>
    public bool MayHalt => IsReversed || IsForged || IsDeceived || IsSuperseded;

    public IReadOnlyDictionary<BridgeFaultKind, ulong> FaultsFired => _fired;

    public void Fired(BridgeFaultKind kind) => _fired[kind] = _fired.GetValueOrDefault(kind) + 1;

    /// <summary>In the middle of something else, one of the chains goes on.</summary>
    public void MoveOn(bool abroad)
    {
        if (_isMoving)
        {
            return;
        }

        _isMoving = true;
        if (abroad)
        {
            Evm.Mine();
        }
        else
        {
            Ledger.RunBlock();
        }

        _isMoving = false;
    }

    public void LedgerBlock(ExecutedBlock block)
    {
        Trace.Add(Time.NowMs, TraceKind.LedgerBlock, -1, Word(block.ReceiptsRoot), Word(block.EventsRoot));
        Books.Ledger(block);
    }

    public void RemoteBlock()
    {
        ModelBlock latest = Evm.Chain.Latest;
        Trace.Add(
            Time.NowMs, TraceKind.RemoteBlock, -1, latest.Header.Number, Word(latest.Header.Hash));
        Books.Remote();
    }

    public static ulong Word(Hash256 hash) => BinaryPrimitives.ReadUInt64LittleEndian(hash.ToArray());

    public void Dispose() => Trace.Dispose();
}
