// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using TokenLedger.Storage;

namespace TokenLedger.Simulation;

/// <summary>The store on a disk that can fail.</summary>
internal sealed class SimStore(SimDisk disk, MemoryStore inner) : IKeyValueStore
{
    public long ApproximateBytes => inner.ApproximateBytes;

    public bool TryGet(Family family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value)
    {
        disk.RequireSound(family, key);
        bool astray = disk.Misdirects && family.Name is "candidates" or "blocks";
        return (astray && TryMisread(family, key, out value)) || inner.TryGet(family, key, out value);
    }

    public byte[]?[] MultiGet(Family family, IReadOnlyList<ReadOnlyMemory<byte>> keys)
    {
        foreach (ReadOnlyMemory<byte> key in keys)
        {
            disk.RequireSound(family, key.Span);
        }

        return inner.MultiGet(family, keys);
    }

    public IReadOnlyList<KeyValue> Scan(
        Family family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit, bool reverse = false)
    {
        IReadOnlyList<KeyValue> found = inner.Scan(family, from, to, limit, reverse);
        if (disk.IsRotten)
        {
            foreach (KeyValue entry in found)
            {
                disk.RequireSound(family, entry.Key);
            }
        }

        return found;
    }

    public IWriteBatch CreateBatch() => inner.CreateBatch();

    public void Write(IWriteBatch batch, bool sync) => disk.Write(synced => inner.Write(batch, synced), sync);

    public void Sync() => disk.Write(synced =>
    {
        if (synced)
        {
            inner.Sync();
        }
    }, sync: true);

    public ISnapshot Snapshot() => inner.Snapshot();

    public void Checkpoint(string path) => inner.Checkpoint(path);

    public void Dispose() => inner.Dispose();

    /// <summary>What stands beside what was asked for, if there is anything.</summary>
    private bool TryMisread(Family family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value)
    {
        byte[] after = [.. key, 0];
        IReadOnlyList<KeyValue> beside = inner.Scan(family, after, [], limit: 1);
        value = beside.Count > 0 && inner.TryGet(family, key, out _) ? beside[0].Value : null;
        if (value is not null)
        {
            disk.Misread();
        }

        return value is not null;
    }
}
