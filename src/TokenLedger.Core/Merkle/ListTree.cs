// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Codec;

namespace TokenLedger.Core.Merkle;

/// <summary>
/// Binary Merkle tree over a list: leaves and nodes have their own tags, the split is at the largest power of
/// two below the length (RFC 6962 §2.1), and the root binds the length. Pure.
/// </summary>
public static class ListTree
{
    /// <summary>The root of items in their canonical form.</summary>
    public static Hash256 Root<T>(IReadOnlyList<T> items, Action<CanonicalWriter, T> write)
    {
        var leaves = new Hash256[items.Count];
        var writer = new CanonicalWriter();
        for (int i = 0; i < leaves.Length; i++)
        {
            writer.Clear();
            write(writer, items[i]);
            leaves[i] = Leaf(writer.Written);
        }

        return Root(leaves);
    }

    /// <summary>The hash of one item's canonical form.</summary>
    public static Hash256 Leaf(ReadOnlySpan<byte> item) => Hashing.Hash(DomainTag.ListLeaf, item);

    /// <summary>The root of leaf hashes; an empty list has the root of length 0 and a zero top.</summary>
    public static Hash256 Root(ReadOnlySpan<Hash256> leaves) =>
        BindLength(leaves.Length, leaves.IsEmpty ? Hash256.Zero : Top(leaves));

    /// <summary>The siblings from leaf <paramref name="index"/> up to the top, lowest first.</summary>
    public static IReadOnlyList<Hash256> Path(ReadOnlySpan<Hash256> leaves, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leaves.Length);
        var path = new List<Hash256>();
        CollectPath(leaves, index, path);
        return path;
    }

    /// <summary>
    /// True when the leaf stands at <paramref name="index"/> of the list with this root and length.
    /// </summary>
    public static bool Verify(Hash256 root, int count, int index, Hash256 leaf, IReadOnlyList<Hash256> path)
    {
        if (index < 0 || index >= count)
        {
            return false;
        }

        int used = 0;
        Hash256? top = Climb(count, index, leaf, path, ref used);
        return top is { } found && used == path.Count && BindLength(count, found) == root;
    }

    private static Hash256 Top(ReadOnlySpan<Hash256> leaves)
    {
        if (leaves.Length == 1)
        {
            return leaves[0];
        }

        int split = Split(leaves.Length);
        return Hashing.Hash(DomainTag.ListNode, Top(leaves[..split]), Top(leaves[split..]));
    }

    private static void CollectPath(ReadOnlySpan<Hash256> leaves, int index, List<Hash256> path)
    {
        if (leaves.Length == 1)
        {
            return;
        }

        int split = Split(leaves.Length);
        if (index < split)
        {
            CollectPath(leaves[..split], index, path);
            path.Add(Top(leaves[split..]));
        }
        else
        {
            CollectPath(leaves[split..], index - split, path);
            path.Add(Top(leaves[..split]));
        }
    }

    private static Hash256? Climb(
        int count, int index, Hash256 leaf, IReadOnlyList<Hash256> path, ref int used)
    {
        if (count == 1)
        {
            return leaf;
        }

        int split = Split(count);
        bool left = index < split;
        Hash256? below = left
            ? Climb(split, index, leaf, path, ref used)
            : Climb(count - split, index - split, leaf, path, ref used);
        if (below is not { } child || used >= path.Count)
        {
            return null;
        }

        Hash256 sibling = path[used++];
        return left
            ? Hashing.Hash(DomainTag.ListNode, child, sibling)
            : Hashing.Hash(DomainTag.ListNode, sibling, child);
    }

    private static Hash256 BindLength(int count, in Hash256 top)
    {
        Span<byte> message = stackalloc byte[4 + Hash256.Size];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(message, count);
        top.CopyTo(message[4..]);
        return Hashing.Hash(DomainTag.ListRoot, message);
    }

    private static int Split(int count) => 1 << (31 - int.LeadingZeroCount(count - 1));
}
