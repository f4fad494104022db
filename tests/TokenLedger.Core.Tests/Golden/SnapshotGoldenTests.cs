// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Codec;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.Snapshots;
using TokenLedger.Core.State;
using TokenLedger.Core.Tests.Merkle;

namespace TokenLedger.Core.Tests.Golden;

/// <summary>What nodes give each other of a state, byte by byte.</summary>
public sealed class SnapshotGoldenTests
{
    [Fact]
    public void Snapshots_HeadAndChunks_AreUnchangedAndProved()
    {
        var file = new GoldenFile(
            "snapshots.txt", "A snapshot's head, and the two halves of a state as chunks.");
        var head = new SnapshotHead(
            Samples.Header, Samples.Certificate, MountainRange.Empty.Append(Samples.Hash(1)));
        file.Add("SnapshotHead", head.Encode());
        Assert.Equal(head.Encode(), SnapshotHead.Decode(head.Encode()).Encode());
        Assert.Throws<CanonicalFormatException>(() => SnapshotHead.Decode([.. head.Encode(), 0]));

        StateEntry[] state = [.. Enumerable.Range(1, 7).Select(i => new StateEntry(
            new byte[] { 0x11, (byte)i }, new byte[] { (byte)(0xA0 + i), 1 }))];
        var tree = new NaiveStateTree();
        Array.ForEach(state, entry => tree.Set(entry.Key.ToArray(), entry.Value.ToArray()));
        file.Add("State.Root", tree.Root());
        foreach (bool right in new[] { false, true })
        {
            KeyRange half = KeyRange.All.Child(right);
            StateEntry[] own = [.. state.Where(entry => half.Contains(StateHash.Key(entry.Key.Span)))
                .OrderBy(entry => StateHash.Key(entry.Key.Span))];
            var chunk = new StateChunk(
                half, [tree.Prove(own[0].Key.ToArray()).Siblings[0]], [.. own]);
            Assert.True(chunk.Verify(tree.Root()));
            file.Add(right ? "StateChunk.Right" : "StateChunk.Left", chunk.Encode());
            Assert.Equal(chunk.Encode(), StateChunk.Decode(chunk.Encode()).Encode());
        }

        file.AssertUnchanged();
    }

    [Fact]
    public void Decode_OverItsLimits_IsRefused()
    {
        StateChunk Of(int entries, int valueBytes) => new(KeyRange.All, [], [.. Enumerable.Range(0, entries)
            .Select(i => new StateEntry(BitConverter.GetBytes(i), new byte[valueBytes]))]);
        Assert.Equal(
            Limits.SnapshotChunkEntries,
            StateChunk.Decode(Of(Limits.SnapshotChunkEntries, 1).Encode()).Entries.Length);
        Assert.Throws<CanonicalFormatException>(
            () => StateChunk.Decode(Of(Limits.SnapshotChunkEntries + 1, 1).Encode()));
        Assert.Throws<CanonicalFormatException>(
            () => StateChunk.Decode(Of(1, Limits.StateValueBytes + 1).Encode()));
        Assert.Throws<CanonicalFormatException>(
            () => StateChunk.Decode(Of(9, Limits.StateValueBytes).Encode()));
    }
}
