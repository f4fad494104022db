// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.Snapshots;
using TokenLedger.Core.State;
using TokenLedger.Testing;

namespace TokenLedger.Execution.Tests.State;

/// <summary>Chunks of a state and their proofs: what is true is proved, and nothing else is.</summary>
public sealed class StateRangeTests
{
    public static TheoryData<int, int> Trees => new()
    {
        { 0, 4 }, { 1, 4 }, { 2, 4 }, { 5, 4 }, { 40, 4 }, { 333, 7 }, { 333, 50 }, { 2_000, 1_024 },
    };

    [Theory]
    [MemberData(nameof(Trees))]
    public void Cut_RandomState_CoversEveryKeyOnceAndEachPartIsProved(int keys, int most)
    {
        ulong seed = Seed();
        StateEntry[] state = RandomState(seed, keys);
        var tree = StateTree.Build(state);
        StateChunk[] chunks = Chunks(state, tree, most);
        Hash256? next = Hash256.Zero;
        foreach (StateChunk chunk in chunks)
        {
            Assert.True(next == chunk.Range.Start, $"seed {seed}: chunks follow each other");
            Assert.True(chunk.Verify(tree.Root), $"seed {seed}: the chunk at {chunk.Range} is proved");
            Assert.True(chunk.Entries.Length <= most, $"seed {seed}: chunks are bounded");
            next = chunk.Range.Next;
        }

        Assert.Null(next);
        Assert.Equal(keys, chunks.Sum(chunk => chunk.Entries.Length));
        // No two neighbours could have been one.
        Assert.True(
            keys <= most ? chunks.Length == 1 : chunks.Length >= keys / most,
            $"seed {seed}: {chunks.Length}");
    }

    /// <summary>Each byte of each chunk, one bit at a time: none of them says the same.</summary>
    [Theory]
    [InlineData(9, 4)]
    [InlineData(60, 12)]
    public void Verify_EverySingleChangedByte_IsRefused(int keys, int most)
    {
        ulong seed = Seed();
        var random = new DeterministicRandom(seed);
        StateEntry[] state = RandomState(seed, keys);
        var tree = StateTree.Build(state);
        int refusedByProof = 0;
        foreach (StateChunk chunk in Chunks(state, tree, most))
        {
            byte[] right = chunk.Encode();
            Assert.True(StateChunk.Decode(right).Verify(tree.Root));
            for (int i = 0; i < right.Length; i++)
            {
                byte[] wrong = [.. right];
                wrong[i] ^= (byte)(1 << random.Below(8));
                bool? accepted = TryVerify(wrong, tree.Root);
                Assert.True(accepted != true, $"seed {seed}: byte {i} of the chunk at {chunk.Range}");
                refusedByProof += accepted == false ? 1 : 0;
            }
        }

        Assert.True(refusedByProof > 0, "some changes are of the content, and not of the form only");
    }

    [Theory]
    [InlineData(30, 8)]
    [InlineData(400, 64)]
    public void Verify_EntryOmittedAddedChangedMoved_IsRefused(int keys, int most)
    {
        ulong seed = Seed();
        StateEntry[] state = RandomState(seed, keys);
        var tree = StateTree.Build(state);
        StateChunk[] chunks = Chunks(state, tree, most);
        StateEntry[] strangers = RandomState(seed + 1, 400);
        int tried = 0;
        for (int c = 0; c < chunks.Length; c++)
        {
            StateChunk chunk = chunks[c];
            foreach (StateChunk wrong in Lies(chunk, chunks[(c + 1) % chunks.Length], strangers))
            {
                tried++;
                Assert.False(wrong.Verify(tree.Root), $"seed {seed}: lie {tried} about {chunk.Range}");
            }
        }

        Assert.True(tried > chunks.Length * 8, $"{tried} lies were tried");
    }

    [Fact]
    public void Verify_OtherStatesChunk_IsRefused()
    {
        ulong seed = Seed();
        StateEntry[] state = RandomState(seed, 100);
        var tree = StateTree.Build(state);
        StateTree later = tree.Update([new StateChange(state[3].Key, new byte[] { 1, 2, 3 })]);
        Assert.All(Chunks(state, tree, 16), chunk => Assert.False(chunk.Verify(later.Root)));
        Assert.All(Chunks(state, tree, 16), chunk => Assert.True(
            chunk.Verify(tree.Root), $"seed {seed}: the old state's chunk is right for the old root"));
    }

    /// <summary>A place below a leaf is no place: nobody can pretend that a branch is there.</summary>
    [Fact]
    public void Verify_SingleEntryAtAnotherDepth_IsRefused()
    {
        StateEntry entry = RandomState(7, 1)[0];
        var tree = StateTree.Build([entry]);
        Hash256 key = StateHash.Key(entry.Key.Span);
        Assert.True(new StateChunk(KeyRange.All, [], [entry]).Verify(tree.Root));
        KeyRange half = KeyRange.All.Child(key.Bit(0));
        Assert.False(new StateChunk(half, [Hash256.Zero], [entry]).Verify(tree.Root));
        Assert.Throws<InvariantException>(() => tree.Siblings(half));
    }

    [Fact]
    public void Next_LastRange_IsTheEnd()
    {
        Assert.Null(KeyRange.All.Next);
        Assert.Null(KeyRange.All.Child(true).Child(true).Next);
        Assert.Equal(KeyRange.All.Child(true).Start, KeyRange.All.Child(false).Child(true).Next);
        Assert.False(new KeyRange(KeyRange.All.Child(true).Start, 0).IsAligned);
    }

    private static IEnumerable<StateChunk> Lies(StateChunk chunk, StateChunk other, StateEntry[] strangers)
    {
        for (int i = 0; i < chunk.Entries.Length; i++)
        {
            StateEntry entry = chunk.Entries[i];
            yield return chunk with { Entries = chunk.Entries.RemoveAt(i) };
            yield return chunk with { Entries = chunk.Entries.Insert(i, entry) };
            yield return Changed(chunk, i, entry with { Value = new byte[] { 1 } });
            yield return Changed(chunk, i, entry with { Value = entry.Value[..^1] });
            yield return Changed(chunk, i, entry with { Key = entry.Value, Value = entry.Key });
            yield return Changed(chunk, i, entry with { Key = (byte[])[.. entry.Key.Span, 0] });
        }

        if (chunk.Entries.Length > 1)
        {
            yield return chunk with { Entries = [.. chunk.Entries.Reverse()] };
        }

        foreach (StateEntry stranger in strangers.Where(s => chunk.Range.Contains(StateHash.Key(s.Key.Span))))
        {
            int place = chunk.Entries.Count(e =>
                StateHash.Key(e.Key.Span) < StateHash.Key(stranger.Key.Span));
            yield return chunk with { Entries = chunk.Entries.Insert(place, stranger) };
        }

        if (!chunk.Entries.IsEmpty || !other.Entries.IsEmpty)
        {
            yield return other with { Range = chunk.Range, Siblings = chunk.Siblings };
            yield return chunk with { Range = other.Range };
        }

        for (int i = 0; i < chunk.Siblings.Length; i++)
        {
            Hash256 wrong = StateHash.Node(chunk.Siblings[i], chunk.Siblings[i]);
            yield return chunk with { Siblings = chunk.Siblings.SetItem(i, wrong) };
            yield return chunk with { Siblings = chunk.Siblings.RemoveAt(i) };
        }

        yield return chunk with { Siblings = [.. chunk.Siblings, Hash256.Zero] };
    }

    private static StateChunk Changed(StateChunk chunk, int index, StateEntry entry) =>
        chunk with { Entries = chunk.Entries.SetItem(index, entry) };

    private static bool? TryVerify(byte[] bytes, in Hash256 root)
    {
        try
        {
            return StateChunk.Decode(bytes).Verify(root);
        }
        catch (CanonicalFormatException)
        {
            return null;
        }
    }

    private static StateChunk[] Chunks(StateEntry[] state, StateTree tree, int most)
    {
        (Hash256 Key, StateEntry Entry)[] sorted =
            [.. state.Select(e => (StateHash.Key(e.Key.Span), e)).OrderBy(pair => pair.Item1)];
        return [.. tree.Cut(most).Select(part => new StateChunk(
            part.Range,
            tree.Siblings(part.Range),
            [.. sorted.Where(pair => part.Range.Contains(pair.Key)).Select(pair => pair.Entry)]))];
    }

    private static StateEntry[] RandomState(ulong seed, int keys)
    {
        var random = new DeterministicRandom(seed);
        var state = new Dictionary<string, StateEntry>(StringComparer.Ordinal);
        while (state.Count < keys)
        {
            byte[] key = Bytes(random, 2 + random.Below(40));
            state[Convert.ToHexString(key)] = new StateEntry(key, Bytes(random, 2 + random.Below(30)));
        }

        return [.. state.Values];
    }

    private static byte[] Bytes(DeterministicRandom random, int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)random.Below(256);
        }

        return bytes;
    }

    private static ulong Seed() =>
        ulong.TryParse(Environment.GetEnvironmentVariable("TOKENLEDGER_SEED"), out ulong given)
            ? given
            : (ulong)Environment.ProcessId;
}
