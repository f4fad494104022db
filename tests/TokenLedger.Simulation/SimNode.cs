// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core.Consensus;
using TokenLedger.Storage;
using TokenLedger.Storage.Guards;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>A validator's machine: its disks, a clock, and the process on it, if one runs.</summary>
internal sealed class SimNode
{
    private readonly SimCluster _cluster;
    private readonly Purpose _choices;
    private ulong _lives;
    private bool _isEmpty;

    public SimNode(SimCluster cluster, int index, ISigner key)
    {
        _cluster = cluster;
        Index = index;
        Key = key;
        Clock = new NodeClock(cluster.Time);
        Adversary = cluster.Options.Byzantine.FirstOrDefault(one => one.Node == index)?.Adversary;
        Context = new AdversaryContext(
            key, index, cluster.Validators, cluster.Genesis.Hash,
            ConsensusTimers.FromDelta(
                cluster.Genesis.Consensus.DeltaMs, cluster.Genesis.Consensus.HeartbeatMs),
            cluster.Options.Seed);
        Ledger = NewDisk(lies: cluster.Options.Breakage == Breakage.FinalBeforeSync);
        Record = NewDisk(lies: cluster.Options.Breakage == Breakage.VoteBeforeSync);
        Incoming = NewDisk(lies: false);
        Guard = new SimGuard { Fired = Fired };
        Guard.Put(GuardState.Initial(cluster.Genesis.Hash, key.Address).Encode());
        _choices = new Purpose(cluster.Options.Seed, $"node {index}");
    }

    public int Index { get; }

    public ISigner Key { get; }

    public NodeClock Clock { get; }

    /// <summary>What bends its messages; null for an honest node.</summary>
    public Adversary? Adversary { get; }

    /// <summary>What its adversary remembers.</summary>
    public AdversaryContext Context { get; }

    public SimDisk Ledger { get; }

    public SimDisk Record { get; }

    public SimGuard Guard { get; }

    /// <summary>The process, while it runs.</summary>
    public NodeLife? Life { get; private set; }

    /// <summary>What it could not start or go on with, if only its operator can help.</summary>
    public StorageFault? Broken { get; private set; }

    /// <summary>Nothing runs here before then: SIGSTOP.</summary>
    public ulong PausedUntil { get; private set; }

    /// <summary>Where a wiped node puts a state that it fetches.</summary>
    public SimDisk Incoming { get; }

    /// <summary>What it offers to others.</summary>
    public SimShelf Snapshots { get; } = new();

    /// <summary>Set while a fault keeps the machine off.</summary>
    public bool IsOff { get; set; }

    public void Start()
    {
        if (Life is not null || IsOff || Broken is not null)
        {
            return;
        }

        NodeLife? life = null;
        try
        {
            ForgetVotesIfBroken();
            if (_isEmpty)
            {
                new SimStateSync(_cluster, this).Run();
                _isEmpty = false;
            }

            life = new NodeLife(_cluster, this, ++_lives);
            _cluster.Checker.Opened(Index, life.Ledger);
        }
        catch (PowerLossException)
        {
            life?.Dispose();
            PowerLost();
            return;
        }
        catch (StorageFault fault)
        {
            life?.Dispose();
            Stopped(fault);
            return;
        }

        Life = life;
        _cluster.Trace.Add(_cluster.Time.NowMs, TraceKind.Start, Index, life.Ledger.Head.Height.Value);
        life.Start();
    }

    /// <summary>SIGKILL and a power loss: of the writes that were not synced, a prefix stays.</summary>
    public void Crash(int keptPerMille)
    {
        _cluster.Trace.Add(_cluster.Time.NowMs, TraceKind.Crash, Index, (ulong)keptPerMille);
        End();
        Ledger.LosePower(keptPerMille);
        Incoming.LosePower(keptPerMille);
        Record.LosePower((keptPerMille * 7) % 1001);
        Guard.Disarm();
    }

    /// <summary>Ledger and record become those of a backup, while the process is stopped.</summary>
    public void Restore(MemoryDisk ledger, MemoryDisk record)
    {
        Crash(0);
        Ledger.Replace(ledger);
        Record.Replace(record);
        Broken = null;
        _isEmpty = false;
        _cluster.Checker.Restored(Index);
        Start();
    }

    public void PowerLost()
    {
        Crash(_choices.At(_lives).Below(1001));
        RestartLater();
    }

    /// <summary>The process stopped itself because of a disk. It comes back, if that can help.</summary>
    public void Stopped(StorageFault fault)
    {
        _cluster.Trace.Add(_cluster.Time.NowMs, TraceKind.Stop, Index, (ulong)fault.Kind);
        End();
        int kept = _choices.At(_lives, 2).Below(1001);
        Ledger.LosePower(kept);
        Record.LosePower((kept * 7) % 1001);
        Guard.Disarm();
        if (fault.Kind == StorageFaultKind.Corrupt)
        {
            Broken = fault;
            return;
        }

        RestartLater();
    }

    /// <summary>New disks in the place of all old ones. The signer guard is on none of them.</summary>
    public void Wipe()
    {
        Ledger.Replace(new MemoryDisk());
        Record.Replace(new MemoryDisk());
        Incoming.Replace(new MemoryDisk());
        Snapshots.Kept.Clear();
        Broken = null;
        _isEmpty = true;
        _cluster.Checker.Restored(Index);
    }

    /// <summary>A ledger made from a snapshot takes the place of the old one.</summary>
    public void AdoptIncoming() => Ledger.TakeOver(Incoming);

    public void Pause(ulong untilMs) => PausedUntil = Math.Max(PausedUntil, untilMs);

    public void Resume() => PausedUntil = 0;

    public void End()
    {
        Life?.Dispose();
        Life = null;
    }

    private void RestartLater() =>
        _cluster.Time.After(500 + _choices.At(_lives, 3).Between(0, 2_000), Start);

    /// <summary>
    /// Counts a fault that acted here. What befalls a liar is not counted: most rules are not asked of it.
    /// </summary>
    public void Met(FaultKind kind)
    {
        if (Adversary is null)
        {
            _cluster.Fired(kind);
        }
    }

    private SimDisk NewDisk(bool lies) => new()
    {
        Lies = lies,
        Misread = () => Met(FaultKind.MisdirectedRead),
        Fired = Fired,
    };

    private void Fired(WriteFault fault) => Met(fault switch
    {
        WriteFault.Torn => FaultKind.TornWrite,
        WriteFault.ErrorBefore => FaultKind.WriteError,
        WriteFault.SyncError => FaultKind.SyncError,
        _ => FaultKind.CrashAtWrite,
    });

    private void ForgetVotesIfBroken()
    {
        if (_cluster.Options.Breakage == Breakage.ForgottenVotes && _lives > 0)
        {
            Record.Replace(new MemoryDisk());
            Ledger.Replace(new MemoryDisk());
        }
    }
}
