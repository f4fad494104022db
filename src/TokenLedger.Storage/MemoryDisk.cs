// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;

namespace TokenLedger.Storage;

/// <summary>
/// What a <see cref="MemoryStore"/> keeps when it is closed or crashes. For tests and simulation: it can lose
/// unsynced writes as a loss of power does, and fail a write as a device does.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class MemoryDisk
{
    /// <summary>
    /// Unsynced writes that can be lost; before that many, the oldest reach the disk by themselves.
    /// </summary>
    public const int MaxUnsynced = 1_024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, MemoryDisk> _checkpoints = new(StringComparer.Ordinal);
    private readonly Queue<MemoryImage> _unsynced = new();
    private MemoryImage _durable;
    private MemoryImage _current;
    private MemoryStore? _holder;
    private StorageFaultKind? _failNext;

    /// <summary>An empty disk.</summary>
    public MemoryDisk()
        : this(MemoryImage.Empty)
    {
    }

    private MemoryDisk(MemoryImage image)
    {
        _durable = image;
        _current = image;
    }

    /// <summary>How many writes a loss of power would lose now.</summary>
    public int UnsyncedWrites
    {
        get
        {
            lock (_lock)
            {
                return _unsynced.Count;
            }
        }
    }

    internal MemoryImage Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <summary>
    /// The power fails: an open store is dead, and only the first <paramref name="kept"/> unsynced writes are
    /// left.
    /// </summary>
    /// <param name="kept">0 to <see cref="UnsyncedWrites"/>. Writes are one log, so what is left is a
    /// prefix.</param>
    public void Crash(int kept = 0)
    {
        lock (_lock)
        {
            Invariant.Require(kept >= 0 && kept <= _unsynced.Count, "only writes that happened can be kept");
            for (int i = 0; i < kept; i++)
            {
                _durable = _unsynced.Dequeue();
            }

            _unsynced.Clear();
            _current = _durable;
            _holder?.Kill(new StorageFault(
                StorageFaultKind.IO, StorageScope.Process, "The memory disk lost power. Open it anew."));
            _holder = null;
        }
    }

    /// <summary>What a power loss now would leave at the least, as a disk of its own.</summary>
    public MemoryDisk DurableCopy()
    {
        lock (_lock)
        {
            return new MemoryDisk(_durable);
        }
    }

    /// <summary>Makes the next write or sync fail, without effect on the disk.</summary>
    public void FailNextWrite(StorageFaultKind kind)
    {
        lock (_lock)
        {
            _failNext = kind;
        }
    }

    /// <summary>
    /// The copy that <see cref="IKeyValueStore.Checkpoint"/> made under this path; null when none.
    /// </summary>
    public MemoryDisk? FindCheckpoint(string path)
    {
        lock (_lock)
        {
            return _checkpoints.GetValueOrDefault(path);
        }
    }

    internal void Acquire(MemoryStore store, ImmutableArray<Family> families)
    {
        lock (_lock)
        {
            if (_holder is not null)
            {
                throw new StorageFault(
                    StorageFaultKind.Locked, StorageScope.Process, "The disk is open. Close it first.");
            }

            MemoryImage image = _current.WithFamilies(families);
            _holder = store;
            if (_unsynced.Count == 0)
            {
                _durable = image;
            }

            _current = image;
        }
    }

    internal void Release(MemoryStore store)
    {
        lock (_lock)
        {
            if (_holder == store)
            {
                _holder = null;
            }
        }
    }

    internal void Write(Func<MemoryImage, MemoryImage> change, bool sync)
    {
        lock (_lock)
        {
            if (_failNext is { } kind)
            {
                _failNext = null;
                throw new StorageFault(kind, StorageScope.Process, "The memory disk was told to fail.");
            }

            _current = change(_current);
            _unsynced.Enqueue(_current);
            while (_unsynced.Count > (sync ? 0 : MaxUnsynced))
            {
                _durable = _unsynced.Dequeue();
            }
        }
    }

    internal void Checkpoint(string path)
    {
        lock (_lock)
        {
            if (!_checkpoints.TryAdd(path, new MemoryDisk(_current)))
            {
                throw new StorageFault(
                    StorageFaultKind.IO, StorageScope.Request, $"{path} exists. Name a new directory.");
            }
        }
    }
}
