// SPDX-License-Identifier: Apache-2.0
using System.Text;
using TokenLedger.Core;
using TokenLedger.Explorer.Index;

namespace TokenLedger.Explorer.Tests.Index;

public sealed class SearchTextTests
{
    [Theory]
    [InlineData("  Government   BOND ", "government bond")]
    [InlineData("كاربن", "کاربن")]
    [InlineData("سرکاري", "سرکاری")]
    [InlineData("سَرکاری", "سرکاری")]
    [InlineData("سـرکاری", "سرکاری")]
    [InlineData("مرکز\u200Cی", "مرکزی")]
    [InlineData("a\0b", "ab")]
    [InlineData("", "")]
    public void Fold_SpellingsOfOneWord_ComeTogether(string text, string folded) =>
        Assert.Equal(folded, SearchText.Fold(text));

    [Fact]
    public void Fold_TextOfAnyLength_IsBounded()
    {
        Assert.Equal(SearchText.MaxBytes, SearchText.Fold(new string('x', 500)).Length);
        string folded = SearchText.Fold(new string('س', 500));
        Assert.Equal(SearchText.MaxBytes, Encoding.UTF8.GetByteCount(folded));
    }

    [Fact]
    public void Terms_OfAName_BeginAtEachWord() =>
        Assert.Equal(["treasury bill 2031", "bill 2031", "2031"], SearchText.Terms("Treasury Bill 2031"));

    [Theory]
    [InlineData("42", 42UL, "")]
    [InlineData("4242", 4242UL, "4242")]
    [InlineData("0xAbCd", null, "abcd")]
    [InlineData("abc", null, "")]
    [InlineData("wxyz", null, "")]
    [InlineData("99999999999999999999999", null, "99999999999999999999999")]
    public void Parse_WhatIsTyped_IsNumberHexAndTerm(string typed, ulong? height, string hex)
    {
        SearchQuery query = SearchQuery.Parse(typed);
        Assert.Equal(height is { } number ? new Height(number) : null, query.Height);
        Assert.Equal(hex, query.Hex);
        Assert.Equal(SearchText.Fold(typed), query.Term);
    }

    [Theory]
    [InlineData("۱۲", 12UL, "12", "")]
    [InlineData("١٢٣٤", 1234UL, "1234", "1234")]
    [InlineData("1,234", 1234UL, "1234", "1234")]
    [InlineData("12,34,567", 1234567UL, "1234567", "1234567")]
    [InlineData("۱٬۲۳۴", 1234UL, "1234", "1234")]
    [InlineData("بانڈ ۲۰۳۱", null, "بانڈ 2031", "")]
    [InlineData(",12", null, ",12", "")]
    [InlineData("12,", null, "12,", "")]
    [InlineData("1.5", null, "1.5", "")]
    public void Parse_NumberInAnyDigits_IsTheNumber(string typed, ulong? height, string term, string hex)
    {
        SearchQuery query = SearchQuery.Parse(typed);
        Assert.Equal(height is { } number ? new Height(number) : null, query.Height);
        Assert.Equal(term, query.Term);
        Assert.Equal(hex, query.Hex);
    }

    [Fact]
    public void Parse_TooLong_IsNothing() => Assert.Equal(
        new SearchQuery("", null, ""), SearchQuery.Parse(new string('1', SearchQuery.MaxLength + 1)));
}
