// SPDX-License-Identifier: Apache-2.0
using FsCheck;
using FsCheck.Fluent;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;

namespace TokenLedger.Cli.Tests;

public sealed class AmountTextTests
{
    [Theory]
    [InlineData("1250.50", 2, "125050")]
    [InlineData("1,250.50", 2, "125050")]
    [InlineData("1,250.5", 2, "125050")]
    [InlineData("12,34,567", 0, "1234567")]
    [InlineData("1,23,45,67,890", 0, "1234567890")]
    [InlineData("1,234,567", 0, "1234567")]
    [InlineData("12,345", 2, "1234500")]
    [InlineData("0.01", 2, "1")]
    [InlineData("5", 18, "5000000000000000000")]
    [InlineData("340282366920938463463374607431768211455", 0, "340282366920938463463374607431768211455")]
    public void Parse_Unambiguous_GivesAtomicUnits(string text, int decimals, string expected) =>
        Assert.Equal(expected, AmountText.Parse(text, decimals, atomic: false).ToString());

    [Theory]
    [InlineData("-5")]
    [InlineData("-0")]
    [InlineData("+5")]
    [InlineData("")]
    [InlineData(" 5")]
    [InlineData("5 000")]
    [InlineData("1,25")]
    [InlineData("1,2,3")]
    [InlineData(",125")]
    [InlineData("1,2345")]
    [InlineData("1234,567")]
    [InlineData("1,23,456,789")]
    [InlineData("123,45,678")]
    [InlineData("1.250,50")]
    [InlineData("1.2.3")]
    [InlineData("5.")]
    [InlineData(".5")]
    [InlineData("007")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("1_000")]
    [InlineData("١٢")]
    [InlineData("1.005")]
    [InlineData("340282366920938463463374607431768211456")]
    [InlineData("3402823669209384634633746074317682114.56")]
    public void Parse_AmbiguousOrOutOfRange_IsAmountInvalid(string text)
    {
        CliException e = Assert.Throws<CliException>(() => AmountText.Parse(text, 2, atomic: false));

        Assert.Equal("AMOUNT_INVALID", e.Code);
        Assert.Equal(ExitCode.Usage, e.Exit);
        Assert.NotEmpty(e.Why);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.00")]
    public void Parse_Zero_IsAmountZero(string text) =>
        Assert.Equal("AMOUNT_ZERO", Assert.Throws<CliException>(() => AmountText.Parse(text, 2, false)).Code);

    [Fact]
    public void Parse_AtomicWithFraction_IsRefused() =>
        Assert.Equal(
            "AMOUNT_INVALID",
            Assert.Throws<CliException>(() => AmountText.Parse("1.5", 2, atomic: true)).Code);

    [Theory]
    [InlineData("123456789", 2, "1,234,567.89", "12,34,567.89")]
    [InlineData("1", 2, "0.01", "0.01")]
    [InlineData("100", 0, "100", "100")]
    [InlineData("1000", 0, "1,000", "1,000")]
    [InlineData("1234567890", 0, "1,234,567,890", "1,23,45,67,890")]
    public void Grouped_Both_GroupAsPeopleDo(string units, int decimals, string thousands, string lakhs)
    {
        Assert.True(Amount.TryParse(units, out Amount amount));

        Assert.Equal(thousands, AmountText.Grouped(amount, decimals));
        Assert.Equal(lakhs, AmountText.GroupedByLakh(amount, decimals));
    }

    [Theory]
    [InlineData("5000000000", 2, "fifty million", "five crore")]
    [InlineData("1234567", 0, "one million two hundred thirty-four thousand five hundred sixty-seven",
        "twelve lakh thirty-four thousand five hundred sixty-seven")]
    [InlineData("150", 2, "one point five", "one point five")]
    [InlineData("0", 0, "zero", "zero")]
    [InlineData("100000000000000", 0, "one hundred trillion", "one crore crore")]
    public void Words_Both_SayTheNumber(string units, int decimals, string english, string southAsian)
    {
        Assert.True(Amount.TryParse(units, out Amount amount));

        Assert.Equal(english, AmountWords.Of(amount, decimals));
        Assert.Equal(southAsian, AmountWords.OfByLakh(amount, decimals));
    }

    [Fact]
    public void Words_LargestAmount_HasWords()
    {
        Assert.StartsWith("three hundred forty undecillion", AmountWords.Of(new Amount(UInt128.MaxValue), 0));
        Assert.NotEmpty(AmountWords.OfByLakh(new Amount(UInt128.MaxValue), 18));
    }

    [Fact]
    public void Parse_WhatAnyFormWrites_ReadsBack() => Prop.ForAll<ulong, ulong, byte>((high, low, places) =>
    {
        var amount = new Amount(new UInt128(high, low));
        int decimals = places % (Limits.AssetDecimals + 1);
        string[] forms =
        [
            AmountText.Plain(amount, decimals),
            AmountText.Grouped(amount, decimals),
            AmountText.GroupedByLakh(amount, decimals),
        ];
        return amount.IsZero
            || Array.TrueForAll(forms, f => AmountText.Parse(f, decimals, atomic: false) == amount);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_AnyText_IsAnAmountOrARefusalAndNothingElse() => Prop.ForAll<NonNull<string>>(text =>
    {
        try
        {
            Amount amount = AmountText.Parse(text.Get, 2, atomic: false);
            return AmountText.Parse(AmountText.Plain(amount, 2), 2, atomic: false) == amount;
        }
        catch (CliException e)
        {
            return e.Exit == ExitCode.Usage;
        }
    }).QuickCheckThrowOnFailure();
}
