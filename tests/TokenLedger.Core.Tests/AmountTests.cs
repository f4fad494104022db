// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Core.Tests;

public sealed class AmountTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("10")]
    [InlineData("340282366920938463463374607431768211455")]
    public void TryParse_Canonical_RoundTrips(string text)
    {
        Assert.True(Amount.TryParse(text, out Amount amount));
        Assert.Equal(text, amount.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("-0")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData("1_000")]
    [InlineData("0x10")]
    [InlineData("１")]
    [InlineData("٣")]
    [InlineData("1\0")]
    [InlineData("340282366920938463463374607431768211456")]
    [InlineData("999999999999999999999999999999999999999")]
    [InlineData("1000000000000000000000000000000000000000")]
    public void TryParse_OtherSpelling_IsRefused(string text)
    {
        Assert.False(Amount.TryParse(text, out Amount amount));
        Assert.Equal(Amount.Zero, amount);
    }

    [Fact]
    public void Arithmetic_AtTheEdges_IsChecked()
    {
        var max = new Amount(UInt128.MaxValue);
        var one = new Amount(1);

        Assert.False(max.TryAdd(one, out Amount result) || result != Amount.Zero);
        Assert.True(max.TryAdd(Amount.Zero, out result) && result == max);
        Assert.False(Amount.Zero.TrySubtract(one, out result) || result != Amount.Zero);
        Assert.True(max.TrySubtract(max, out result) && result == Amount.Zero);
        Assert.False(max.TryMultiply(2, out result) || result != Amount.Zero);
        Assert.True(max.TryMultiply(1, out result) && result == max);
        Assert.True(max.TryMultiply(0, out result) && result == Amount.Zero);
        Assert.Throws<OverflowException>(() => max + one);
        Assert.Throws<OverflowException>(() => Amount.Zero - one);
    }

    [Fact]
    public void Arithmetic_Random_AgreesWithBigInteger()
    {
        var generator = new CoreGenerator(3);
        System.Numerics.BigInteger limit = System.Numerics.BigInteger.One << 128;
        for (int i = 0; i < 5_000; i++)
        {
            Amount left = generator.Amount();
            Amount right = generator.Coin() ? generator.Amount() : new Amount(generator.U32());
            Check(left.TryAdd(right, out Amount sum), sum, Big(left) + Big(right));
            Check(left.TrySubtract(right, out Amount difference), difference, Big(left) - Big(right));
            Check(left.TryMultiply(right.Units, out Amount product), product, Big(left) * Big(right));
        }

        void Check(bool fits, Amount result, System.Numerics.BigInteger exact)
        {
            Assert.Equal(exact >= 0 && exact < limit, fits);
            Assert.Equal(fits ? exact : 0, Big(result));
        }
    }

    private static System.Numerics.BigInteger Big(Amount amount) =>
        System.Numerics.BigInteger.Parse(amount.ToString(), CultureInfo.InvariantCulture);
}
