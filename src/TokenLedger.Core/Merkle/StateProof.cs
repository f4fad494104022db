// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Codec;

namespace TokenLedger.Core.Merkle;

/// <summary>
/// Hashes of the state tree: a Jellyfish-shaped sparse Merkle tree over the tagged hash of (table ‖ key). A
/// subtree without a key is the zero hash, one with a single key is that key's leaf, and any other is a node
/// over its halves.
/// </summary>
public static class StateHash
{
    /// <summary>Where a key stands in the tree.</summary>
    public static Hash256 Key(ReadOnlySpan<byte> key) => Hashing.Hash(DomainTag.StateKey, key);

    /// <summary>What a leaf says of its value.</summary>
    public static Hash256 Value(ReadOnlySpan<byte> value) => Hashing.Hash(DomainTag.StateValue, value);

    /// <summary>A leaf.</summary>
    public static Hash256 Leaf(in Hash256 keyHash, in Hash256 valueHash) =>
        Hashing.Hash(DomainTag.StateLeaf, keyHash, valueHash);

    /// <summary>A node over its left (bit 0) and right (bit 1) half.</summary>
    public static Hash256 Node(in Hash256 left, in Hash256 right) =>
        Hashing.Hash(DomainTag.StateNode, left, right);
}

/// <summary>The leaf that stands where another key was looked for.</summary>
/// <param name="KeyHash">Its own key's hash.</param>
/// <param name="ValueHash">Its value's hash.</param>
public readonly record struct OtherLeaf(Hash256 KeyHash, Hash256 ValueHash);

/// <summary>
/// Shows that a key has a value, or none, under a state root.
/// </summary>
/// <param name="Siblings">From the root downwards, the hash beside the path.</param>
/// <param name="Other">For an absent key whose place is taken by another leaf: that leaf. Else null.</param>
public sealed record StateProof(ImmutableArray<Hash256> Siblings, OtherLeaf? Other)
{
    /// <summary>
    /// True when <paramref name="key"/> has exactly <paramref name="value"/> under the root.
    /// </summary>
    public bool VerifyInclusion(in Hash256 root, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Hash256 keyHash = StateHash.Key(key);
        return Other is null && Climb(keyHash, StateHash.Leaf(keyHash, StateHash.Value(value))) == root;
    }

    /// <summary>True when <paramref name="key"/> has no value under the root.</summary>
    public bool VerifyExclusion(in Hash256 root, ReadOnlySpan<byte> key)
    {
        Hash256 keyHash = StateHash.Key(key);
        if (Other is not { } other)
        {
            return Climb(keyHash, Hash256.Zero) == root;
        }

        // The other leaf must really stand on this key's path, and be another's.
        return other.KeyHash != keyHash
            && other.KeyHash.CommonPrefixBits(keyHash) >= Siblings.Length
            && Climb(keyHash, StateHash.Leaf(other.KeyHash, other.ValueHash)) == root;
    }

    /// <summary>Writes the canonical form.</summary>
    public void Write(CanonicalWriter writer)
    {
        writer.List(Siblings, static (w, sibling) => w.Hash(sibling));
        writer.Bool(Other is not null);
        if (Other is { } other)
        {
            writer.Hash(other.KeyHash);
            writer.Hash(other.ValueHash);
        }
    }

    /// <summary>Reads the canonical form.</summary>
    public static StateProof Read(ref CanonicalReader reader)
    {
        ImmutableArray<Hash256> siblings = reader.List(
            Limits.StateTreeDepth, static (ref CanonicalReader r) => r.Hash());
        return new StateProof(siblings, reader.Bool() ? new OtherLeaf(reader.Hash(), reader.Hash()) : null);
    }

    /// <summary>Same content: lists are compared item by item.</summary>
    public bool Equals(StateProof? other) =>
        other is not null
        && Other == other.Other
        && Siblings.AsSpan().SequenceEqual(other.Siblings.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Other, Siblings.Length);

    private Hash256? Climb(in Hash256 keyHash, Hash256 hash)
    {
        if (Siblings.Length > Limits.StateTreeDepth)
        {
            return null;
        }

        for (int depth = Siblings.Length - 1; depth >= 0; depth--)
        {
            hash = keyHash.Bit(depth)
                ? StateHash.Node(Siblings[depth], hash)
                : StateHash.Node(hash, Siblings[depth]);
        }

        return hash;
    }
}
