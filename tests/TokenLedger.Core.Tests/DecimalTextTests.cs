// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core.Tests;

public sealed class DecimalTextTests
{
    [Theory]
    [InlineData(0UL, 0, "0", "0", "0")]
    [InlineData(7UL, 2, "0.07", "0.07", "0.07")]
    [InlineData(123_456_789UL, 2, "1234567.89", "1,234,567.89", "12,34,567.89")]
    [InlineData(100_000UL, 0, "100000", "100,000", "1,00,000")]
    [InlineData(1UL, 18, "0.000000000000000001", "0.000000000000000001", "0.000000000000000001")]
    public void Text_OfAnAmount_IsExact(
        ulong units, int decimals, string plain, string thousands, string lakhs)
    {
        var amount = new Amount(units);
        Assert.Equal(plain, DecimalText.Plain(amount, decimals));
        Assert.Equal(thousands, DecimalText.Grouped(amount, decimals, DigitGrouping.Thousands));
        Assert.Equal(lakhs, DecimalText.Grouped(amount, decimals, DigitGrouping.LakhCrore));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(39)]
    public void Text_OfDecimalsThatMeanNothing_IsRefused(int decimals) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DecimalText.Plain(new Amount(1), decimals));
}
