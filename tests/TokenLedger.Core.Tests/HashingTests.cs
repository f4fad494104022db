// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Core.Tests;

public sealed class HashingTests
{
    [Fact]
    public void Hash_EveryLengthAroundTheStackBuffer_IsSha256OfTagAndBytes()
    {
        var generator = new CoreGenerator(5);
        for (int length = 0; length < 1_100; length++)
        {
            byte[] bytes = generator.Bytes(length);
            Hash256 first = generator.Hash();

            Assert.Equal(Sha256([(byte)DomainTag.Header, .. bytes]), Hashing.Hash(DomainTag.Header, bytes));
            Assert.Equal(
                Sha256([(byte)DomainTag.Transaction, .. first.ToArray(), .. bytes]),
                Hashing.Hash(DomainTag.Transaction, first, bytes));
        }
    }

    [Fact]
    public void Hash_TwoChildren_IsSha256OfTagLeftRight()
    {
        var generator = new CoreGenerator(6);
        Hash256 left = generator.Hash();
        Hash256 right = generator.Hash();

        Assert.Equal(
            Sha256([(byte)DomainTag.ListNode, .. left.ToArray(), .. right.ToArray()]),
            Hashing.Hash(DomainTag.ListNode, left, right));
    }

    [Fact]
    public void DomainTags_Values_AreDistinct()
    {
        byte[] values = [.. Enum.GetNames<DomainTag>().Select(name => (byte)Enum.Parse<DomainTag>(name))];

        Assert.Equal(values.Length, values.Distinct().Count());
    }

    private static Hash256 Sha256(byte[] bytes) => new(SHA256.HashData(bytes));
}
