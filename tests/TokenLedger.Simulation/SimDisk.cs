// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Storage;

namespace TokenLedger.Simulation;

/// <summary>
/// A disk in memory with faults that wait for their moment. As on the real database's log, what survives a
/// power loss is a prefix of the writes, and a torn write is dropped whole: its checksum does not hold.
/// </summary>
internal sealed class SimDisk
{
    private MemoryDisk _memory = new();
    private readonly HashSet<string> _rotten = new(StringComparer.Ordinal);
    private (int After, WriteFault Fault)? _armed;

    /// <summary>How long each write takes while the disk stalls.</summary>
    public ulong StallMs { get; set; }

    public bool Full { get; set; }

    /// <summary>Told of every write that a full or slow disk refused or held up.</summary>
    public Action Hindered { get; set; } = static () => { };

    /// <summary>Whoever reads a block gets its neighbour.</summary>
    public bool Misdirects { get; set; }

    /// <summary>Told of each read that went astray.</summary>
    public Action Misread { get; init; } = static () => { };

    /// <summary>A disk that says "synced" and lies: only to prove that it is seen.</summary>
    public bool Lies { get; init; }

    /// <summary>Time that writes took since somebody asked.</summary>
    public ulong TakenMs { get; set; }

    /// <summary>Faults that came true, by kind.</summary>
    public Action<WriteFault> Fired { get; set; } = static _ => { };

    public MemoryDisk Memory => _memory;

    public bool IsRotten => _rotten.Count > 0;

    /// <summary>Has a fault happen at one of the writes that follow, counted from zero.</summary>
    public void Arm(int after, WriteFault fault) => _armed = (after, fault);

    public void Disarm() => _armed = null;

    public IKeyValueStore Open(ImmutableArray<Family> families) =>
        new SimStore(this, new MemoryStore(_memory, families));

    /// <summary>The power fails. Of the writes that were not synced, so many per mille stay.</summary>
    public void LosePower(int sharePerMille)
    {
        _memory.Crash(_memory.UnsyncedWrites * sharePerMille / 1000);
        _armed = null;
        StallMs = 0;
        TakenMs = 0;
    }

    /// <summary>One value at rest is no longer what was written.</summary>
    public bool Rot(ImmutableArray<Family> families, ulong choice)
    {
        using var store = new MemoryStore(_memory.DurableCopy(), families);
        Family family = families[(int)(choice % (ulong)families.Length)];
        IReadOnlyList<KeyValue> entries = store.Scan(family, [], [], limit: 10_000);
        if (entries.Count == 0)
        {
            return false;
        }

        return _rotten.Add(Place(family, entries[(int)((choice >> 8) % (ulong)entries.Count)].Key));
    }

    /// <summary>Has another disk's content from now on, and that one none.</summary>
    public void TakeOver(SimDisk other)
    {
        Replace(other._memory);
        other.Replace(new MemoryDisk());
    }

    /// <summary>Another disk in the place of the old one.</summary>
    public void Replace(MemoryDisk memory)
    {
        _memory = memory;
        _rotten.Clear();
    }

    /// <summary>What a reader of the real database sees at a block whose checksum does not hold.</summary>
    public void RequireSound(Family family, ReadOnlySpan<byte> key)
    {
        if (_rotten.Count > 0 && _rotten.Contains(Place(family, key)))
        {
            throw new StorageFault(
                StorageFaultKind.Corrupt, StorageScope.Process, $"Bit rot in {family.Name}.");
        }
    }

    public void Write(Action<bool> write, bool sync)
    {
        TakenMs += StallMs;
        if (Full || StallMs > 0)
        {
            Hindered();
        }

        WriteFault? fault = null;
        if (_armed is { } armed)
        {
            _armed = armed.After > 0 ? (armed.After - 1, armed.Fault) : null;
            fault = armed.After > 0 ? null : armed.Fault;
        }

        if (fault is { } now)
        {
            Fired(now);
        }

        if (Full)
        {
            throw new StorageFault(StorageFaultKind.Full, StorageScope.Process, "No space left on device.");
        }

        switch (fault)
        {
            case WriteFault.PowerLostBefore:
                throw new PowerLossException();
            case WriteFault.ErrorBefore:
                throw new StorageFault(StorageFaultKind.IO, StorageScope.Process, "write: EIO");
            case WriteFault.Torn:
                write(false);
                throw new PowerLossException();
            case WriteFault.SyncError:
                write(false);
                throw new StorageFault(StorageFaultKind.IO, StorageScope.Process, "fsync: EIO");
            default:
                write(sync && !Lies);
                break;
        }

        if (fault == WriteFault.PowerLostAfter)
        {
            throw new PowerLossException();
        }
    }

    private static string Place(Family family, ReadOnlySpan<byte> key) =>
        $"{family.Index} {Convert.ToHexString(key)}";
}

/// <summary>What can happen at a write.</summary>
internal enum WriteFault
{
    PowerLostBefore = 1,
    PowerLostAfter = 2,

    /// <summary>The write is begun and never finished; whether it is there afterwards is open.</summary>
    Torn = 3,
    ErrorBefore = 4,

    /// <summary>The bytes were written, and the sync failed: whether they stay is open.</summary>
    SyncError = 5,
}

/// <summary>The machine that a node runs on lost its power in the middle of what it did.</summary>
internal sealed class PowerLossException : Exception;
