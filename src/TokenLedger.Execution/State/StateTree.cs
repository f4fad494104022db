// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.Snapshots;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>
/// The Merkle tree over the whole state, as <see cref="StateHash"/> defines it. Immutable: an update gives a
/// new tree that shares what did not change, so one tree per unfinalized block costs its changes only. The
/// root depends on the content alone, never on how it came about. Safe for many readers.
/// </summary>
/// <remarks>
/// A subtree of up to <see cref="StateTreeNode.BucketLeaves"/> keys is kept as one sorted array and a hash:
/// half the memory of a node for every branching, for about three hashes more per update (about 115 bytes a
/// key).
/// </remarks>
public sealed class StateTree
{
    private readonly StateTreeNode? _top;

    private StateTree(StateTreeNode? top, int count)
    {
        _top = top;
        Count = count;
    }

    /// <summary>The tree of an empty state; its root is the zero hash.</summary>
    public static StateTree Empty { get; } = new(null, 0);

    /// <summary>The state root that headers carry.</summary>
    public Hash256 Root => StateTreeNode.HashOf(_top);

    /// <summary>How many keys it covers.</summary>
    public int Count { get; }

    /// <summary>The tree of a whole state, for start-up: keys in any order, each once.</summary>
    public static StateTree Build(IEnumerable<StateEntry> entries)
    {
        var leaves = new List<StateTreeLeaf>();
        foreach (StateEntry entry in entries)
        {
            leaves.Add(new StateTreeLeaf(StateHash.Key(entry.Key.Span), StateHash.Value(entry.Value.Span)));
        }

        leaves.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        for (int i = 1; i < leaves.Count; i++)
        {
            Invariant.Require(leaves[i - 1].Key != leaves[i].Key, "a state has each key once");
        }

        Span<StateTreeLeaf> sorted = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(leaves);
        return new StateTree(StateTreeNode.Create(sorted, 0), leaves.Count);
    }

    /// <summary>The tree after these changes, each key at most once. Removing an absent key changes
    /// nothing.</summary>
    public StateTree Update(IReadOnlyList<StateChange> changes)
    {
        if (changes.Count == 0)
        {
            return this;
        }

        var deltas = new StateTreeDelta[changes.Count];
        for (int i = 0; i < deltas.Length; i++)
        {
            StateChange change = changes[i];
            deltas[i] = new StateTreeDelta(
                StateHash.Key(change.Key.Span),
                change.Value is { } value ? StateHash.Value(value.Span) : default,
                change.Value is null);
        }

        Array.Sort(deltas, static (a, b) => a.Key.CompareTo(b.Key));
        for (int i = 1; i < deltas.Length; i++)
        {
            Invariant.Require(deltas[i - 1].Key != deltas[i].Key, "an update has each key once");
        }

        int count = Count;
        StateTreeNode? top = StateTreeNode.Apply(_top, deltas, 0, ref count);
        return new StateTree(top, count);
    }

    /// <summary>
    /// What stands here at the places of these changes, each key once, in the order of their hashes: by it,
    /// <see cref="Restore"/> of the tree after them gives this one.
    /// </summary>
    public ImmutableArray<FormerLeaf> Former(IReadOnlyList<StateChange> changes)
    {
        var former = new FormerLeaf[changes.Count];
        for (int i = 0; i < former.Length; i++)
        {
            Hash256 key = StateHash.Key(changes[i].Key.Span);
            former[i] = new FormerLeaf(key, ValueAt(key));
        }

        Array.Sort(former, static (a, b) => a.Key.CompareTo(b.Key));
        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(former);
    }

    /// <summary>The tree before a block: with what it replaced.</summary>
    /// <param name="former">By key hash, each once and in order.</param>
    public StateTree Restore(ImmutableArray<FormerLeaf> former)
    {
        var deltas = new StateTreeDelta[former.Length];
        for (int i = 0; i < deltas.Length; i++)
        {
            Invariant.Require(i == 0 || former[i - 1].Key < former[i].Key, "former leaves are in order");
            deltas[i] = new StateTreeDelta(former[i].Key, former[i].Value, former[i].Value.IsZero);
        }

        int count = Count;
        StateTreeNode? top = StateTreeNode.Apply(_top, deltas, 0, ref count);
        return new StateTree(top, count);
    }

    /// <summary>Shows that a key has its value, or none, under <see cref="Root"/>.</summary>
    public StateProof Prove(ReadOnlySpan<byte> key)
    {
        Hash256 keyHash = StateHash.Key(key);
        var siblings = ImmutableArray.CreateBuilder<Hash256>();
        StateTreeNode? node = _top;
        while (node is StateTreeBranch branch)
        {
            bool right = keyHash.Bit(siblings.Count);
            siblings.Add(StateTreeNode.HashOf(right ? branch.Left : branch.Right));
            node = right ? branch.Right : branch.Left;
        }

        ReadOnlySpan<StateTreeLeaf> leaves = node is StateTreeBucket bucket ? bucket.Leaves : [];
        while (leaves.Length > 1)
        {
            int depth = siblings.Count;
            int split = StateTreeNode.Split(leaves, depth);
            bool right = keyHash.Bit(depth);
            siblings.Add(StateTreeNode.HashOf(right ? leaves[..split] : leaves[split..], depth + 1));
            leaves = right ? leaves[split..] : leaves[..split];
        }

        OtherLeaf? other = leaves.IsEmpty || leaves[0].Key == keyHash
            ? null
            : new OtherLeaf(leaves[0].Key, leaves[0].Value);
        return new StateProof(siblings.ToImmutable(), other);
    }

    /// <summary>
    /// Ranges that cover all keys in order, as few as possible with at most <paramref name="most"/> keys
    /// each.
    /// </summary>
    public IReadOnlyList<RangeCount> Cut(int most)
    {
        Invariant.Require(most >= StateTreeNode.BucketLeaves, "a range holds a bucket");
        var cut = new List<RangeCount>();
        _ = Cut(_top, KeyRange.All, most, cut);
        return cut;
    }

    /// <summary>From the root downwards, the hash beside each step to a range's place.</summary>
    /// <exception cref="InvariantException">The range is below a leaf or an empty place.</exception>
    public ImmutableArray<Hash256> Siblings(in KeyRange range)
    {
        var siblings = ImmutableArray.CreateBuilder<Hash256>(range.Depth);
        StateTreeNode? node = _top;
        while (siblings.Count < range.Depth && node is StateTreeBranch branch)
        {
            bool right = range.Start.Bit(siblings.Count);
            siblings.Add(StateTreeNode.HashOf(right ? branch.Left : branch.Right));
            node = right ? branch.Right : branch.Left;
        }

        ReadOnlySpan<StateTreeLeaf> leaves = node is StateTreeBucket bucket ? bucket.Leaves : [];
        while (siblings.Count < range.Depth)
        {
            Invariant.Require(leaves.Length > 1, "a range is a place of the tree");
            int depth = siblings.Count;
            int split = StateTreeNode.Split(leaves, depth);
            bool right = range.Start.Bit(depth);
            siblings.Add(StateTreeNode.HashOf(right ? leaves[..split] : leaves[split..], depth + 1));
            leaves = right ? leaves[split..] : leaves[..split];
        }

        return siblings.MoveToImmutable();
    }

    /// <summary>The hash of a key's value; zero for none.</summary>
    private Hash256 ValueAt(in Hash256 key)
    {
        StateTreeNode? node = _top;
        for (int depth = 0; node is StateTreeBranch branch; depth++)
        {
            node = key.Bit(depth) ? branch.Right : branch.Left;
        }

        foreach (StateTreeLeaf leaf in node is StateTreeBucket bucket ? bucket.Leaves : [])
        {
            if (leaf.Key == key)
            {
                return leaf.Value;
            }
        }

        return Hash256.Zero;
    }

    private static int Cut(StateTreeNode? node, in KeyRange range, int most, List<RangeCount> cut)
    {
        int first = cut.Count;
        int count = node is StateTreeBucket bucket ? bucket.Leaves.Length : 0;
        if (node is StateTreeBranch branch)
        {
            count = Cut(branch.Left, range.Child(false), most, cut)
                + Cut(branch.Right, range.Child(true), most, cut);
            if (count > most)
            {
                return count;
            }

            // The halves are one range together.
            cut.RemoveRange(first, cut.Count - first);
        }

        cut.Add(new RangeCount(range, count));
        return count;
    }
}

/// <summary>A range and how many keys the state has in it.</summary>
public readonly record struct RangeCount(KeyRange Range, int Count);
