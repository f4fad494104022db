// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Evm;

/// <summary>
/// Proofs of Ethereum's Merkle-Patricia trees: that a key has a value below a root, or that it has none.
/// Stateless.
/// </summary>
/// <remarks>
/// Source: yellow paper, appendices C and D. A branch is a list of 16 children and a value; an extension or a
/// leaf is a list of a path and a child or a value. The path's first nibble tells a leaf (2) and an odd
/// number of nibbles (1). A child is its node's hash, or the node itself if that is below 32 bytes. A proof
/// that holds anything beside the nodes on the key's way is refused.
/// </remarks>
public static class PatriciaProof
{
    private const int Children = 16;
    private const int LeafFlag = 2;
    private const int OddFlag = 1;

    /// <summary>The root of a tree of nothing: the hash of RLP's empty bytes.</summary>
    public static Hash256 EmptyRoot { get; } = Keccak256.Hash([0x80]);

    /// <summary>The hash of no code.</summary>
    public static Hash256 EmptyCodeHash { get; } = Keccak256.Hash([]);

    /// <summary>What the state below a root holds of an account; null if nothing.</summary>
    /// <exception cref="EvmFormatException">The nodes prove neither.</exception>
    public static EvmAccount? Account(
        Hash256 stateRoot, Address account, ImmutableArray<ImmutableArray<byte>> nodes)
    {
        if (Value(stateRoot, Keccak256.Hash(account.ToArray()).ToArray(), nodes) is not { } value)
        {
            return null;
        }

        ImmutableArray<RlpItem> fields = Rlp.Decode(value.AsSpan()).AsList(4);
        return new EvmAccount(
            fields[0].AsUInt64(), fields[1].AsNumber(), fields[2].AsHash(), fields[3].AsHash());
    }

    /// <summary>What a slot holds below a storage's root; 0 if nothing.</summary>
    /// <exception cref="EvmFormatException">The nodes do not prove it.</exception>
    public static UInt256 Slot(Hash256 storageRoot, Hash256 slot, ImmutableArray<ImmutableArray<byte>> nodes)
    {
        // Ethereum's trees hold no zeros; anvil's do, after a slot was read. Either way the root proves it.
        return Value(storageRoot, Keccak256.Hash(slot.ToArray()).ToArray(), nodes) is { } value
            ? Rlp.Decode(value.AsSpan()).AsNumber()
            : UInt256.Zero;
    }

    /// <summary>The value of a key in the tree below a root; null if the tree has no such key.</summary>
    /// <param name="root">The root's hash.</param>
    /// <param name="key">The key as it is in the tree: state and storage have hashes for keys.</param>
    /// <param name="nodes">The nodes on its way, from the root down.</param>
    /// <exception cref="EvmFormatException">The nodes prove neither.</exception>
    public static ImmutableArray<byte>? Value(
        Hash256 root, ReadOnlySpan<byte> key, ImmutableArray<ImmutableArray<byte>> nodes)
    {
        if (nodes.Length > EvmLimits.ProofNodes
            || nodes.Any(static node => node.Length > EvmLimits.ProofNodeBytes))
        {
            throw new EvmFormatException("A proof has more nodes, or larger ones, than a tree has.");
        }

        if (root == EmptyRoot)
        {
            return nodes is [] or [[0x80]] ? null : throw Superfluous();
        }

        var walk = new Walk(nodes);
        ReadOnlySpan<byte> path = Nibbles(key);
        ImmutableArray<byte>? value = Follow(walk.Hashed(root), path, walk);
        return walk.IsDone ? value : throw Superfluous();
    }

    internal static bool Same(
        ImmutableArray<ImmutableArray<byte>> left, ImmutableArray<ImmutableArray<byte>> right) =>
        left.Length == right.Length
        && left.Zip(right).All(static pair => pair.First.AsSpan().SequenceEqual(pair.Second.AsSpan()));

    private static ImmutableArray<byte>? Follow(RlpItem? node, ReadOnlySpan<byte> path, Walk walk)
    {
        while (node is not null)
        {
            ImmutableArray<RlpItem> items = node.AsList();
            if (items.Length == Children + 1)
            {
                if (path.IsEmpty)
                {
                    return items[Children].AsBytes() is { IsEmpty: false } here ? here : null;
                }

                node = walk.Child(items[path[0]]);
                path = path[1..];
                continue;
            }

            if (items.Length != 2)
            {
                throw new EvmFormatException("A node of a tree has 2 or 17 items.");
            }

            (byte[] part, bool isLeaf) = PathOf(items[0].AsBytes().AsSpan());
            if (isLeaf)
            {
                ImmutableArray<byte> value = items[1].AsBytes();
                return value.IsEmpty ? throw new EvmFormatException("A leaf holds nothing.")
                    : path.SequenceEqual(part) ? value
                    : null;
            }

            if (part.Length == 0)
            {
                throw new EvmFormatException("An extension extends by nothing.");
            }

            if (!path.StartsWith(part))
            {
                return null;
            }

            node = walk.Child(items[1]) ?? throw new EvmFormatException("An extension leads to nothing.");
            path = path[part.Length..];
        }

        return null;
    }

    private static (byte[] Path, bool IsLeaf) PathOf(ReadOnlySpan<byte> bytes)
    {
        byte[] nibbles = Nibbles(bytes);
        if (nibbles is not [<= LeafFlag + OddFlag, ..])
        {
            throw new EvmFormatException("A path in a tree has a wrong first nibble.");
        }

        bool odd = (nibbles[0] & OddFlag) != 0;
        return odd || nibbles[1] == 0
            ? (nibbles[(odd ? 1 : 2)..], (nibbles[0] & LeafFlag) != 0)
            : throw new EvmFormatException("A path in a tree has a wrong second nibble.");
    }

    private static byte[] Nibbles(ReadOnlySpan<byte> bytes)
    {
        byte[] nibbles = new byte[2 * bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            nibbles[2 * i] = (byte)(bytes[i] >> 4);
            nibbles[(2 * i) + 1] = (byte)(bytes[i] & 0xF);
        }

        return nibbles;
    }

    private static EvmFormatException Superfluous() => new("A proof has nodes that prove nothing.");

    /// <summary>Takes the nodes in order; each must be what the one before refers to.</summary>
    private sealed class Walk(ImmutableArray<ImmutableArray<byte>> nodes)
    {
        private int _next;

        public bool IsDone => _next == nodes.Length;

        /// <summary>The node that a child is, or refers to; null if there is none.</summary>
        public RlpItem? Child(RlpItem child)
        {
            if (child is RlpBytes { Value: var reference })
            {
                return reference.IsEmpty ? null : Hashed(child.AsHash());
            }

            byte[] own = Rlp.Encode(child);
            if (own.Length >= Hash256.Size)
            {
                throw new EvmFormatException("A node stands in its parent that is too large for that.");
            }

            // Some nodes' software repeats it in the proof, and some does not.
            if (!IsDone && nodes[_next].AsSpan().SequenceEqual(own))
            {
                _next++;
            }

            return child;
        }

        public RlpItem Hashed(Hash256 hash)
        {
            if (IsDone)
            {
                throw new EvmFormatException("A proof ends before the key's way does.");
            }

            ImmutableArray<byte> node = nodes[_next++];
            return Keccak256.Hash(node.AsSpan()) == hash
                ? Rlp.Decode(node.AsSpan())
                : throw new EvmFormatException("A node of a proof has another hash than its parent says.");
        }
    }
}
