// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.State;
using TokenLedger.Storage;

namespace TokenLedger.Explorer.Index.Embedded;

/// <summary>Rows of a store or of one moment of it. Bytes that do not decode are never served.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RowReader(IKeyValueReader reader)
{
    /// <summary>The row of a key.</summary>
    public T? Find<T>(Family family, ReadOnlySpan<byte> key, CanonicalRead<T> read)
        where T : class =>
        reader.TryGet(family, key, out byte[]? value) ? Decode(family, value, read) : null;

    /// <summary>A value of a key.</summary>
    public T? FindValue<T>(Family family, ReadOnlySpan<byte> key, CanonicalRead<T> read)
        where T : struct =>
        reader.TryGet(family, key, out byte[]? value) ? Decode(family, value, read) : null;

    /// <summary>The rows of many keys; a key without a row is left out.</summary>
    public Dictionary<TKey, TRow> FindAll<TKey, TRow>(
        Family family, IReadOnlyCollection<TKey> keys, Func<TKey, byte[]> encode, CanonicalRead<TRow> read)
        where TKey : notnull
    {
        var rows = new Dictionary<TKey, TRow>(keys.Count);
        if (keys.Count == 0)
        {
            return rows;
        }

        byte[]?[] values = reader.MultiGet(
            family, [.. keys.Select(key => (ReadOnlyMemory<byte>)encode(key))]);
        foreach ((TKey key, byte[]? value) in keys.Zip(values))
        {
            if (value is not null)
            {
                rows.Add(key, Decode(family, value, read));
            }
        }

        return rows;
    }

    /// <summary>Rows of a range of keys, by key.</summary>
    public IReadOnlyList<T> Rows<T>(
        Family family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit, CanonicalRead<T> read,
        bool reverse = false) =>
        [.. Entries(family, from, to, limit, reverse).Select(entry => Decode(family, entry.Value, read))];

    /// <summary>Entries of a range of keys.</summary>
    public IReadOnlyList<KeyValue> Entries(
        Family family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit, bool reverse = false)
    {
        Invariant.Require(limit is > 0 and <= Limits.PageRows, "a page has 1 to PageRows rows");
        return reader.Scan(family, from, to, limit, reverse);
    }

    /// <summary>Decodes a value, or a key.</summary>
    /// <exception cref="StorageFault">Corrupt: the bytes are not what was written.</exception>
    public static T Decode<T>(Family family, ReadOnlySpan<byte> bytes, CanonicalRead<T> read)
    {
        try
        {
            return StateCodec.Decode(bytes, read);
        }
        catch (CanonicalFormatException e)
        {
            throw new StorageFault(
                StorageFaultKind.Corrupt, StorageScope.Process,
                $"The index holds a row in '{family.Name}' that does not decode: {e.Message} Remove its"
                    + " folder; it is made anew from the chain.",
                e);
        }
    }
}
