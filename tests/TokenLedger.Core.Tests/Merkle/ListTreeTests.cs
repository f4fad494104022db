// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using TokenLedger.Core.Merkle;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Core.Tests.Merkle;

public sealed class ListTreeTests
{
    private const int Most = 70;

    private static readonly Hash256[] Leaves = MakeLeaves();

    [Fact]
    public void Root_EveryLength_EqualsTheNaiveTree()
    {
        for (int count = 0; count <= Most; count++)
        {
            Assert.Equal(NaiveRoot(Leaves[..count]), ListTree.Root(Leaves.AsSpan(0, count)));
        }
    }

    [Fact]
    public void Root_EveryLength_IsAnother()
    {
        var roots = new HashSet<Hash256>();
        for (int count = 0; count <= Most; count++)
        {
            Assert.True(roots.Add(ListTree.Root(Leaves.AsSpan(0, count))));
        }
    }

    [Fact]
    public void Root_OfItems_IsTheRootOfTheirLeaves()
    {
        byte[][] items = [[1], [2, 3], []];

        Hash256 root = ListTree.Root(items, static (writer, item) => writer.Fixed(item, item.Length));

        Assert.Equal(ListTree.Root([ListTree.Leaf([1]), ListTree.Leaf([2, 3]), ListTree.Leaf([])]), root);
    }

    [Fact]
    public void Verify_EveryPlaceOfEveryLength_AcceptsItsPathOnly()
    {
        for (int count = 1; count <= Most; count++)
        {
            ReadOnlySpan<Hash256> leaves = Leaves.AsSpan(0, count);
            Hash256 root = ListTree.Root(leaves);
            for (int index = 0; index < count; index++)
            {
                IReadOnlyList<Hash256> path = ListTree.Path(leaves, index);

                Assert.True(ListTree.Verify(root, count, index, leaves[index], path));
                Assert.False(ListTree.Verify(root, count + 1, index, leaves[index], path));
                Assert.False(ListTree.Verify(root, count - 1, index, leaves[index], path));
                Assert.False(
                    ListTree.Verify(root, count, (index + 1) % count, leaves[index], path) && count > 1);
                Assert.False(ListTree.Verify(root, count, index, Hash256.Zero, path));
                Assert.False(ListTree.Verify(root, count, index, leaves[index], [.. path, Hash256.Zero]));
                Assert.False(ListTree.Verify(Hash256.Zero, count, index, leaves[index], path));
            }
        }
    }

    [Fact]
    public void Verify_AnyChangedOrMissingSibling_IsRefused()
    {
        const int Count = 45;
        Hash256 root = ListTree.Root(Leaves.AsSpan(0, Count));
        for (int index = 0; index < Count; index++)
        {
            Hash256[] path = [.. ListTree.Path(Leaves.AsSpan(0, Count), index)];
            for (int i = 0; i < path.Length; i++)
            {
                Hash256[] changed = [.. path];
                changed[i] = Leaves[^1];
                Hash256[] shorter = [.. path[..i], .. path[(i + 1)..]];

                Assert.False(ListTree.Verify(root, Count, index, Leaves[index], changed));
                Assert.False(ListTree.Verify(root, Count, index, Leaves[index], shorter));
            }
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(1, -1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(-1, 0)]
    [InlineData(int.MinValue, int.MinValue)]
    public void Verify_IndexOutsideTheList_IsRefused(int count, int index) =>
        Assert.False(ListTree.Verify(Hash256.Zero, count, index, Hash256.Zero, []));

    [Fact]
    public void Verify_HugeListAndNoPath_IsRefused() =>
        Assert.False(ListTree.Verify(Hash256.Zero, int.MaxValue, int.MaxValue - 1, Hash256.Zero, []));

    /// <summary>Level by level, an odd one out moves up as it is: the same tree by another way.</summary>
    private static Hash256 NaiveRoot(Hash256[] leaves)
    {
        Hash256[] level = leaves;
        while (level.Length > 1)
        {
            level = [.. level.Chunk(2).Select(pair =>
                pair.Length == 1 ? pair[0] : Hashing.Hash(DomainTag.ListNode, pair[0], pair[1]))];
        }

        byte[] message = new byte[36];
        BinaryPrimitives.WriteUInt32BigEndian(message, (uint)leaves.Length);
        (level.Length == 0 ? Hash256.Zero : level[0]).CopyTo(message.AsSpan(4));
        return Hashing.Hash(DomainTag.ListRoot, message);
    }

    private static Hash256[] MakeLeaves()
    {
        var generator = new CoreGenerator(8);
        return [.. Enumerable.Range(0, Most + 1).Select(_ => ListTree.Leaf(generator.Bytes(10)))];
    }
}
