// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Merkle;

namespace TokenLedger.Core.Tests.Merkle;

/// <summary>The state tree straight from its definition: slow, and nothing is kept.</summary>
internal sealed class NaiveStateTree
{
    private readonly Dictionary<Hash256, Hash256> _leaves = [];

    public void Set(byte[] key, byte[] value) => _leaves[StateHash.Key(key)] = StateHash.Value(value);

    public void Remove(byte[] key) => _leaves.Remove(StateHash.Key(key));

    public Hash256 Root() => RootOf(All(), depth: 0);

    public StateProof Prove(byte[] key)
    {
        Hash256 target = StateHash.Key(key);
        var siblings = new List<Hash256>();
        List<KeyValuePair<Hash256, Hash256>> here = All();
        int depth = 0;
        while (here.Count > 1)
        {
            int at = depth++;
            bool right = target.Bit(at);
            siblings.Add(RootOf(here.FindAll(leaf => leaf.Key.Bit(at) != right), depth));
            here = here.FindAll(leaf => leaf.Key.Bit(at) == right);
        }

        OtherLeaf? other = here.Count == 1 && here[0].Key != target
            ? new OtherLeaf(here[0].Key, here[0].Value)
            : null;
        return new StateProof([.. siblings], other);
    }

    private static Hash256 RootOf(List<KeyValuePair<Hash256, Hash256>> leaves, int depth)
        => leaves.Count switch
        {
            0 => Hash256.Zero,
            1 => StateHash.Leaf(leaves[0].Key, leaves[0].Value),
            _ => StateHash.Node(
                RootOf(leaves.FindAll(leaf => !leaf.Key.Bit(depth)), depth + 1),
                RootOf(leaves.FindAll(leaf => leaf.Key.Bit(depth)), depth + 1)),
        };

    private List<KeyValuePair<Hash256, Hash256>> All() => [.. _leaves];
}
