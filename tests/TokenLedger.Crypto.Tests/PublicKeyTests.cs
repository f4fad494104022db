// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Crypto.Tests;

public sealed class PublicKeyTests
{
    [Fact]
    public void TryParse_BothForms_GiveTheSameKey()
    {
        using PrivateKey secret = PrivateKey.Generate();
        PublicKey key = secret.PublicKey;

        Assert.True(PublicKey.TryParse(key.ToCompressed(), out PublicKey? compressed));
        Assert.True(PublicKey.TryParse(key.ToUncompressed(), out PublicKey? uncompressed));

        Assert.Equal(key, compressed);
        Assert.Equal(key, uncompressed);
        Assert.Equal(key.Address, compressed.Address);
        Assert.Equal("0x" + Convert.ToHexStringLower(key.ToCompressed()), compressed.ToString());
    }

    [Fact]
    public void TryParse_NoPointOrOtherForm_IsRefused()
    {
        using PrivateKey secret = PrivateKey.Generate();
        byte[] whole = secret.PublicKey.ToUncompressed();
        byte[] hybrid = [.. whole];
        hybrid[0] = (byte)(6 + (whole[64] & 1));
        byte[] offCurve = [.. whole];
        offCurve[64] ^= 1;
        byte[] notInField = [2, .. Enumerable.Repeat((byte)0xFF, 32)];

        Assert.False(PublicKey.TryParse(hybrid, out _));
        Assert.False(PublicKey.TryParse(offCurve, out _));
        Assert.False(PublicKey.TryParse(notInField, out _));
        Assert.False(PublicKey.TryParse([], out _));
        Assert.False(PublicKey.TryParse([0], out _));
        Assert.False(PublicKey.TryParse(whole.AsSpan(1), out _));
        Assert.False(PublicKey.TryParse(whole.AsSpan(0, 33), out _));
    }

    [Fact]
    public void Verify_RandomSignatures_AgreesWithBouncyCastle()
    {
        var random = new Random(99);
        byte[] digest = new byte[32];
        for (int i = 0; i < 40; i++)
        {
            using PrivateKey key = PrivateKey.Generate();
            random.NextBytes(digest);
            byte[] signature = key.Sign(new Hash256(digest))[..64];
            if ((i & 1) == 1)
            {
                signature[random.Next(64)] ^= (byte)(1 << random.Next(8));
            }

            bool expected = Reference.Verify(key.PublicKey.ToUncompressed(), digest, signature);
            Assert.Equal(expected, key.PublicKey.Verify(new Hash256(digest), signature));
            Assert.Equal((i & 1) == 0, expected);
        }
    }
}
