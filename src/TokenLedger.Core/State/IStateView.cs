// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core.State;

/// <summary>
/// A state to read: the finalized one, or an overlay over it. What it returns does not change while it is
/// being read by its one user.
/// </summary>
public interface IStateView
{
    /// <summary>The value of a key.</summary>
    /// <returns>False when the key has none.</returns>
    bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value);

    /// <summary>
    /// The entries with <paramref name="from"/> ≤ key &lt; <paramref name="to"/> in byte order, at most
    /// <paramref name="limit"/> of them.
    /// </summary>
    IReadOnlyList<StateEntry> Range(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit);
}

/// <summary>A key and its value.</summary>
public readonly record struct StateEntry(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);

/// <summary>A change of one key.</summary>
/// <param name="Key">The key, table byte first.</param>
/// <param name="Value">The new value; null when the key is removed.</param>
public readonly record struct StateChange(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value);

/// <summary>What the state's tree had at a place before a block.</summary>
/// <param name="Key">The key's hash.</param>
/// <param name="Value">The value's hash; zero when the key had none.</param>
public readonly record struct FormerLeaf(Hash256 Key, Hash256 Value);
