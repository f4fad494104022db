// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Crypto.Tests;

public sealed class Eip55Tests
{
    /// <summary>The test cases of EIP-55, and the addresses whose letters have one case only.</summary>
    public static TheoryData<string> Vectors =>
    [
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77",
        "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        "0x0000000000000000000000000000000000000000",
    ];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Parse_Vector_IsChecksummedAndFormatsBack(string text)
    {
        Assert.Equal(AddressText.Checksummed, Eip55.Parse(text, out Address address));
        Assert.Equal(text, Eip55.Format(address));
        Assert.Equal(text.ToLowerInvariant(), address.ToString());
    }

    [Fact]
    public void Parse_LowerCase_IsUnchecksummed()
    {
        Assert.Equal(
            AddressText.Unchecksummed, Eip55.Parse(
                "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", out Address address));
        Assert.Equal("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", Eip55.Format(address));
    }

    [Fact]
    public void Parse_EachLetterInTheOtherCase_IsWrongChecksum()
    {
        const string Right = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
        for (int i = 2; i < Right.Length; i++)
        {
            if (char.IsAsciiDigit(Right[i]))
            {
                continue;
            }

            char other = (char)(Right[i] ^ 0x20);
            string text = Right[..i] + other + Right[(i + 1)..];
            Assert.Equal(AddressText.WrongChecksum, Eip55.Parse(text, out Address address));
            Assert.Equal(Address.Zero, address);
        }
    }

    [Fact]
    public void Parse_OneDigitChanged_IsWrongChecksum() => Assert.Equal(
        AddressText.WrongChecksum, Eip55.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee", out _));

    [Fact]
    public void Parse_AllUpperCase_IsWrongChecksum() => Assert.Equal(
        AddressText.WrongChecksum, Eip55.Parse("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED", out _));

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0X5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAedd")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg")]
    [InlineData("0x0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Be")]
    [InlineData(" 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed ")]
    [InlineData("0x５aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    public void Parse_NoAddress_IsMalformed(string text) =>
        Assert.Equal(AddressText.Malformed, Eip55.Parse(text, out _));
}
