// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;

namespace TokenLedger.Core.Snapshots;

/// <summary>
/// Every entry of the state whose key hash lies in a range, and the proof that these are all of them: the
/// hashes beside the path from the root to the range's place in the tree.
/// </summary>
/// <param name="Range">Which part of the state.</param>
/// <param name="Siblings">From the root downwards, one for each level of the range's depth.</param>
/// <param name="Entries">In the order of their key hashes.</param>
/// <remarks>
/// The entries alone give the hash of the subtree in the range's place, so an entry that is missing, added or
/// changed gives another root. A chunk says nothing about other ranges, and needs no other chunk.
/// </remarks>
public sealed record StateChunk(
    KeyRange Range, ImmutableArray<Hash256> Siblings, ImmutableArray<StateEntry> Entries)
{
    /// <summary>Most bytes of the canonical form.</summary>
    public const int MaxBytes = Hash256.Size + 2 + (Limits.StateTreeDepth * Hash256.Size) + 4
        + Limits.SnapshotChunkBytes;

    /// <summary>Bytes that an entry takes in the canonical form.</summary>
    public static int BytesOf(in StateEntry entry) => 8 + entry.Key.Length + entry.Value.Length;

    /// <summary>True when these are exactly the entries that the state with this root has in the
    /// range.</summary>
    public bool Verify(in Hash256 root)
    {
        if (!Range.IsAligned || Siblings.Length != Range.Depth)
        {
            return false;
        }

        var leaves = new Leaf[Entries.Length];
        for (int i = 0; i < leaves.Length; i++)
        {
            StateEntry entry = Entries[i];
            leaves[i] = new Leaf(StateHash.Key(entry.Key.Span), StateHash.Value(entry.Value.Span));
            if (!Range.Contains(leaves[i].Key) || (i > 0 && leaves[i].Key <= leaves[i - 1].Key))
            {
                return false;
            }
        }

        Hash256 hash = HashOf(leaves, Range.Depth);
        for (int depth = Range.Depth - 1; depth >= 0; depth--)
        {
            hash = Range.Start.Bit(depth)
                ? StateHash.Node(Siblings[depth], hash)
                : StateHash.Node(hash, Siblings[depth]);
        }

        return hash == root;
    }

    /// <summary>Writes the canonical form.</summary>
    public void Write(CanonicalWriter writer)
    {
        Invariant.Require(Siblings.Length == Range.Depth, "a chunk has a sibling for each level");
        writer.Hash(Range.Start);
        writer.U16((ushort)Range.Depth);
        foreach (Hash256 sibling in Siblings)
        {
            writer.Hash(sibling);
        }

        writer.List(Entries, static (w, entry) =>
        {
            w.Bytes(entry.Key.Span);
            w.Bytes(entry.Value.Span);
        });
    }

    /// <summary>The canonical form.</summary>
    public byte[] Encode()
    {
        var writer = new CanonicalWriter(64 * 1024);
        Write(writer);
        return writer.ToArray();
    }

    /// <summary>Reads all of the canonical form. Nothing is verified.</summary>
    /// <exception cref="CanonicalFormatException">The bytes are not a chunk within its limits.</exception>
    public static StateChunk Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            throw new CanonicalFormatException($"A chunk of {bytes.Length} bytes is over its limit.");
        }

        var reader = new CanonicalReader(bytes);
        Hash256 start = reader.Hash();
        int depth = reader.U16();
        if (depth > Limits.StateTreeDepth)
        {
            throw new CanonicalFormatException($"A range of depth {depth} is not in a tree.");
        }

        var siblings = ImmutableArray.CreateBuilder<Hash256>(depth);
        for (int i = 0; i < depth; i++)
        {
            siblings.Add(reader.Hash());
        }

        ImmutableArray<StateEntry> entries = reader.List(
            Limits.SnapshotChunkEntries,
            static (ref CanonicalReader r) => new StateEntry(
                r.Bytes(Limits.StateKeyBytes).ToArray(), r.Bytes(Limits.StateValueBytes).ToArray()));
        reader.End();
        return new StateChunk(new KeyRange(start, depth), siblings.MoveToImmutable(), entries);
    }

    /// <summary>
    /// The hash of the subtree at a depth that has exactly these leaves, as <see cref="StateHash"/> defines
    /// it. Distinct hashes differ in one of their bits, so this ends.
    /// </summary>
    private static Hash256 HashOf(ReadOnlySpan<Leaf> leaves, int depth)
    {
        if (leaves.Length <= 1)
        {
            return leaves.IsEmpty ? Hash256.Zero : StateHash.Leaf(leaves[0].Key, leaves[0].Value);
        }

        int split = 0;
        while (split < leaves.Length && !leaves[split].Key.Bit(depth))
        {
            split++;
        }

        return StateHash.Node(HashOf(leaves[..split], depth + 1), HashOf(leaves[split..], depth + 1));
    }

    private readonly record struct Leaf(Hash256 Key, Hash256 Value);
}
