// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Merkle;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Core.Tests.Merkle;

public sealed class StateProofTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(200)]
    public void Verify_PresentAndAbsentKeys_ProvesWhatIsTrueAndNothingElse(int count)
    {
        var generator = new CoreGenerator(100 + count);
        NaiveStateTree tree = Filled(count);
        Hash256 root = tree.Root();
        for (int i = 0; i < count; i++)
        {
            StateProof proof = tree.Prove(Key(i));
            Assert.True(proof.VerifyInclusion(root, Key(i), Value(i)));
            Assert.False(proof.VerifyExclusion(root, Key(i)));
            Assert.False(proof.VerifyInclusion(root, Key(i), Value(i + 1)));
            Assert.False(proof.VerifyInclusion(root, Key(i + 1), Value(i)));
            Assert.False(proof.VerifyInclusion(generator.Hash(), Key(i), Value(i)));
        }

        for (int i = count; i < count + 100; i++)
        {
            StateProof proof = tree.Prove(Key(i));
            Assert.True(proof.VerifyExclusion(root, Key(i)));
            Assert.False(proof.VerifyInclusion(root, Key(i), Value(i)));
        }
    }

    [Fact]
    public void VerifyExclusion_BothShapes_WereSeen()
    {
        NaiveStateTree tree = Filled(200);
        StateProof[] proofs = [.. Enumerable.Range(200, 100).Select(i => tree.Prove(Key(i)))];

        Assert.Contains(proofs, proof => proof.Other is null);
        Assert.Contains(proofs, proof => proof.Other is not null);
    }

    [Fact]
    public void Verify_Tampered_IsRefused()
    {
        var generator = new CoreGenerator(77);
        NaiveStateTree tree = Filled(50);
        Hash256 root = tree.Root();
        for (int i = 0; i < 100; i++)
        {
            StateProof proof = tree.Prove(Key(i));
            bool present = i < 50;
            foreach (StateProof tampered in Tamper(proof, generator))
            {
                Assert.False(present
                    ? tampered.VerifyInclusion(root, Key(i), Value(i))
                    : tampered.VerifyExclusion(root, Key(i)));
            }
        }
    }

    /// <summary>A real leaf's proof must not show that its own key, or a key elsewhere, is absent.</summary>
    [Fact]
    public void VerifyExclusion_OtherLeafOffThePathOrTheKeyItself_IsRefused()
    {
        NaiveStateTree tree = Filled(50);
        Hash256 root = tree.Root();
        for (int i = 0; i < 50; i++)
        {
            StateProof inclusion = tree.Prove(Key(i));
            StateProof forged = inclusion with
            {
                Other = new OtherLeaf(StateHash.Key(Key(i)), StateHash.Value(Value(i))),
            };
            for (int j = 0; j < 50; j++)
            {
                Assert.False(forged.VerifyExclusion(root, Key(j)));
            }
        }
    }

    [Fact]
    public void Verify_RemovedKey_RootIsAsIfItNeverWas()
    {
        NaiveStateTree tree = Filled(20);
        Hash256 before = tree.Root();
        tree.Set(Key(20), Value(20));
        Assert.NotEqual(before, tree.Root());
        tree.Remove(Key(20));

        Assert.Equal(before, tree.Root());
        Assert.True(tree.Prove(Key(20)).VerifyExclusion(before, Key(20)));
    }

    [Fact]
    public void Verify_MoreSiblingsThanBits_IsRefused()
    {
        var proof = new StateProof([.. new Hash256[257]], null);

        Assert.False(proof.VerifyExclusion(Hash256.Zero, Key(1)));
        Assert.False(proof.VerifyInclusion(Hash256.Zero, Key(1), Value(1)));
    }

    private static IEnumerable<StateProof> Tamper(StateProof proof, CoreGenerator generator)
    {
        for (int i = 0; i < proof.Siblings.Length; i++)
        {
            Hash256 another = new(generator.Bytes(32));
            yield return proof with { Siblings = proof.Siblings.SetItem(i, another) };
            yield return proof with { Siblings = proof.Siblings.RemoveAt(i) };
        }

        yield return proof with { Siblings = proof.Siblings.Add(Hash256.Zero) };
        yield return proof with { Siblings = proof.Siblings.Insert(0, Hash256.Zero) };
        yield return proof with { Other = new OtherLeaf(generator.Hash(), generator.Hash()) };
        if (proof.Other is { } other)
        {
            yield return proof with { Other = null };
            yield return proof with { Other = other with { ValueHash = new Hash256(generator.Bytes(32)) } };
        }
    }

    private static NaiveStateTree Filled(int count)
    {
        var tree = new NaiveStateTree();
        for (int i = 0; i < count; i++)
        {
            tree.Set(Key(i), Value(i));
        }

        return tree;
    }

    private static byte[] Key(int i) => [0x10, (byte)(i >> 8), (byte)(i & 0xFF)];

    private static byte[] Value(int i) => BitConverter.GetBytes(i * 7);
}
