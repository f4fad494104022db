// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using TokenLedger.Crypto;

namespace TokenLedger.Evm.Tests;

public sealed class PatriciaProofTests
{
    /// <summary>The puppy tree of Ethereum's tests; it has embedded nodes.</summary>
    [Fact]
    public void Value_OfThePuppyTree_IsProven()
    {
        Trie trie = TrieOf(("do", "verb"), ("horse", "stallion"), ("doge", "coin"), ("dog", "puppy"));
        Assert.Equal(
            "5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84", trie.Root.ToString());
        Assert.Equal("puppy", Proven(trie, "dog"));
        Assert.Equal("coin", Proven(trie, "doge"));
        Assert.Equal("verb", Proven(trie, "do"));
        Assert.Equal("stallion", Proven(trie, "horse"));
        foreach (string absent in (string[])["", "d", "doe", "dogs", "doges", "hors", "horses", "cat"])
        {
            Assert.Null(Proven(trie, absent));
        }
    }

    [Fact]
    public void Value_OfTheDogsTree_IsProven()
    {
        Trie trie = TrieOf(("doe", "reindeer"), ("dog", "puppy"), ("dogglesworth", "cat"));
        Assert.Equal(
            "8aad789dff2f538bca5d8ea56e8abe10f4c7ba3a5dea95fea4cd6e7c3a1168d3", trie.Root.ToString());
        Assert.Equal("cat", Proven(trie, "dogglesworth"));
        Assert.Null(Proven(trie, "dogg"));
    }

    [Theory]
    [InlineData(61)]
    [InlineData(62)]
    public void Value_RandomTrees_ProvesPresenceAndAbsenceAndNothingElse(int seed)
    {
        var gen = new Gen(seed);
        for (int round = 0; round < 60; round++)
        {
            // Short keys share prefixes and have small nodes; hashes are what Ethereum has.
            int keyBytes = gen.Chance(50) ? 32 : gen.Int(1, 4);
            var content = new Dictionary<string, byte[]>();
            for (int i = gen.Int(0, 80); i > 0; i--)
            {
                content[Convert.ToHexString(gen.Bytes(keyBytes))] = [1, .. gen.Bytes(gen.Int(0, 60))];
            }

            var trie = new Trie(content);
            for (int i = 0; i < 40; i++)
            {
                byte[] key = gen.Chance(50) && content.Count > 0
                    ? Convert.FromHexString(content.Keys.ElementAt(gen.Int(0, content.Count)))
                    : gen.Bytes(keyBytes);
                Check(gen, trie, key, content.GetValueOrDefault(Convert.ToHexString(key)));
            }
        }
    }

    [Fact]
    public void Value_OfAnEmptyTree_IsNone()
    {
        Assert.Null(PatriciaProof.Value(PatriciaProof.EmptyRoot, [1], []));
        Assert.Null(PatriciaProof.Value(PatriciaProof.EmptyRoot, [1], [[0x80]]));
        Assert.Throws<EvmFormatException>(() => PatriciaProof.Value(PatriciaProof.EmptyRoot, [1], [[0x81]]));
        Assert.Throws<EvmFormatException>(() => PatriciaProof.Value(default, [1], []));
        Assert.Equal(
            "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421",
            PatriciaProof.EmptyRoot.ToString());
        Assert.Equal(
            "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
            PatriciaProof.EmptyCodeHash.ToString());
    }

    /// <summary>Nodes with the right hash, and with content that no tree has.</summary>
    [Fact]
    public void Value_NodesThatNoTreeHas_AreRefused()
    {
        RlpItem empty = RlpItem.Bytes([]);
        foreach (RlpItem node in (RlpItem[])
            [
                RlpItem.List(), RlpItem.List(empty), RlpItem.List(empty, empty, empty),
                RlpItem.List(empty, RlpItem.Bytes([1])),
                RlpItem.List(RlpItem.Bytes([0x40]), RlpItem.Bytes([1])),
                RlpItem.List(RlpItem.Bytes([0x01]), RlpItem.Bytes([1])),
                RlpItem.List(RlpItem.Bytes([0x00]), empty),
                RlpItem.List(RlpItem.Bytes([0x21]), RlpItem.Bytes([1])),
                RlpItem.List(RlpItem.Bytes([0x10]), empty),
                RlpItem.List(RlpItem.Bytes([0x10]), RlpItem.Bytes(new byte[31])),
                RlpItem.List(RlpItem.Bytes([0x30]), RlpItem.List()), RlpItem.List(RlpItem.List(), empty),
                RlpItem.List(RlpItem.Bytes([0x30, 0x11]), empty),
                RlpItem.List(
                    RlpItem.Bytes([0x10]), RlpItem.List(RlpItem.Bytes([0x20]), RlpItem.Bytes(new byte[40]))),
                RlpItem.List(RlpItem.Bytes([0x10]), RlpItem.List()),
            ])
        {
            byte[] bytes = Rlp.Encode(node);
            Assert.Throws<EvmFormatException>(
                () => PatriciaProof.Value(Keccak256.Hash(bytes), [0x01], [[.. bytes]]));
        }

        ImmutableArray<byte> large = [.. Rlp.Encode(RlpItem.List(
            RlpItem.Bytes([0x20, 1]), RlpItem.Bytes(new byte[EvmLimits.ProofNodeBytes])))];
        Assert.Throws<EvmFormatException>(() =>
            PatriciaProof.Value(Keccak256.Hash(large.AsSpan()), [1], [large]));
        Assert.Throws<EvmFormatException>(() =>
            PatriciaProof.Value(default, [1], Gen.Many(EvmLimits.ProofNodes + 1, () => large)));
    }

    /// <summary>Ethereum's trees hold no zeros; anvil keeps them. They mean the same.</summary>
    [Fact]
    public void Slot_ThatHoldsZeroInTheTree_IsZero()
    {
        byte[] key = Keccak256.Hash(new byte[32]).ToArray();
        var trie = new Trie(new Dictionary<string, byte[]> { [Convert.ToHexString(key)] = [0x80] });
        Assert.Equal(UInt256.Zero, PatriciaProof.Slot(trie.Root, default, trie.Prove(key)));
    }

    [Fact]
    public void Slot_ThatHoldsNoNumber_IsRefused()
    {
        byte[] key = Keccak256.Hash(new byte[32]).ToArray();
        foreach (byte[] value in (byte[][])[[0x82, 0, 1], [0xC0], [1, 2]])
        {
            var trie = new Trie(new Dictionary<string, byte[]> { [Convert.ToHexString(key)] = value });
            Assert.Throws<EvmFormatException>(() => PatriciaProof.Slot(trie.Root, default, trie.Prove(key)));
        }
    }

    private static void Check(Gen gen, Trie trie, byte[] key, byte[]? expected)
    {
        ImmutableArray<ImmutableArray<byte>> proof = trie.Prove(key);
        Assert.Equal(expected, PatriciaProof.Value(trie.Root, key, proof)?.ToArray());
        Assert.Equal(
            expected, PatriciaProof.Value(trie.Root, key, trie.Prove(key, withEmbedded: true))?.ToArray());
        if (proof.IsEmpty)
        {
            return;
        }

        // Whatever is done to a proof, it proves the truth or nothing.
        int at = gen.Int(0, proof.Length);
        ImmutableArray<ImmutableArray<byte>>[] broken =
        [
            proof.SetItem(at, [.. gen.Mutate(proof[at].AsSpan())]), proof.RemoveAt(at), proof.Add(proof[at]),
            proof.Insert(0, proof[at]), proof.Reverse().ToImmutableArray(),
        ];
        foreach (ImmutableArray<ImmutableArray<byte>> nodes in broken)
        {
            try
            {
                Assert.Equal(expected, PatriciaProof.Value(trie.Root, key, nodes)?.ToArray());
            }
            catch (EvmFormatException)
            {
                // What is refused is refused by this type.
            }
        }
    }

    private static Trie TrieOf(params (string Key, string Value)[] content) => new(
        content.ToDictionary(pair => Key(pair.Key), pair => Encoding.ASCII.GetBytes(pair.Value)));

    private static string? Proven(Trie trie, string key) =>
        PatriciaProof.Value(trie.Root, Encoding.ASCII.GetBytes(key), trie.Prove(Encoding.ASCII.GetBytes(key)))
            is { } value ? Encoding.ASCII.GetString(value.AsSpan()) : null;

    private static string Key(string text) => Convert.ToHexString(Encoding.ASCII.GetBytes(text));
}
