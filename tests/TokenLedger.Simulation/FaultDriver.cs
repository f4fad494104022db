// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>Makes the faults of a plan happen to a cluster, and ends them.</summary>
internal sealed class FaultDriver(SimCluster cluster)
{
    private const long HourMs = 3_600_000;
    private const int StormRestarts = 5;

    private readonly Purpose _choices = new(cluster.Options.Seed, "happens");
    private readonly List<Fault> _under = [];
    private readonly Dictionary<Fault, (MemoryDisk Ledger, MemoryDisk Record, byte[]? Guard)> _copies = [];

    public void Plan()
    {
        foreach (Fault fault in cluster.Options.Faults)
        {
            cluster.Time.At(fault.AtMs, () => Begin(fault));
            cluster.Time.At(fault.EndMs, () => End(fault));
        }
    }

    /// <summary>Ends all that is under way at these nodes and between them.</summary>
    public void Heal(IReadOnlySet<int> healthy)
    {
        foreach (Fault fault in _under.ToArray())
        {
            if (IsLink(fault.Kind) || healthy.Contains(fault.Target))
            {
                End(fault);
            }
        }

        foreach (SimNode node in cluster.Nodes.Where(node => healthy.Contains(node.Index)))
        {
            Disks(node, disk =>
            {
                disk.Disarm();
                disk.Full = false;
                disk.StallMs = 0;
                disk.Misdirects = false;
            });
            node.Guard.Disarm();
            node.IsOff = false;
            node.Resume();
            node.Clock.OffsetMs = 0;
            node.Clock.Freeze(false);
            node.Start();
        }
    }

    private static bool IsLink(FaultKind kind) => kind <= FaultKind.SlowLink;

    private static void Disks(SimNode node, Action<SimDisk> change)
    {
        change(node.Ledger);
        change(node.Record);
    }

    private void Begin(Fault fault)
    {
        cluster.Trace.Add(cluster.Time.NowMs, TraceKind.FaultBegins, fault.Target, fault.Id);
        _under.Add(fault);
        if (IsLink(fault.Kind))
        {
            cluster.Network.Begin(fault);
            return;
        }

        BeginAt(cluster.Nodes[fault.Target], fault, _choices.At(fault.Id));
    }

    private void BeginAt(SimNode node, Fault fault, DeterministicRandom random)
    {
        SimDisk disk = random.PerMille(500) ? node.Record : node.Ledger;
        bool lives = node.Life is not null;
        bool fires = true;
        switch (fault.Kind)
        {
            case FaultKind.Crash:
                node.IsOff = true;
                node.Crash(random.Below(1001));
                fires = lives;
                break;
            case FaultKind.WipedDisk:
                node.IsOff = true;
                node.Crash(0);
                node.Wipe();
                break;
            case FaultKind.RestartStorm:
                Storm(node, random);
                fires = false;
                break;
            case FaultKind.Pause:
                node.Pause(fault.EndMs);
                fires = lives;
                break;
            case FaultKind.ClockSkew or FaultKind.ClockJump:
                node.Clock.OffsetMs = (long)fault.Parameter - HourMs;
                fires = lives;
                break;
            case FaultKind.ClockFreeze:
                node.Clock.Freeze(true);
                fires = lives;
                break;
            case FaultKind.DiskFull or FaultKind.DiskStall or FaultKind.MisdirectedRead or FaultKind.BitRot:
                fires = BeginOnDisk(node, disk, fault);
                break;
            case FaultKind.Outage:
                if (cluster.Nodes.Any(static one => one.Life is not null))
                {
                    cluster.Fired(fault.Kind);
                }

                Outage(random);
                fires = false;
                break;
            case FaultKind.RestoreOldBackup or FaultKind.OldGuard:
                _copies[fault] = (
                    node.Ledger.Memory.DurableCopy(), node.Record.Memory.DurableCopy(), node.Guard.Read());
                fires = false;
                break;
            case FaultKind.LostGuard:
                node.IsOff = true;
                node.Crash(random.Below(1001));
                node.Guard.Put(fault.Parameter % 2 == 0 ? null : Rotten(node.Guard.Read(), random));
                break;
            default:
                // Counted when the write comes that it waits for.
                ArmOne(node, disk, random.Below(12), AtWrite(fault.Kind, random), random);
                fires = false;
                break;
        }

        if (fires)
        {
            node.Met(fault.Kind);
        }
    }

    /// <returns>False when it is counted later, when something meets it.</returns>
    private bool BeginOnDisk(SimNode node, SimDisk disk, Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.DiskFull:
                Disks(node, each => each.Full = true);
                CountOnce(node, fault.Kind);
                return false;
            case FaultKind.DiskStall:
                Disks(node, each => each.StallMs = fault.Parameter);
                CountOnce(node, fault.Kind);
                return false;
            case FaultKind.MisdirectedRead:
                Disks(node, each => each.Misdirects = true);
                return false;
            default:
                return node.Ledger == disk
                    ? disk.Rot(LedgerFormat.Families, fault.Parameter)
                    : disk.Rot(ConsensusLog.Families, fault.Parameter);
        }
    }

    /// <summary>Counts a fault of the disks when the first write meets it.</summary>
    private void CountOnce(SimNode node, FaultKind kind)
    {
        bool counted = false;
        Disks(node, disk => disk.Hindered = () =>
        {
            if (!counted)
            {
                counted = true;
                node.Met(kind);
            }
        });
    }

    private static void ArmOne(
        SimNode node, SimDisk disk, int after, WriteFault fault, DeterministicRandom random)
    {
        if (random.PerMille(300))
        {
            node.Guard.Arm(after, fault);
        }
        else
        {
            disk.Arm(after, fault);
        }
    }

    private static byte[]? Rotten(byte[]? content, DeterministicRandom random)
    {
        byte[]? rotten = content?.ToArray();
        if (rotten is { Length: > 0 })
        {
            rotten[random.Below(rotten.Length)] ^= 1;
        }

        return rotten;
    }

    /// <summary>The backup that was taken when the fault began is what the node has now.</summary>
    private void Restore(SimNode node, Fault fault)
    {
        (MemoryDisk ledger, MemoryDisk record, byte[]? guard) = _copies[fault];
        if (fault.Kind == FaultKind.RestoreOldBackup)
        {
            node.End();
            bool withGuard = cluster.Options.Breakage == Breakage.GuardInBackup;
            node.Guard.Put(withGuard ? guard : node.Guard.Read());
            node.Restore(ledger, record);
            node.Met(fault.Kind);
            return;
        }

        // Were the record from a backup too, or lost, nothing here could tell that the guard is old.
        bool alone = cluster.Options.Faults.All(other => other.Target != fault.Target
            || other.Kind is not (FaultKind.RestoreOldBackup or FaultKind.WipedDisk));
        node.Crash(0);
        node.Guard.Put(alone ? guard : null);
        node.Met(alone ? FaultKind.OldGuard : FaultKind.LostGuard);
        node.Start();
    }

    private static WriteFault AtWrite(FaultKind kind, DeterministicRandom random) => kind switch
    {
        FaultKind.TornWrite => WriteFault.Torn,
        FaultKind.WriteError => WriteFault.ErrorBefore,
        FaultKind.SyncError => WriteFault.SyncError,
        _ => random.PerMille(500) ? WriteFault.PowerLostBefore : WriteFault.PowerLostAfter,
    };

    private void Storm(SimNode node, DeterministicRandom random)
    {
        bool counted = false;
        for (ulong i = 0; i < StormRestarts; i++)
        {
            int kept = random.Below(1001);
            ulong at = random.Between(500, 1_500) * (i + 1);
            if (cluster.Time.NowMs + at < cluster.Options.ChaosMs)
            {
                cluster.Time.After(at, () =>
                {
                    if (!counted && node.Life is not null)
                    {
                        counted = true;
                        node.Met(FaultKind.RestartStorm);
                    }

                    node.Crash(kept);
                });
                cluster.Time.After(at + random.Between(10, 300), node.Start);
            }
        }
    }

    /// <summary>The power of the whole country: all go down at one moment, and come back singly.</summary>
    private void Outage(DeterministicRandom random)
    {
        foreach (SimNode node in cluster.Nodes)
        {
            node.Crash(random.Below(1001));
            cluster.Time.After(random.Between(100, 1_500), node.Start);
        }
    }

    private void End(Fault fault)
    {
        if (!_under.Remove(fault))
        {
            return;
        }

        cluster.Trace.Add(cluster.Time.NowMs, TraceKind.FaultEnds, fault.Target, fault.Id);
        SimNode node = cluster.Nodes[fault.Target];
        switch (fault.Kind)
        {
            case FaultKind.Crash or FaultKind.LostGuard or FaultKind.WipedDisk:
                node.IsOff = false;
                node.Start();
                break;
            case FaultKind.RestoreOldBackup or FaultKind.OldGuard:
                Restore(node, fault);
                break;
            case FaultKind.ClockSkew:
                node.Clock.OffsetMs = 0;
                break;
            case FaultKind.ClockFreeze:
                node.Clock.Freeze(false);
                break;
            case FaultKind.DiskFull:
                Disks(node, disk => disk.Full = false);
                node.Start();
                break;
            case FaultKind.DiskStall:
                Disks(node, disk => disk.StallMs = 0);
                break;
            case FaultKind.MisdirectedRead:
                Disks(node, disk => disk.Misdirects = false);
                break;
            case { } kind when IsLink(kind):
                cluster.Network.End(fault);
                break;
            default:
                break;
        }
    }
}
