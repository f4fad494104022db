// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using TokenLedger.Core;

namespace TokenLedger.Storage;

/// <summary>The seam in memory: sorted, snapshot-isolated, for tests and simulation.</summary>
public sealed class MemoryStore : IKeyValueStore
{
    private readonly MemoryDisk _disk;
    private volatile StorageFault? _fault;
    private volatile bool _disposed;

    /// <summary>Opens a disk.</summary>
    /// <exception cref="StorageFault">It is open already (Locked), or has other families
    /// (Version).</exception>
    public MemoryStore(MemoryDisk disk, ImmutableArray<Family> families)
    {
        _disk = disk;
        disk.Acquire(this, families);
    }

    /// <summary>Opens an empty disk of its own.</summary>
    public MemoryStore(ImmutableArray<Family> families)
        : this(new MemoryDisk(), families)
    {
    }

    /// <inheritdoc/>
    public long ApproximateBytes => Image().Bytes;

    /// <inheritdoc/>
    public bool TryGet(Family family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value) =>
        Image().TryGet(family, key, out value);

    /// <inheritdoc/>
    public byte[]?[] MultiGet(Family family, IReadOnlyList<ReadOnlyMemory<byte>> keys) =>
        MultiGet(Image(), family, keys);

    /// <inheritdoc/>
    public IReadOnlyList<KeyValue> Scan(
        Family family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit, bool reverse = false) =>
        Scan(Image(), family, from, to, limit, reverse);

    /// <inheritdoc/>
    public IWriteBatch CreateBatch()
    {
        RequireUsable();
        return new Batch();
    }

    /// <inheritdoc/>
    public void Write(IWriteBatch batch, bool sync)
    {
        var own = batch as Batch;
        Invariant.Require(own is not null, "a batch is written to the store that made it");
        Change(image => image.With(own.Changes), sync);
        own.Clear();
    }

    /// <inheritdoc/>
    public void Sync() => Change(static image => image, sync: true);

    /// <inheritdoc/>
    public ISnapshot Snapshot() => new ImageSnapshot(Image());

    /// <inheritdoc/>
    public void Checkpoint(string path)
    {
        RequireUsable();
        _disk.Checkpoint(path);
    }

    /// <summary>Closes the store; the disk keeps its contents.</summary>
    public void Dispose()
    {
        _disposed = true;
        _disk.Release(this);
    }

    internal void Kill(StorageFault fault) => _fault ??= fault;

    private static byte[]?[] MultiGet(
        MemoryImage image, Family family, IReadOnlyList<ReadOnlyMemory<byte>> keys)
    {
        byte[]?[] values = new byte[]?[keys.Count];
        for (int i = 0; i < values.Length; i++)
        {
            image.TryGet(family, keys[i].Span, out values[i]);
        }

        return values;
    }

    private static List<KeyValue> Scan(
        MemoryImage image, Family family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit,
        bool reverse)
    {
        Invariant.Require(limit > 0, "a scan asks for at least one entry");
        return image.Scan(family, from, to, limit, reverse);
    }

    private void Change(Func<MemoryImage, MemoryImage> change, bool sync)
    {
        RequireUsable();
        try
        {
            _disk.Write(change, sync);
        }
        catch (StorageFault fault)
        {
            Kill(fault);
            throw;
        }
    }

    private MemoryImage Image()
    {
        RequireUsable();
        return _disk.Current;
    }

    private void RequireUsable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_fault is { } fault)
        {
            throw new StorageFault(fault.Kind, fault.Scope, fault.Message, fault);
        }
    }

    private sealed class ImageSnapshot(MemoryImage image) : ISnapshot
    {
        public bool TryGet(Family family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value) =>
            image.TryGet(family, key, out value);

        public byte[]?[] MultiGet(Family family, IReadOnlyList<ReadOnlyMemory<byte>> keys) =>
            MemoryStore.MultiGet(image, family, keys);

        public IReadOnlyList<KeyValue> Scan(
            Family family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit, bool reverse = false) =>
            MemoryStore.Scan(image, family, from, to, limit, reverse);

        public void Dispose()
        {
            // An image is immutable memory: nothing is held.
        }
    }

    private sealed class Batch : IWriteBatch
    {
        private readonly List<MemoryChange> _changes = [];

        public IReadOnlyList<MemoryChange> Changes => _changes;

        public int Count => _changes.Count;

        public void Put(Family family, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
            _changes.Add(new MemoryChange(family, key.ToArray(), value.ToArray(), To: null));

        public void Delete(Family family, ReadOnlySpan<byte> key) =>
            _changes.Add(new MemoryChange(family, key.ToArray(), Value: null, To: null));

        public void DeleteRange(Family family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to) =>
            _changes.Add(new MemoryChange(family, from.ToArray(), Value: null, to.ToArray()));

        public void Clear() => _changes.Clear();

        public void Dispose() => _changes.Clear();
    }
}
