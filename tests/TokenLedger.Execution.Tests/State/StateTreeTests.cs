// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;

namespace TokenLedger.Execution.Tests.State;

public class StateTreeTests
{
    [Fact]
    public void Empty_HasTheZeroRoot_AndProvesAbsence()
    {
        Assert.Equal(Hash256.Zero, StateTree.Empty.Root);
        Assert.True(StateTree.Empty.Prove([1]).VerifyExclusion(Hash256.Zero, [1]));
    }

    [Fact]
    public void One_Key_IsItsLeaf()
    {
        StateTree tree = StateTree.Empty.Update([Change(7, 1)]);

        Assert.Equal(StateHash.Leaf(StateHash.Key(Key(7)), StateHash.Value(Value(1))), tree.Root);
        Assert.Equal(1, tree.Count);
    }

    [Fact]
    public void Restore_LeavesTwiceOrOutOfOrder_IsRefused()
    {
        FormerLeaf[] two = [.. StateTree.Empty.Former([Change(1, 1), Change(2, 2)])];
        Assert.All(two, static leaf => Assert.Equal(Hash256.Zero, leaf.Value));
        Assert.Throws<InvariantException>(() => StateTree.Empty.Restore([two[1], two[0]]));
        Assert.Throws<InvariantException>(() => StateTree.Empty.Restore([two[0], two[0]]));
    }

    [Theory]
    [InlineData(1, 12)]
    [InlineData(2, 60)]
    [InlineData(20260101, 700)]
    public void Update_RandomBatches_EqualsNaiveModelAndFreshBuild(int seed, int keys)
    {
        var random = new Random(seed);
        var model = new SortedDictionary<uint, uint>();
        StateTree tree = StateTree.Empty;
        for (int batch = 0; batch < 40; batch++)
        {
            var changes = new Dictionary<uint, uint?>();
            for (int i = random.Next(1, 30); i > 0; i--)
            {
                changes[(uint)random.Next(
                    keys)] = random.Next(batch < 20 ? 4 : 2) == 0 ? null : (uint)random.Next();
            }

            foreach ((uint key, uint? value) in changes)
            {
                if (value is { } set)
                {
                    model[key] = set;
                }
                else
                {
                    model.Remove(key);
                }
            }

            StateTree before = tree;
            Hash256 rootBefore = before.Root;
            tree = tree.Update([.. changes.Select(c => Change(c.Key, c.Value))]);
            Hash256 expected = NaiveRoot([.. model.Select(row =>
                (StateHash.Key(Key(row.Key)), StateHash.Value(Value(row.Value))))], 0);
            StateTree built = StateTree.Build(model.Reverse().Select(row =>
                new StateEntry(Key(row.Key), Value(row.Value))));

            Assert.True(expected == tree.Root, $"seed {seed}, batch {batch}: updated tree");
            Assert.True(expected == built.Root, $"seed {seed}, batch {batch}: built tree");
            Assert.Equal(model.Count, tree.Count);
            Assert.Equal(rootBefore, before.Root);
            ImmutableArray<FormerLeaf> former =
                before.Former([.. changes.Select(c => Change(c.Key, c.Value))]);
            StateTree restored = tree.Restore(former);
            Assert.True(rootBefore == restored.Root, $"seed {seed}, batch {batch}: restored tree");
            Assert.Equal(before.Count, restored.Count);
        }

        CheckProofs(tree, model, keys);
    }

    [Fact]
    public void Update_RemovingEverything_ComesBackToEmpty()
    {
        StateTree tree = StateTree.Build(Enumerable.Range(0, 300).Select(i =>
            new StateEntry(Key((uint)i), Value(1))));

        tree = tree.Update([.. Enumerable.Range(0, 300).Select(i => Change((uint)i, null))]);

        Assert.Equal((Hash256.Zero, 0), (tree.Root, tree.Count));
    }

    [Fact]
    public void Update_RemovingAnAbsentKey_ChangesNothing()
    {
        StateTree tree = StateTree.Build(Enumerable.Range(0, 300).Select(i =>
            new StateEntry(Key((uint)i), Value(1))));

        StateTree after = tree.Update([Change(1_000, null)]);

        Assert.Equal((tree.Root, 300), (after.Root, after.Count));
    }

    [Fact]
    public void Update_SameKeyTwice_BreaksAnInvariant() =>
        Assert.Throws<InvariantException>(() => StateTree.Empty.Update([Change(1, 1), Change(1, 2)]));

    private static void CheckProofs(StateTree tree, SortedDictionary<uint, uint> model, int keys)
    {
        for (uint key = 0; key < keys + 20; key++)
        {
            StateProof proof = tree.Prove(Key(key));
            if (model.TryGetValue(key, out uint value))
            {
                Assert.True(proof.VerifyInclusion(tree.Root, Key(key), Value(value)));
                Assert.False(proof.VerifyInclusion(tree.Root, Key(key), Value(value ^ 1)));
                Assert.False(proof.VerifyExclusion(tree.Root, Key(key)));
            }
            else
            {
                Assert.True(proof.VerifyExclusion(tree.Root, Key(key)));
                Assert.False(proof.VerifyInclusion(tree.Root, Key(key), Value(0)));
            }
        }
    }

    /// <summary>The definition, written down: no buckets, no sharing, no order assumed.</summary>
    private static Hash256 NaiveRoot(List<(Hash256 Key, Hash256 Value)> leaves, int depth) =>
        leaves.Count switch
        {
            0 => Hash256.Zero,
            1 => StateHash.Leaf(leaves[0].Key, leaves[0].Value),
            _ => StateHash.Node(
                NaiveRoot([.. leaves.Where(leaf => !leaf.Key.Bit(depth))], depth + 1),
                NaiveRoot([.. leaves.Where(leaf => leaf.Key.Bit(depth))], depth + 1)),
        };

    private static byte[] Key(uint number)
    {
        byte[] key = new byte[5];
        key[0] = (byte)Table.Account;
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(1), number);
        return key;
    }

    private static byte[] Value(uint number) => BitConverter.GetBytes(number);

    private static StateChange Change(uint key, uint? value) =>
        new(Key(key), value is { } set ? (ReadOnlyMemory<byte>?)Value(set) : null);
}
