// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>
/// Writes on top of a parent state: reads fall through to the parent, writes stay here. One overlay holds one
/// unfinalized block; its children's overlays stack on it. Savepoints undo an operation or a transaction.
/// One user until <see cref="Freeze"/>; after it immutable and safe for many readers when the parent is.
/// </summary>
public sealed class Overlay : IStateView
{
    /// <summary>An overlay without writes.</summary>
    public Overlay(IStateView parent) => throw new NotImplementedException();

    /// <summary>What this overlay lies on.</summary>
    public IStateView Parent => throw new NotImplementedException();

    /// <summary>True when nothing more may be written.</summary>
    public bool IsFrozen => throw new NotImplementedException();

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value) => throw new NotImplementedException();

    /// <inheritdoc/>
    public IReadOnlyList<StateEntry> Range(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit) =>
        throw new NotImplementedException();

    /// <summary>Sets a key. The overlay keeps both arrays: the caller no longer writes to them.</summary>
    public void Put(byte[] key, byte[] value) => throw new NotImplementedException();

    /// <summary>Removes a key; nothing happens when it has no value. The overlay keeps the array.</summary>
    public void Remove(byte[] key) => throw new NotImplementedException();

    /// <summary>A point to come back to. Points nest: going back to one forgets those taken after it.</summary>
    public Savepoint Save() => throw new NotImplementedException();

    /// <summary>Undoes every write since the point.</summary>
    public void RollBack(Savepoint point) => throw new NotImplementedException();

    /// <summary>Ends writing: sorts the changes and drops what only undoing needed.</summary>
    public void Freeze() => throw new NotImplementedException();

    /// <summary>What this overlay itself changes against its parent, by key in byte order; each key once.</summary>
    public IReadOnlyList<StateChange> Changes() => throw new NotImplementedException();
}

/// <summary>A point in an overlay's writes.</summary>
/// <param name="Position">How many writes stood then.</param>
public readonly record struct Savepoint(int Position);
