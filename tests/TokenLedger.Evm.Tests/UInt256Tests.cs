// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace TokenLedger.Evm.Tests;

public sealed class UInt256Tests
{
    private static readonly BigInteger Modulus = BigInteger.One << 256;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Arithmetic_RandomNumbers_IsThatOfBigIntegersOrOverflows(int seed)
    {
        var gen = new Gen(seed);
        for (int i = 0; i < 20_000; i++)
        {
            UInt256 a = gen.Unsigned(8 * gen.Int(1, 33));
            UInt256 b = gen.Unsigned(8 * gen.Int(1, 33));
            Check((BigInteger)a + b, () => a + b);
            Check((BigInteger)a - b, () => a - b);
            Check((BigInteger)a * b, () => a * b);
            Assert.Equal(((BigInteger)a).CompareTo(b), a.CompareTo(b));
            Assert.Equal((BigInteger)a < b, a < b);
            Assert.Equal((BigInteger)a > b, a > b);
            Assert.Equal((BigInteger)a <= b, a <= b);
            Assert.Equal((BigInteger)a >= b, a >= b);
            Assert.Equal((BigInteger)a == b, a == b);
            if (!b.IsZero)
            {
                Check((BigInteger)a / b, () => a / b);
            }
        }
    }

    [Theory]
    [InlineData(3)]
    public void Text_RandomNumbers_ReadsAsWritten(int seed)
    {
        var gen = new Gen(seed);
        for (int i = 0; i < 5_000; i++)
        {
            UInt256 a = gen.Unsigned(8 * gen.Int(1, 33));
            Assert.True(UInt256.TryParse(a.ToString(), out UInt256 read));
            Assert.True(UInt256.TryParseHex(a.ToHex(), out UInt256 readHex));
            Assert.Equal(
                (a, a, a, a), (read, readHex, new UInt256(a.ToArray()), new UInt256(a.ToMinimalArray())));
            Assert.True(a.ToMinimalArray() is not [0, ..]);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData(" 1")]
    [InlineData("1e3")]
    [InlineData("115792089237316195423570985008687907853269984665640564039457584007913129639936")]
    [InlineData("1000000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    public void TryParse_NoNumberOfAWord_IsFalse(string text) => Assert.False(UInt256.TryParse(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("1")]
    [InlineData("0xg")]
    [InlineData("0x 1")]
    [InlineData("0x00000000000000000000000000000000000000000000000000000000000000000")]
    public void TryParseHex_NoHexOfAWord_IsFalse(string text) =>
        Assert.False(UInt256.TryParseHex(text, out _));

    [Fact]
    public void Conversions_OutOfRange_Throw()
    {
        UInt256 wide = (UInt256)UInt128.MaxValue + 1;
        Assert.Throws<OverflowException>(() => (ulong)wide);
        Assert.Throws<OverflowException>(() => (UInt128)wide);
        Assert.Throws<OverflowException>(() => (ulong)(UInt256)UInt128.MaxValue);
        Assert.Throws<OverflowException>(() => (UInt256)BigInteger.MinusOne);
        Assert.Throws<OverflowException>(() => (UInt256)Modulus);
        Assert.Throws<ArgumentException>(() => new UInt256(new byte[33]));
        Assert.Throws<DivideByZeroException>(() => wide / UInt256.Zero);
        Assert.Equal(Modulus - 1, (BigInteger)UInt256.MaxValue);
    }

    private static void Check(BigInteger expected, Func<UInt256> compute)
    {
        if (expected.Sign < 0 || expected >= Modulus)
        {
            Assert.Throws<OverflowException>(() => compute());
        }
        else
        {
            Assert.Equal(expected, (BigInteger)compute());
        }
    }
}
