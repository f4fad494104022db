// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using TokenLedger.Core;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.Snapshots;
using TokenLedger.Core.State;
using TokenLedger.Execution;

namespace TokenLedger.Runtime.Snapshots;

/// <summary>
/// Cuts a state into chunks. The state lies in the order of its keys, and chunks are in the order of the
/// keys' hashes, so entries are first dealt out to parts of the key space that fit into memory. Every node
/// cuts the same state the same way.
/// </summary>
internal static class SnapshotChunks
{
    /// <summary>Entries that are sorted in memory at once: about 10 MB.</summary>
    private const int EntriesPerPart = 65_536;

    /// <summary>All chunks of a state, in order, each verified.</summary>
    /// <param name="entries">The whole state.</param>
    /// <param name="tree">The tree over exactly that state.</param>
    /// <param name="scratch">Opens an empty stream to write to and read again.</param>
    /// <param name="stop">Ends the work.</param>
    /// <param name="mostEntries">Most entries of a chunk: the same on every node of a network.</param>
    /// <exception cref="InvariantException">The entries are not the tree's.</exception>
    public static IEnumerable<StateChunk> Of(
        IEnumerable<StateEntry> entries, StateTree tree, Func<Stream> scratch, CancellationToken stop,
        int mostEntries = Limits.SnapshotChunkEntries)
    {
        RangeCount[] ranges = [.. tree.Cut(mostEntries)];
        List<ArraySegment<RangeCount>> parts = Parts(ranges);
        var streams = new Stream[parts.Count];
        try
        {
            for (int i = 0; i < streams.Length; i++)
            {
                streams[i] = scratch();
            }

            Deal(entries, parts, streams, stop);
            for (int i = 0; i < streams.Length; i++)
            {
                stop.ThrowIfCancellationRequested();
                foreach (StateChunk chunk in Chunks(Read(streams[i]), parts[i], tree))
                {
                    Invariant.Require(chunk.Verify(tree.Root), "a chunk of this node's state is right");
                    yield return chunk;
                }

                streams[i].Dispose();
            }
        }
        finally
        {
            foreach (Stream? stream in streams)
            {
                stream?.Dispose();
            }
        }
    }

    private static List<ArraySegment<RangeCount>> Parts(RangeCount[] ranges)
    {
        var parts = new List<ArraySegment<RangeCount>>();
        int first = 0;
        int entries = 0;
        for (int i = 0; i < ranges.Length; i++)
        {
            if (i > first && entries + ranges[i].Count > EntriesPerPart)
            {
                parts.Add(new ArraySegment<RangeCount>(ranges, first, i - first));
                (first, entries) = (i, 0);
            }

            entries += ranges[i].Count;
        }

        parts.Add(new ArraySegment<RangeCount>(ranges, first, ranges.Length - first));
        return parts;
    }

    private static void Deal(
        IEnumerable<StateEntry> entries, List<ArraySegment<RangeCount>> parts, Stream[] streams,
        CancellationToken stop)
    {
        Hash256[] starts = [.. parts.Select(part => part[0].Range.Start)];
        byte[] lengths = new byte[8];
        foreach (StateEntry entry in entries)
        {
            stop.ThrowIfCancellationRequested();
            int found = Array.BinarySearch(starts, StateHash.Key(entry.Key.Span));
            Stream part = streams[found >= 0 ? found : ~found - 1];
            BinaryPrimitives.WriteInt32BigEndian(lengths, entry.Key.Length);
            BinaryPrimitives.WriteInt32BigEndian(lengths.AsSpan(4), entry.Value.Length);
            part.Write(lengths);
            part.Write(entry.Key.Span);
            part.Write(entry.Value.Span);
        }
    }

    private static List<Hashed> Read(Stream part)
    {
        var entries = new List<Hashed>();
        byte[] lengths = new byte[8];
        part.Position = 0;
        while (part.ReadAtLeast(lengths, lengths.Length, throwOnEndOfStream: false) == lengths.Length)
        {
            byte[] key = new byte[BinaryPrimitives.ReadInt32BigEndian(lengths)];
            byte[] value = new byte[BinaryPrimitives.ReadInt32BigEndian(lengths.AsSpan(4))];
            part.ReadExactly(key);
            part.ReadExactly(value);
            entries.Add(new Hashed(StateHash.Key(key), new StateEntry(key, value)));
        }

        entries.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        return entries;
    }

    private static IEnumerable<StateChunk> Chunks(
        List<Hashed> sorted, ArraySegment<RangeCount> ranges, StateTree tree)
    {
        int taken = 0;
        foreach (RangeCount range in ranges)
        {
            Invariant.Require(taken + range.Count <= sorted.Count, "the tree counts the state's keys");
            var small = new List<StateChunk>();
            Cut(
                range.Range, CollectionsMarshal.AsSpan(sorted).Slice(taken, range.Count), tree, small);
            taken += range.Count;
            foreach (StateChunk chunk in small)
            {
                yield return chunk;
            }
        }

        Invariant.Require(taken == sorted.Count, "the tree counts the state's keys");
    }

    /// <summary>One chunk, or two halves when its bytes are too many.</summary>
    private static void Cut(
        in KeyRange range, ReadOnlySpan<Hashed> entries, StateTree tree, List<StateChunk> chunks)
    {
        long bytes = 0;
        foreach (Hashed entry in entries)
        {
            bytes += StateChunk.BytesOf(entry.Entry);
        }

        if (bytes <= Limits.SnapshotChunkBytes)
        {
            StateEntry[] own = new StateEntry[entries.Length];
            for (int i = 0; i < own.Length; i++)
            {
                own[i] = entries[i].Entry;
            }

            chunks.Add(new StateChunk(
                range, tree.Siblings(range), ImmutableCollectionsMarshal.AsImmutableArray(own)));
            return;
        }

        int split = 0;
        while (split < entries.Length && !entries[split].Key.Bit(range.Depth))
        {
            split++;
        }

        Cut(range.Child(false), entries[..split], tree, chunks);
        Cut(range.Child(true), entries[split..], tree, chunks);
    }

    private readonly record struct Hashed(Hash256 Key, StateEntry Entry);
}
