// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge;
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Bridge.Sending;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Evm;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>The process was killed: its writes are with the system, its memory is gone.</summary>
internal sealed class KilledException : Exception;

/// <summary>
/// One validator's bridge: the production worker with its journal on a disk of its own, a view of its own of
/// both sides, and a clock of its own. It can die at each of its calls.
/// </summary>
internal sealed class BridgeNode : IAttestationSink
{
    private const ulong RestartMs = 3_000;

    private readonly BridgeWorld _world;
    private readonly Purpose _choices;
    private MemoryState _state = new();
    private IKeyValueStore? _store;
    private LaneWorker? _worker;
    private LaneView? _view;
    private ulong _height;
    private ulong _calls;
    private ulong _polls;
    private int _generation;

    public BridgeNode(BridgeWorld world, int index)
    {
        (_world, Index) = (world, index);
        _choices = new Purpose(world.Options.Seed, $"bridge node {index}");
        Clock = new NodeClock(world.Time);
        View = new RemoteView(world, this);
        IsByzantine = world.Options.Byzantine.Contains(index);
        Disk = new SimDisk { Fired = _ => world.Fired(ArmedKind) };
        GoBackTo(0);
    }

    public int Index { get; }

    public bool IsByzantine { get; }

    public SimDisk Disk { get; }

    public NodeClock Clock { get; }

    public RemoteView View { get; }

    /// <summary>The fault that a write of the disk waits for.</summary>
    public BridgeFaultKind ArmedKind { get; set; }

    /// <summary>It dies before so manieth call from now; below zero for never.</summary>
    public int DiesIn { get; set; } = -1;

    public bool Paused { get; set; }

    /// <summary>Its ledger stands still.</summary>
    public bool LedgerLags { get; set; }

    /// <summary>Its ledger takes nothing.</summary>
    public bool Refuses { get; set; }

    /// <summary>So many of a thousand transactions never get into a block.</summary>
    public int Loses { get; set; }

    /// <summary>It stays off for good.</summary>
    public bool IsLost { get; set; }

    public BridgeJournal? Journal { get; private set; }

    public LaneWorker? Worker => _worker;

    public BridgeStatus? Status => _worker?.Status;

    public Address Key => BridgeOptions.KeyOf(Index, _generation);

    public Address Sender => TestNetwork.Named($"sender {Index}");

    /// <summary>Neither a liar nor told what only a quorum outvotes: all that it says is true.</summary>
    public bool IsTruthful => !IsByzantine && !View.Misled;

    /// <summary>The lane as its ledger has it now.</summary>
    public LaneView Lane => _view ??= LaneView.Read(
        _state, new Height(_height), _world.Ledger[_height].Time, BridgeOptions.ChainId)!;

    /// <summary>Looks again and again, as long as the run takes.</summary>
    public void Begin() => _world.Time.After(_choices.At(0).Between(0, 4_000), Poll);

    public void Start()
    {
        if (_worker is not null || IsLost)
        {
            return;
        }

        if (!LedgerLags)
        {
            CatchUp(_world.Ledger.Height.Value);
        }

        _store = Disk.Open(BridgeJournal.Families);
        Build();
        _world.Trace.Add(_world.Time.NowMs, TraceKind.Start, Index);
        _world.NodeChecks.Starts(this);
    }

    /// <summary>Kill −9: what was written is there, synced or not.</summary>
    public void Stop()
    {
        if (_worker is not null)
        {
            _world.Trace.Add(_world.Time.NowMs, TraceKind.Stop, Index);
        }

        _store?.Dispose();
        (_worker, Journal, _store, DiesIn) = (null, null, null, -1);
        _world.Time.After(RestartMs, Start);
    }

    /// <summary>It forgets what it read, as its operator decided, and begins anew.</summary>
    /// <returns>False if it does not run.</returns>
    public bool Reset()
    {
        return _worker is not null && Survives(() =>
        {
            Journal!.Reset();
            Build();
        });
    }

    public void LosePower(int sharePerMille)
    {
        Disk.LosePower(sharePerMille);
        _store = null;
        Stop();
    }

    /// <summary>Its ledger is that of an earlier block.</summary>
    public void GoBackTo(ulong height)
    {
        _state = new MemoryState();
        for (ulong i = 0; i <= height; i++)
        {
            _state.Apply(_world.Ledger[i].Changes);
        }

        (_height, _view) = (height, null);
    }

    /// <summary>Each call may be the last; and the world does not wait for it.</summary>
    public void Before(string call)
    {
        if (_worker is null)
        {
            return;
        }

        DeterministicRandom random = _choices.At(++_calls, 1);
        if (random.PerMille(30))
        {
            _world.MoveOn(random.PerMille(500));
        }

        if (DiesIn == 0)
        {
            DiesIn = -1;
            _world.Fired(BridgeFaultKind.Kill);
            throw new KilledException();
        }

        DiesIn -= DiesIn > 0 ? 1 : 0;
    }

    public T? Read<T>(ulong chainId, Func<LaneView, T> use)
    {
        Before("ledger read");
        ulong behind = (ulong)_choices.At(_calls, 2).Below(2);
        if (LedgerLags)
        {
            _world.Fired(BridgeFaultKind.LedgerLag);
        }
        else
        {
            CatchUp(_world.Ledger.Height.Value - behind);
        }

        return use(Lane);
    }

    public Task<bool> SubmitAsync(ImmutableArray<Operation> operations, CancellationToken cancellationToken)
    {
        Before("before submit");
        if (Refuses)
        {
            _world.Fired(BridgeFaultKind.SubmitRefused);
            return Task.FromResult(false);
        }

        _world.NodeChecks.Submits(this, operations);
        _world.Trace.Add(
            _world.Time.NowMs, TraceKind.Submit, Index, (ulong)operations.Length, Lane.Height.Value);
        DeterministicRandom random = _choices.At(_calls, 3);
        if (random.PerMille(Loses))
        {
            _world.Fired(BridgeFaultKind.SubmitLost);
        }
        else
        {
            _world.Ledger.Submit(Key, operations, random.Between(50, 1_500));
        }

        Before("after submit");
        return Task.FromResult(true);
    }

    private void Poll()
    {
        _world.Time.After(3_500 + _choices.At(++_polls, 4).Between(0, 1_000), Poll);
        if (Paused)
        {
            _world.Fired(BridgeFaultKind.Pause);
        }
        else if (IsByzantine)
        {
            CatchUp(_world.Ledger.Height.Value);
            UseKey();
            _world.Liars.Act(this, _choices.At(_polls, 5));
        }
        else if (_worker is not null)
        {
            Look(_worker);
        }
    }

    /// <summary>One look, which the model answers at once: the worker runs to its end here.</summary>
    private void Look(LaneWorker worker)
    {
        UseKey();
        worker = _worker ?? worker;
        bool works = false;
        bool survived = Survives(() =>
        {
            Task<bool> look = worker.LookAsync(CancellationToken.None);
            _world.Checker.Require("a look ends at once, on one thread", look.IsCompleted, "it waits");
            works = look.GetAwaiter().GetResult();
        });
        if (!survived)
        {
            return;
        }

        _world.Trace.Add(
            _world.Time.NowMs, TraceKind.Look, Index, worker.Status.Final?.Number ?? 0,
            _height | (works ? 1ul << 63 : 0));
        _world.NodeChecks.Looked(this, worker.Status);
    }

    /// <summary>False if the process died of it: it was killed, lost power, or its disk failed.</summary>
    private bool Survives(Action act)
    {
        try
        {
            act();
            return true;
        }
        catch (PowerLossException)
        {
            LosePower(_choices.At(_calls, 6).Below(1_001));
        }
        catch (Exception e) when (e is KilledException or StorageFault)
        {
            Stop();
        }

        return false;
    }

    /// <summary>The key whose duty it is; another one than before needs another start.</summary>
    private void UseKey()
    {
        for (int i = _world.Officers.Generations[Index]; i >= 0; i--)
        {
            if (Lane.Lane.IndexOf(BridgeOptions.KeyOf(Index, i)) >= 0)
            {
                if (i != _generation)
                {
                    _generation = i;
                    if (_worker is not null)
                    {
                        Build();
                    }
                }

                return;
            }
        }
    }

    private void CatchUp(ulong height)
    {
        for (; _height < height; _height++)
        {
            _state.Apply(_world.Ledger[_height + 1].Changes);
            _view = null;
        }
    }

    private void Build()
    {
        Journal = new BridgeJournal(_store!, BridgeOptions.ChainId);
        EvmClient client = _world.Evm.Node.Client(BeforeSend);
        Hash256 ledgerId = _world.Ledger.Genesis.Hash;
        _worker = new LaneWorker(new LaneParts
        {
            LedgerId = ledgerId,
            Settings = Settings,
            Ledger = this,
            Remote = View,
            Journal = Journal,
            Messages = new BridgeMessages(ledgerId, _world.Options.Terms),
            Signer = new Watched(this, KeyedHashScheme.SignerOf(Key)),
            Signatures = _world.Signatures,
            Sender = new EvmSender(
                [client], KeyedHashScheme.SignerOf(Sender), Journal, Settings, Clock),
            SenderAddress = Sender,
            Time = Clock,
        });
    }

    private void BeforeSend(string call)
    {
        Before(call);
        if (View.Throws > 0 && _choices.At(_calls, 7).PerMille(View.Throws))
        {
            _world.Fired(BridgeFaultKind.ViewThrows);
            throw new HttpRequestException("no answer");
        }
    }

    private static LaneSettings Settings { get; } = new()
    {
        ChainId = BridgeOptions.ChainId,
        Endpoints = [new Uri("http://model/")],
        Required = 1,
        CodeHash = default,
        SignerCodeHash = default,
        Turn = TimeSpan.FromSeconds(20),
        Replace = TimeSpan.FromSeconds(20),
        Identity = TimeSpan.FromSeconds(30),
    };

    /// <summary>Nothing is signed that the checks have not seen.</summary>
    private sealed class Watched(BridgeNode node, ISigner signer) : ISigner
    {
        public Address Address => signer.Address;

        public byte[] Sign(in Hash256 digest)
        {
            node._world.NodeChecks.Signs(node, digest);
            return signer.Sign(digest);
        }
    }
}
