// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using TokenLedger.Testing;

namespace TokenLedger.Core.Tests;

public sealed class Sha256Tests
{
    /// <summary>Of FIPS 180-4's examples.</summary>
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void Hash_OfAKnownMessage_IsItsDigest(string message, string digest)
    {
        Span<byte> found = stackalloc byte[32];
        Sha256.Hash(System.Text.Encoding.ASCII.GetBytes(message), found);
        Assert.Equal(digest, Convert.ToHexStringLower(found));
    }

    [Fact]
    public void Hash_OfEveryLength_IsTheRuntimes()
    {
        const ulong Seed = 20_261_130;
        var random = new DeterministicRandom(Seed);
        byte[] found = new byte[32];
        for (int length = 0; length < 3_000; length++)
        {
            byte[] message = new byte[length];
            for (int i = 0; i < length; i++)
            {
                message[i] = (byte)random.Below(256);
            }

            Sha256.Hash(message, found);
            Assert.True(
                SHA256.HashData(message).AsSpan().SequenceEqual(found), $"seed {Seed}, length {length}");
        }
    }

    /// <summary>What the machines of this project have: without it hashing takes several times as long.
    /// </summary>
    [Fact]
    public void IsNative_OnLinuxWithOpenSsl_IsTrue() =>
        Assert.Equal(OperatingSystem.IsLinux(), Sha256.IsNative);

    [Fact]
    public async Task Hash_OnManyThreadsAtOnce_GivesEachItsOwn()
    {
        byte[] expected = SHA256.HashData(new byte[65]);
        bool[] right = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            byte[] found = new byte[32];
            bool all = true;
            for (int i = 0; i < 20_000; i++)
            {
                Sha256.Hash(new byte[65], found);
                all &= expected.AsSpan().SequenceEqual(found);
            }

            return all;
        })));
        Assert.All(right, Assert.True);
    }
}
