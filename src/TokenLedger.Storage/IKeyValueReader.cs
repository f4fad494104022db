// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace TokenLedger.Storage;

/// <summary>
/// A column family: a key space of its own inside one database. Which families a database has is fixed at
/// open.
/// </summary>
/// <param name="Index">Its place in the list that the database is opened with, from 0.</param>
/// <param name="Name">Its name on disk: lower-case ASCII.</param>
public readonly record struct Family(int Index, string Name);

/// <summary>A key and its value. The arrays belong to whoever asked.</summary>
public readonly record struct KeyValue(byte[] Key, byte[] Value);

/// <summary>
/// Reads of a key-value database, live or of a snapshot. Keys are ordered by their unsigned bytes.
/// </summary>
/// <remarks>Thread-safe. Every method throws <see cref="StorageFault"/> when the bytes cannot be
/// read.</remarks>
public interface IKeyValueReader
{
    /// <summary>The value of a key, as a new array.</summary>
    /// <returns>False when the key has none.</returns>
    bool TryGet(Family family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value);

    /// <summary>The values of many keys, in their order; null where a key has none.</summary>
    /// <remarks>All from one moment, even on a live store.</remarks>
    byte[]?[] MultiGet(Family family, IReadOnlyList<ReadOnlyMemory<byte>> keys);

    /// <summary>
    /// The entries with <paramref name="from"/> ≤ key &lt; <paramref name="to"/>, at most
    /// <paramref name="limit"/>.
    /// </summary>
    /// <param name="family">Where to look.</param>
    /// <param name="from">First key; empty for the start.</param>
    /// <param name="to">The key after the last; empty for the end.</param>
    /// <param name="limit">At least 1.</param>
    /// <param name="reverse">True to begin with the greatest key of the range and go down.</param>
    IReadOnlyList<KeyValue> Scan(
        Family family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit, bool reverse = false);
}
