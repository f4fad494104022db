// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Evm.Tests;

/// <summary>
/// A Merkle-Patricia tree that is built whole from its content: the prover of the verifier's tests.
/// </summary>
internal sealed class Trie
{
    private readonly (byte[] Path, byte[] Value)[] _items;

    public Trie(IReadOnlyDictionary<string, byte[]> content)
    {
        _items = [.. content.Select(pair => (Nibbles(Convert.FromHexString(pair.Key)), pair.Value))];
        Root = _items.Length == 0 ? PatriciaProof.EmptyRoot : Keccak256.Hash(Rlp.Encode(Node(_items, 0)));
    }

    public Hash256 Root { get; }

    /// <summary>The nodes on a key's way, as eth_getProof gives them.</summary>
    public ImmutableArray<ImmutableArray<byte>> Prove(byte[] key, bool withEmbedded = false)
    {
        var nodes = new List<ImmutableArray<byte>>();
        byte[] path = Nibbles(key);
        (byte[] Path, byte[] Value)[] items = _items;
        int depth = 0;
        while (items.Length > 0)
        {
            byte[] node = Rlp.Encode(Node(items, depth));
            if (nodes.Count == 0 || node.Length >= 32 || withEmbedded)
            {
                nodes.Add([.. node]);
            }

            int shared = items.Length == 1 ? int.MaxValue : Shared(items, depth);
            if (shared == int.MaxValue)
            {
                break;
            }

            if (shared > depth)
            {
                if (!path.AsSpan(depth).StartsWith(items[0].Path.AsSpan(depth, shared - depth)))
                {
                    break;
                }

                depth = shared;
                continue;
            }

            if (depth == path.Length)
            {
                break;
            }

            int at = depth;
            items = [.. items.Where(item => item.Path.Length > at && item.Path[at] == path[at])];
            depth++;
        }

        return [.. nodes];
    }

    private static RlpList Node((byte[] Path, byte[] Value)[] items, int depth)
    {
        if (items.Length == 1)
        {
            return RlpItem.List(
                RlpItem.Bytes(Compact(items[0].Path.AsSpan(depth), isLeaf: true)),
                RlpItem.Bytes(items[0].Value));
        }

        int shared = Shared(items, depth);
        if (shared > depth)
        {
            return RlpItem.List(
                RlpItem.Bytes(Compact(items[0].Path.AsSpan(depth, shared - depth), isLeaf: false)),
                Reference(Node(items, shared)));
        }

        var children = new List<RlpItem>();
        for (byte nibble = 0; nibble < 16; nibble++)
        {
            (byte[], byte[])[] below =
                [.. items.Where(item => item.Path.Length > depth && item.Path[depth] == nibble)];
            children.Add(below.Length == 0 ? RlpItem.Bytes([]) : Reference(Node(below, depth + 1)));
        }

        byte[]? here = items.FirstOrDefault(item => item.Path.Length == depth).Value;
        return RlpItem.List([.. children, RlpItem.Bytes(here)]);
    }

    private static RlpItem Reference(RlpItem node)
    {
        byte[] bytes = Rlp.Encode(node);
        return bytes.Length < 32 ? node : RlpItem.Hash(Keccak256.Hash(bytes));
    }

    private static int Shared((byte[] Path, byte[] Value)[] items, int depth)
    {
        int shared = depth;
        while (items.All(item => item.Path.Length > shared && item.Path[shared] == items[0].Path[shared]))
        {
            shared++;
        }

        return shared;
    }

    private static byte[] Compact(ReadOnlySpan<byte> nibbles, bool isLeaf)
    {
        int flag = (isLeaf ? 2 : 0) + (nibbles.Length % 2);
        byte[] all = nibbles.Length % 2 == 1 ? [(byte)flag, .. nibbles] : [(byte)flag, 0, .. nibbles];
        return [
            .. Enumerable.Range(0, all.Length / 2).Select(i => (byte)((all[2 * i] << 4) | all[(2 * i) + 1]))];
    }

    private static byte[] Nibbles(byte[] bytes) =>
        [.. bytes.SelectMany(b => (byte[])[(byte)(b >> 4), (byte)(b & 15)])];
}
