// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing.Generators;

namespace TokenLedger.Core.Tests;

public sealed class HashAndAddressTests
{
    [Fact]
    public void Hash256_RandomBytes_RoundTripsAndOrdersAsBytes()
    {
        var generator = new CoreGenerator(1);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] left = generator.Bytes(Hash256.Size);
            byte[] right = generator.Coin() ? generator.Bytes(Hash256.Size) : [.. left];
            right[generator.Below(32)] ^= (byte)generator.Below(2);
            var leftHash = new Hash256(left);
            var rightHash = new Hash256(right);

            Assert.Equal(left, leftHash.ToArray());
            Assert.True(Hash256.TryParse(leftHash.ToString(), out Hash256 parsed) && parsed == leftHash);
            Assert.Equal(
                Math.Sign(left.AsSpan().SequenceCompareTo(right)), Math.Sign(leftHash.CompareTo(rightHash)));
            Assert.Equal(left.AsSpan().SequenceEqual(right), leftHash == rightHash);
            Assert.Equal(CommonBits(left, right), leftHash.CommonPrefixBits(rightHash));
        }
    }

    [Fact]
    public void Hash256_Bit_CountsFromTheMostSignificant()
    {
        for (int bit = 0; bit < 256; bit++)
        {
            byte[] bytes = new byte[32];
            bytes[bit / 8] = (byte)(0x80 >> (bit % 8));
            var hash = new Hash256(bytes);
            for (int i = 0; i < 256; i++)
            {
                Assert.Equal(i == bit, hash.Bit(i));
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Hash256.Zero.Bit(256));
        Assert.Throws<ArgumentOutOfRangeException>(() => Hash256.Zero.Bit(-1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Hash256_OtherLength_Throws(int length) =>
        Assert.Throws<ArgumentException>(() => new Hash256(new byte[length]));

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("0x0x11111111111111111111111111111111111111111111111111111111111111")]
    [InlineData("111111111111111111111111111111111111111111111111111111111111111")]
    [InlineData("11111111111111111111111111111111111111111111111111111111111111111")]
    [InlineData("g111111111111111111111111111111111111111111111111111111111111111")]
    [InlineData(" 1111111111111111111111111111111111111111111111111111111111111111")]
    public void Hash256_TryParse_OtherText_IsRefused(string text) =>
        Assert.False(Hash256.TryParse(text, out _));

    [Fact]
    public void Address_RandomBytes_RoundTripsAndOrdersAsBytes()
    {
        var generator = new CoreGenerator(2);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] left = generator.Bytes(Address.Size);
            byte[] right = [.. left];
            right[generator.Below(20)] ^= (byte)generator.Below(2);

            Assert.Equal(left, new Address(left).ToArray());
            Assert.True(Address.TryParse(new Address(left).ToString(), out Address parsed));
            Assert.Equal(new Address(left), parsed);
            Assert.Equal(
                Math.Sign(left.AsSpan().SequenceCompareTo(right)),
                Math.Sign(new Address(left).CompareTo(new Address(right))));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("1111111111111111111111111111111111111111")]
    [InlineData("0X1111111111111111111111111111111111111111")]
    [InlineData("0x111111111111111111111111111111111111111")]
    [InlineData("0x11111111111111111111111111111111111111111")]
    [InlineData("0x111111111111111111111111111111111111111A")]
    [InlineData("0x111111111111111111111111111111111111111g")]
    public void Address_TryParse_OtherText_IsRefused(string text) =>
        Assert.False(Address.TryParse(text, out _));

    private static int CommonBits(byte[] left, byte[] right)
    {
        int bit = 0;
        while (bit < 256 && ((left[bit / 8] ^ right[bit / 8]) & (0x80 >> (bit % 8))) == 0)
        {
            bit++;
        }

        return bit;
    }
}
