// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>
/// The Merkle tree over the whole state, as <see cref="StateHash"/> defines it. Immutable: an update gives a new tree
/// that shares what did not change, so one tree per unfinalized block costs its changes only. The root depends on the
/// content alone, never on how it came about. Safe for many readers.
/// </summary>
public sealed class StateTree
{
    /// <summary>The tree of an empty state; its root is the zero hash.</summary>
    public static StateTree Empty => throw new NotImplementedException();

    /// <summary>The state root that headers carry.</summary>
    public Hash256 Root => throw new NotImplementedException();

    /// <summary>How many keys it covers.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>The tree of a whole state, for start-up: keys in any order, each once.</summary>
    public static StateTree Build(IEnumerable<StateEntry> entries) => throw new NotImplementedException();

    /// <summary>The tree after these changes, each key at most once. Removing an absent key changes nothing.</summary>
    public StateTree Update(IReadOnlyList<StateChange> changes) => throw new NotImplementedException();

    /// <summary>Shows that a key has its value, or none, under <see cref="Root"/>.</summary>
    public StateProof Prove(ReadOnlySpan<byte> key) => throw new NotImplementedException();
}
