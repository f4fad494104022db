// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace TokenLedger.Storage;

/// <summary>
/// All families of a memory database at one moment. Immutable, sharing structure with its successors.
/// </summary>
internal sealed class MemoryImage
{
    public static readonly MemoryImage Empty = new([], []);

    private static readonly IComparer<KeyValue> ByKey =
        Comparer<KeyValue>.Create(static (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));

    private readonly ImmutableArray<Family> _families;
    private readonly ImmutableArray<ImmutableSortedSet<KeyValue>> _tables;

    private MemoryImage(ImmutableArray<Family> families, ImmutableArray<ImmutableSortedSet<KeyValue>> tables)
    {
        _families = families;
        _tables = tables;
    }

    /// <summary>Keys and values of all families.</summary>
    public long Bytes =>
        _tables.Sum(table => table.Sum(entry => (long)entry.Key.Length + entry.Value.Length));

    /// <summary>The same contents under a list of families that holds all that there were.</summary>
    public MemoryImage WithFamilies(ImmutableArray<Family> families)
    {
        foreach (Family existing in _families)
        {
            if (!families.Any(family => family.Name == existing.Name))
            {
                throw new StorageFault(
                    StorageFaultKind.Version,
                    StorageScope.Process,
                    $"Family {existing.Name} is unknown to this build. Run the build that wrote it.");
            }
        }

        return new MemoryImage(families, [.. families.Select(TableOf)]);
    }

    public bool TryGet(Family family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value)
    {
        value = Table(family).TryGetValue(Probe(key), out KeyValue found) ? [.. found.Value] : null;
        return value is not null;
    }

    public List<KeyValue> Scan(
        Family family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit, bool reverse)
    {
        ImmutableSortedSet<KeyValue> table = Table(family);
        int first = IndexOf(table, from);
        int end = to.IsEmpty ? table.Count : IndexOf(table, to);
        int count = Math.Min(limit, Math.Max(0, end - first));
        var found = new List<KeyValue>(count);
        for (int i = 0; i < count; i++)
        {
            KeyValue entry = table[reverse ? end - 1 - i : first + i];
            found.Add(new KeyValue([.. entry.Key], [.. entry.Value]));
        }

        return found;
    }

    /// <summary>The image after the changes, applied in order.</summary>
    public MemoryImage With(IReadOnlyList<MemoryChange> changes)
    {
        var builders = new ImmutableSortedSet<KeyValue>.Builder?[_tables.Length];
        foreach (MemoryChange change in changes)
        {
            int index = change.Family.Index;
            var table = builders[index] ??= Table(change.Family).ToBuilder();
            if (change.To is { } to)
            {
                RemoveRange(table, change.Key, to);
                continue;
            }

            table.Remove(new KeyValue(change.Key, []));
            if (change.Value is { } value)
            {
                table.Add(new KeyValue(change.Key, value));
            }
        }

        return new MemoryImage(
            _families, [.. _tables.Select((table, index) => builders[index]?.ToImmutable() ?? table)]);
    }

    private static void RemoveRange(ImmutableSortedSet<KeyValue>.Builder table, byte[] from, byte[] to)
    {
        ImmutableSortedSet<KeyValue> before = table.ToImmutable();
        int end = IndexOf(before, to);
        for (int i = IndexOf(before, from); i < end; i++)
        {
            table.Remove(before[i]);
        }
    }

    /// <summary>Index of the first entry that is not less than <paramref name="key"/>.</summary>
    private static int IndexOf(ImmutableSortedSet<KeyValue> table, ReadOnlySpan<byte> key)
    {
        int index = table.IndexOf(Probe(key));
        return index >= 0 ? index : ~index;
    }

    private static KeyValue Probe(ReadOnlySpan<byte> key) => new(key.ToArray(), []);

    private ImmutableSortedSet<KeyValue> TableOf(Family family)
    {
        int index = _families.IndexOf(_families.FirstOrDefault(existing => existing.Name == family.Name));
        return index >= 0 ? _tables[index] : ImmutableSortedSet.Create(ByKey);
    }

    private ImmutableSortedSet<KeyValue> Table(Family family)
    {
        Core.Invariant.Require(
            (uint)family.Index < (uint)_families.Length && _families[family.Index] == family,
            "a family is one that the database was opened with");
        return _tables[family.Index];
    }
}

/// <summary>One change of a batch.</summary>
/// <param name="Family">Where.</param>
/// <param name="Key">The key, or the first of a range.</param>
/// <param name="Value">The new value; null when removed.</param>
/// <param name="To">The key after the range that is removed; null for a single key.</param>
internal readonly record struct MemoryChange(Family Family, byte[] Key, byte[]? Value, byte[]? To);
