// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using TokenLedger.Storage;

namespace TokenLedger.Node.Tests.Streams;

/// <summary>
/// A store in memory that counts how often a block's events are read, and how many at once.
/// </summary>
internal sealed class CountingStore : IKeyValueStore
{
    private readonly MemoryStore _store = new(LedgerFormat.Families);
    private int _now;
    private int _most;
    private int _blocks;

    /// <summary>Blocks whose events were read.</summary>
    public int Blocks => Volatile.Read(ref _blocks);

    /// <summary>Blocks that were read at the same time, at most.</summary>
    public int MostAtOnce => Volatile.Read(ref _most);

    /// <summary>Told of each such read.</summary>
    public Action<int> OnBlock { get; set; } = static _ => { };

    public long ApproximateBytes => _store.ApproximateBytes;

    public bool TryGet(Family family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value)
    {
        if (family.Name != "events")
        {
            return _store.TryGet(family, key, out value);
        }

        int now = Interlocked.Increment(ref _now);
        InterlockedMax(now);
        OnBlock(Interlocked.Increment(ref _blocks));
        bool found = _store.TryGet(family, key, out value);
        Interlocked.Decrement(ref _now);
        return found;
    }

    public byte[]?[] MultiGet(Family family, IReadOnlyList<ReadOnlyMemory<byte>> keys) =>
        _store.MultiGet(family, keys);

    public IReadOnlyList<KeyValue> Scan(
        Family family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit, bool reverse = false) =>
        _store.Scan(family, from, to, limit, reverse);

    public IWriteBatch CreateBatch() => _store.CreateBatch();

    public void Write(IWriteBatch batch, bool sync) => _store.Write(batch, sync);

    public void Sync() => _store.Sync();

    public ISnapshot Snapshot() => _store.Snapshot();

    public void Checkpoint(string path) => _store.Checkpoint(path);

    public void Dispose() => _store.Dispose();

    private void InterlockedMax(int now)
    {
        int most = MostAtOnce;
        while (now > most)
        {
            most = Interlocked.CompareExchange(ref _most, now, most);
        }
    }
}
