// SPDX-License-Identifier: Apache-2.0
using Org.BouncyCastle.Math;
using TokenLedger.Core;

namespace TokenLedger.Crypto.Tests;

public sealed class Secp256k1SchemeTests
{
    private static readonly Secp256k1Scheme Scheme = new();

    [Fact]
    public void TryRecover_RandomKeysAndDigests_GivesSignerAndAgreesWithBouncyCastle()
    {
        var random = new Random(4711);
        for (int i = 0; i < 100; i++)
        {
            byte[] secret = RandomBytes(random);
            byte[] digest = RandomBytes(random);
            using PrivateKey key = PrivateKey.Import(secret);

            byte[] signature = key.Sign(new Hash256(digest));

            Assert.Equal(65, signature.Length);
            Assert.Equal(Reference.SignDeterministic(secret, digest), signature[..64]);
            Assert.True(Reference.Verify(Reference.UncompressedKey(secret), digest, signature));
            Assert.Equal(Reference.UncompressedKey(secret), Reference.Recover(digest, signature));
            Assert.True(Scheme.TryRecover(new Hash256(digest), signature, out Address signer));
            Assert.Equal(key.Address, signer);
            Assert.True(Scheme.TryRecoverKey(new Hash256(digest), signature, out PublicKey? recovered));
            Assert.Equal(key.PublicKey, recovered);
        }
    }

    [Fact]
    public void TryRecover_ArbitraryWellFormedSignatures_AgreesWithBouncyCastle()
    {
        var random = new Random(815);
        int recovered = 0;
        for (int i = 0; i < 100; i++)
        {
            byte[] digest = RandomBytes(random);
            byte[] s = RandomBytes(random);
            s[0] &= 0x3F;
            byte[] signature = [.. RandomBytes(random), .. s, (byte)(27 + random.Next(2))];

            bool ours = Scheme.TryRecoverKey(new Hash256(digest), signature, out PublicKey? key);

            Assert.Equal(Reference.Recover(digest, signature), ours ? key!.ToUncompressed() : null);
            recovered += ours ? 1 : 0;
        }

        // Half of all x stand on the curve, so both answers were seen.
        Assert.InRange(recovered, 20, 80);
    }

    [Fact]
    public void TryRecover_OtherDigest_GivesAnotherSigner()
    {
        using PrivateKey key = PrivateKey.Generate();
        byte[] signature = key.Sign(Keccak256.Hash([1]));

        bool recovered = Scheme.TryRecover(Keccak256.Hash([2]), signature, out Address signer);

        Assert.True(!recovered || signer != key.Address);
    }

    [Fact]
    public void TryRecover_HighS_IsRefusedAndNamed()
    {
        using PrivateKey key = PrivateKey.Generate();
        Hash256 digest = Keccak256.Hash([1]);
        byte[] low = key.Sign(digest);
        byte[] high = WithHighS(low);

        Assert.True(Reference.Verify(key.PublicKey.ToUncompressed(), digest.ToArray(), high));
        Assert.True(key.PublicKey.Verify(digest, high.AsSpan(0, 64)));
        Assert.False(Scheme.TryRecover(digest, high, out Address signer));
        Assert.Equal(Address.Zero, signer);
        Assert.True(Secp256k1Scheme.IsHighS(high));
        Assert.False(Secp256k1Scheme.IsHighS(low));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(26)]
    [InlineData(29)]
    [InlineData(30)]
    [InlineData(31)]
    [InlineData(37)]
    [InlineData(255)]
    public void TryRecover_OtherRecoveryByte_IsRefused(byte v)
    {
        using PrivateKey key = PrivateKey.Generate();
        byte[] signature = key.Sign(Hash256.Zero);
        signature[64] = v;

        Assert.False(Scheme.TryRecover(Hash256.Zero, signature, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(66)]
    [InlineData(130)]
    public void TryRecover_OtherLength_IsRefused(int length)
    {
        using PrivateKey key = PrivateKey.Generate();
        byte[] signature = key.Sign(Hash256.Zero);
        Array.Resize(ref signature, length);

        Assert.False(Scheme.TryRecover(Hash256.Zero, signature, out _));
        Assert.False(Secp256k1Scheme.IsHighS(signature));
    }

    [Fact]
    public void TryRecover_ScalarsAtTheEdges_OnlyTheAllowedRangePasses()
    {
        // x = 1 is on the curve, so r = 1 recovers a key with any s in range.
        BigInteger half = Reference.Order.ShiftRight(1);
        Assert.True(Recovers(BigInteger.One, BigInteger.One));
        Assert.True(Recovers(BigInteger.One, half));

        Assert.False(Recovers(BigInteger.Zero, BigInteger.One));
        Assert.False(Recovers(Reference.Order, BigInteger.One));
        Assert.False(Recovers(Reference.Order.Add(BigInteger.One), BigInteger.One));
        Assert.False(Recovers(BigInteger.One, BigInteger.Zero));
        Assert.False(Recovers(BigInteger.One, half.Add(BigInteger.One)));
        Assert.False(Recovers(BigInteger.One, Reference.Order.Subtract(BigInteger.One)));
        Assert.False(Recovers(BigInteger.One, Reference.Order));
    }

    [Fact]
    public void IsHighS_ScalarsAtTheEdges_TrueAboveHalfAndBelowOrder()
    {
        BigInteger half = Reference.Order.ShiftRight(1);
        Assert.False(Secp256k1Scheme.IsHighS(Signature(BigInteger.One, BigInteger.Zero)));
        Assert.False(Secp256k1Scheme.IsHighS(Signature(BigInteger.One, half)));
        Assert.True(Secp256k1Scheme.IsHighS(Signature(BigInteger.One, half.Add(BigInteger.One))));
        Assert.True(
            Secp256k1Scheme.IsHighS(Signature(BigInteger.One, Reference.Order.Subtract(BigInteger.One))));
        Assert.False(Secp256k1Scheme.IsHighS(Signature(BigInteger.One, Reference.Order)));
    }

    [Fact]
    public void TryRecover_ManyThreads_AllAgree()
    {
        using PrivateKey key = PrivateKey.Generate();
        int wrong = 0;
        Parallel.For(0, 2_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            Hash256 digest = Keccak256.Hash(BitConverter.GetBytes(i));
            bool right = Scheme.TryRecover(digest, key.Sign(digest), out Address signer)
                && signer == key.Address;
            if (!right)
            {
                Interlocked.Increment(ref wrong);
            }
        });

        Assert.Equal(0, wrong);
    }

    private static bool Recovers(BigInteger r, BigInteger s) =>
        Scheme.TryRecover(Keccak256.Hash([9]), Signature(r, s), out _);

    private static byte[] Signature(BigInteger r, BigInteger s) =>
        [.. Reference.Bytes32(r), .. Reference.Bytes32(s), 27];

    private static byte[] WithHighS(byte[] low)
    {
        BigInteger s = Reference.Order.Subtract(new BigInteger(1, low[32..64]));
        return [.. low[..32], .. Reference.Bytes32(s), (byte)(low[64] ^ 27 ^ 28)];
    }

    private static byte[] RandomBytes(Random random)
    {
        byte[] bytes = new byte[32];
        random.NextBytes(bytes);
        return bytes;
    }
}
