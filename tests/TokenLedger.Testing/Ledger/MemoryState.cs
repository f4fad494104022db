// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.State;

namespace TokenLedger.Testing;

/// <summary>A whole state in memory: the finalized one of tests. Not thread-safe.</summary>
public sealed class MemoryState : IStateView
{
    private static readonly Comparer<byte[]> ByteOrder =
        Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b));

    private readonly SortedDictionary<byte[], byte[]>?[] _tables = new SortedDictionary<byte[], byte[]>?[256];

    public MemoryState()
    {
    }

    public MemoryState(IEnumerable<StateChange> changes) => Apply(changes);

    /// <summary>A copy that changes apart from this one.</summary>
    public MemoryState Copy() => new(Entries().Select(entry => new StateChange(entry.Key, entry.Value)));

    public void Apply(IEnumerable<StateChange> changes)
    {
        foreach (StateChange change in changes)
        {
            byte[] key = change.Key.ToArray();
            SortedDictionary<byte[], byte[]> table = _tables[key[0]] ??= new(ByteOrder);
            if (change.Value is { } value)
            {
                table[key] = value.ToArray();
            }
            else
            {
                table.Remove(key);
            }
        }
    }

    public void Put(byte[] key, byte[] value) => Apply([new StateChange(key, value)]);

    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        byte[]? found = null;
        bool there = _tables[key[0]]?.TryGetValue(key.ToArray(), out found) ?? false;
        value = found;
        return there;
    }

    public IReadOnlyList<StateEntry> Range(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit)
    {
        var entries = new List<StateEntry>();
        for (int table = from[0]; table <= to[0]; table++)
        {
            foreach ((byte[] key, byte[] value) in _tables[table] ?? [])
            {
                if (entries.Count == limit || to.SequenceCompareTo(key) <= 0)
                {
                    break;
                }

                if (from.SequenceCompareTo(key) <= 0)
                {
                    entries.Add(new StateEntry(key, value));
                }
            }
        }

        return entries;
    }

    public IEnumerable<StateEntry> Entries()
    {
        foreach (SortedDictionary<byte[], byte[]>? table in _tables)
        {
            foreach ((byte[] key, byte[] value) in table ?? [])
            {
                yield return new StateEntry(key, value);
            }
        }
    }
}
