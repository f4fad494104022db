// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.CompilerServices;
using TokenLedger.Core.Ledger;
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
    public void Hash256_TryParse_OtherText_IsRefused(string text) => Assert.False(Hash256.TryParse(text, out _));

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
    public void Address_TryParse_OtherText_IsRefused(string text) => Assert.False(Address.TryParse(text, out _));

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

public sealed class AssetIdTests
{
    [Theory]
    [InlineData("AB")]
    [InlineData("A1")]
    [InlineData("GOPB-2031-A")]
    [InlineData("A--B")]
    [InlineData("ABCDEFGHIJKLMNOP")]
    public void TryParse_Symbol_RoundTrips(string text)
    {
        Assert.True(AssetId.TryParse(text, out AssetId id));
        Assert.Equal(text, id.ToString());
        byte[] bytes = new byte[AssetId.Size];
        id.CopyTo(bytes);
        Assert.True(AssetId.TryRead(bytes, out AssetId again));
        Assert.Equal(id, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("1A")]
    [InlineData("-A")]
    [InlineData("AB-")]
    [InlineData("ab")]
    [InlineData("Ab")]
    [InlineData("A B")]
    [InlineData("A_B")]
    [InlineData("AB\0")]
    [InlineData("A\0B")]
    [InlineData("АB")] // Cyrillic
    [InlineData("ABCDEFGHIJKLMNOPQ")]
    public void TryParse_OtherText_IsRefused(string text) => Assert.False(AssetId.TryParse(text, out _));

    [Theory]
    [InlineData("41420000000000000000000000000041")] // something after the padding
    [InlineData("00414200000000000000000000000000")]
    [InlineData("41000000000000000000000000000000")]
    [InlineData("4142")]
    [InlineData("4142000000000000000000000000000000")]
    public void TryRead_OtherBytes_IsRefused(string hex) =>
        Assert.False(AssetId.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void CompareTo_Random_OrdersAsText()
    {
        var generator = new CoreGenerator(4);
        for (int i = 0; i < 2_000; i++)
        {
            AssetId left = generator.Asset();
            AssetId right = generator.Asset();
            Assert.Equal(
                Math.Sign(string.CompareOrdinal(left.ToString(), right.ToString())), Math.Sign(left.CompareTo(right)));
        }
    }
}

public sealed class SmallValueTests
{
    [Fact]
    public void Limits_Relations_Hold() => RuntimeHelpers.RunClassConstructor(typeof(Limits).TypeHandle);

    [Fact]
    public void Next_AtTheMaximum_Throws()
    {
        Assert.Throws<OverflowException>(() => new Height(ulong.MaxValue).Next);
        Assert.Throws<OverflowException>(() => new View(ulong.MaxValue).Next);
        Assert.Throws<OverflowException>(() => new TimestampMs(ulong.MaxValue).Plus(1));
    }

    [Fact]
    public void Since_EarlierOrLater_NeverUnderflows()
    {
        Assert.Equal(5ul, new TimestampMs(10).Since(new TimestampMs(5)));
        Assert.Equal(0ul, new TimestampMs(5).Since(new TimestampMs(10)));
    }

    [Fact]
    public void RequestId_ToString_Is32Digits() =>
        Assert.Equal("00000000000000010000000000000002", new RequestId(new UInt128(1, 2)).ToString());

    [Fact]
    public void RejectionCodes_Names_AreUpperCaseWordsAndDistinct()
    {
        RejectionCode[] codes = Enum.GetValues<RejectionCode>();
        string[] names = [.. codes.Select(RejectionCodes.Name)];

        Assert.Equal("SUPPLY_CAP_EXCEEDED", RejectionCodes.Name(RejectionCode.SupplyCapExceeded));
        Assert.Equal("HIGH_S", RejectionCodes.Name(RejectionCode.HighS));
        Assert.All(names, name => Assert.Matches("^[A-Z]+(_[A-Z]+)*$", name));
        Assert.Equal(codes.Length, names.Distinct().Count());
        Assert.DoesNotContain((RejectionCode)0, codes);
    }
}
