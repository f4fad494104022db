// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Merkle;

namespace TokenLedger.Execution;

/// <summary>A key of the tree and what its value hashes to.</summary>
internal readonly record struct StateTreeLeaf(Hash256 Key, Hash256 Value);

/// <summary>A change of one key.</summary>
internal readonly record struct StateTreeDelta(Hash256 Key, Hash256 Value, bool Remove);

/// <summary>
/// A subtree with at least one key; null is the empty one. Its form follows from its content: a bucket
/// exactly when it has at most <see cref="BucketLeaves"/> keys, else a branch.
/// </summary>
internal abstract class StateTreeNode(Hash256 hash)
{
    /// <summary>Most keys that a bucket holds.</summary>
    public const int BucketLeaves = 4;

    public Hash256 Hash { get; } = hash;

    public static Hash256 HashOf(StateTreeNode? node) => node is null ? Hash256.Zero : node.Hash;

    /// <summary>The hash of a subtree given by its sorted leaves.</summary>
    public static Hash256 HashOf(ReadOnlySpan<StateTreeLeaf> leaves, int depth)
    {
        if (leaves.Length <= 1)
        {
            return leaves.IsEmpty ? Hash256.Zero : StateHash.Leaf(leaves[0].Key, leaves[0].Value);
        }

        int split = Split(leaves, depth);
        return StateHash.Node(HashOf(leaves[..split], depth + 1), HashOf(leaves[split..], depth + 1));
    }

    /// <summary>The index of the first leaf that goes right.</summary>
    public static int Split(ReadOnlySpan<StateTreeLeaf> sorted, int depth)
    {
        int low = 0;
        for (int high = sorted.Length; low < high;)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle].Key.Bit(depth) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    /// <summary>The subtree of sorted leaves.</summary>
    public static StateTreeNode? Create(ReadOnlySpan<StateTreeLeaf> sorted, int depth)
    {
        if (sorted.Length <= BucketLeaves)
        {
            return sorted.IsEmpty ? null : new StateTreeBucket(sorted.ToArray(), HashOf(sorted, depth));
        }

        int split = Split(sorted, depth);
        return new StateTreeBranch(Create(sorted[..split], depth + 1), Create(sorted[split..], depth + 1));
    }

    /// <summary>The subtree after sorted changes that all belong to it.</summary>
    public static StateTreeNode? Apply(
        StateTreeNode? node, ReadOnlySpan<StateTreeDelta> deltas, int depth, ref int count)
    {
        if (deltas.IsEmpty)
        {
            return node;
        }

        if (node is not StateTreeBranch branch)
        {
            ReadOnlySpan<StateTreeLeaf> old = node is StateTreeBucket bucket ? bucket.Leaves : [];
            List<StateTreeLeaf> merged = Merge(old, deltas);
            count += merged.Count - old.Length;
            return Create(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(merged), depth);
        }

        int split = Split(deltas, depth);
        StateTreeNode? left = Apply(branch.Left, deltas[..split], depth + 1, ref count);
        StateTreeNode? right = Apply(branch.Right, deltas[split..], depth + 1, ref count);
        return ReferenceEquals(left, branch.Left) && ReferenceEquals(right, branch.Right)
            ? branch
            : Join(left, right);
    }

    private static StateTreeNode? Join(StateTreeNode? left, StateTreeNode? right)
    {
        StateTreeLeaf[]? low = LeavesOf(left);
        StateTreeLeaf[]? high = LeavesOf(right);
        if (low is null || high is null || low.Length + high.Length > BucketLeaves)
        {
            return new StateTreeBranch(left, right);
        }

        return (low.Length + high.Length) switch
        {
            0 => null,
            1 => left ?? right,
            _ => new StateTreeBucket([.. low, .. high], StateHash.Node(HashOf(left), HashOf(right))),
        };
    }

    private static StateTreeLeaf[]? LeavesOf(StateTreeNode? node) => node switch
    {
        null => [],
        StateTreeBucket bucket => bucket.Leaves,
        _ => null,
    };

    private static int Split(ReadOnlySpan<StateTreeDelta> sorted, int depth)
    {
        int low = 0;
        for (int high = sorted.Length; low < high;)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle].Key.Bit(depth) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private static List<StateTreeLeaf> Merge(
        ReadOnlySpan<StateTreeLeaf> old, ReadOnlySpan<StateTreeDelta> deltas)
    {
        var merged = new List<StateTreeLeaf>(old.Length + deltas.Length);
        foreach (StateTreeDelta delta in deltas)
        {
            while (!old.IsEmpty && old[0].Key < delta.Key)
            {
                merged.Add(old[0]);
                old = old[1..];
            }

            if (!old.IsEmpty && old[0].Key == delta.Key)
            {
                old = old[1..];
            }

            if (!delta.Remove)
            {
                merged.Add(new StateTreeLeaf(delta.Key, delta.Value));
            }
        }

        merged.AddRange(old);
        return merged;
    }
}

/// <summary>A node over two halves, one of which may be empty.</summary>
internal sealed class StateTreeBranch(StateTreeNode? left, StateTreeNode? right)
    : StateTreeNode(StateHash.Node(HashOf(left), HashOf(right)))
{
    public StateTreeNode? Left { get; } = left;

    public StateTreeNode? Right { get; } = right;
}

/// <summary>A few keys, sorted.</summary>
internal sealed class StateTreeBucket(StateTreeLeaf[] leaves, Hash256 hash) : StateTreeNode(hash)
{
    /// <summary>Never written after construction.</summary>
    public StateTreeLeaf[] Leaves { get; } = leaves;
}
