// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using TokenLedger.Core;

namespace TokenLedger.Storage.RocksDb;

/// <summary>The reads, of the live database or of a snapshot.</summary>
/// <param name="db">The database.</param>
/// <param name="families">Its families.</param>
/// <param name="path">Its directory, for messages.</param>
/// <param name="snapshot">The moment; null for the live database.</param>
/// <param name="damaged">Told of every failed read: what is damaged must not be served from further.</param>
internal sealed unsafe class RocksReader(
    RocksDb db, RocksFamilies families, string path, Snapshot? snapshot, Action<StorageFault> damaged)
    : ISnapshot
{
    private readonly ReadOptions _options = new(snapshot);

    public bool TryGet(Family family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value)
    {
        nint slice = Native.rocksdb_get_pinned_cf(
            db, _options, families[family], key, (nuint)key.Length, out nint error);
        RocksError.ThrowIfSet(error, path, seen: damaged);
        value = Take(slice);
        return value is not null;
    }

    public byte[]?[] MultiGet(Family family, IReadOnlyList<ReadOnlyMemory<byte>> keys)
    {
        const int OnStack = 128;
        byte[]?[] values = new byte[]?[keys.Count];
        if (snapshot is null && keys.Count > OnStack)
        {
            // Several native calls: a snapshot makes them one moment.
            using var moment = new RocksReader(db, families, path, new Snapshot(db), damaged);
            return moment.MultiGet(family, keys);
        }

        byte[] packed = new byte[keys.Take(OnStack).Sum(key => key.Length)];
        for (int start = 0; start < values.Length; start += OnStack)
        {
            int count = Math.Min(OnStack, values.Length - start);
            MultiGet(family, keys, start, values.AsSpan(start, count), ref packed);
        }

        return values;
    }

    public IReadOnlyList<KeyValue> Scan(
        Family family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit, bool reverse = false)
    {
        Invariant.Require(limit > 0, "a scan asks for at least one entry");
        if (!to.IsEmpty && from.SequenceCompareTo(to) >= 0)
        {
            return [];
        }

        using var options = new ReadOptions(snapshot);
        var found = new List<KeyValue>();

        // The bounds are pinned until the iterator is destroyed.
        fixed (byte* lower = from, upper = to)
        {
            options.SetBounds(lower, from.Length, upper, to.Length);
            using var iterator = new Iterator(db, options, families[family], reverse);
            for (; found.Count < limit && iterator.Valid; iterator.Move())
            {
                found.Add(iterator.Current);
            }

            iterator.ThrowIfFailed(path, damaged);
        }

        return found;
    }

    public void Dispose()
    {
        _options.Dispose();
        snapshot?.Dispose();
    }

    private void MultiGet(
        Family family, IReadOnlyList<ReadOnlyMemory<byte>> keys, int start, Span<byte[]?> values,
        ref byte[] packed)
    {
        int count = values.Length;
        byte** pointers = stackalloc byte*[count];
        nuint* lengths = stackalloc nuint[count];
        nint* slices = stackalloc nint[count];
        nint* errors = stackalloc nint[count];
        int bytes = 0;
        for (int i = 0; i < count; i++)
        {
            bytes += keys[start + i].Length;
        }

        packed = packed.Length >= bytes ? packed : new byte[bytes];

        // Keys stand one after the other in an array that is pinned during the call; all other arrays are of
        // count elements on the stack.
        fixed (byte* first = packed)
        {
            int at = 0;
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<byte> key = keys[start + i].Span;
                key.CopyTo(packed.AsSpan(at));
                pointers[i] = first + at;
                lengths[i] = (nuint)key.Length;
                at += key.Length;
            }

            Native.rocksdb_batched_multi_get_cf(
                db, _options, families[family], (nuint)count, pointers, lengths, slices, errors, sorted: 0);
        }

        nint error = 0;
        for (int i = 0; i < count; i++)
        {
            values[i] = Take(slices[i]);
            if (errors[i] != 0 && error != 0)
            {
                Native.rocksdb_free(errors[i]);
            }
            else if (errors[i] != 0)
            {
                error = errors[i];
            }
        }

        RocksError.ThrowIfSet(error, path, seen: damaged);
    }

    /// <summary>
    /// Copies and destroys a slice of the library's; null for none. Its bytes live until destroyed.
    /// </summary>
    private static byte[]? Take(nint slice)
    {
        if (slice == 0)
        {
            return null;
        }

        byte* bytes = Native.rocksdb_pinnableslice_value(slice, out nuint length);
        byte[] copy = new ReadOnlySpan<byte>(bytes, (int)length).ToArray();
        Native.rocksdb_pinnableslice_destroy(slice);
        return copy;
    }
}
