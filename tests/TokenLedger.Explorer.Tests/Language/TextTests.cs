// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Tests.Language;

/// <summary>Numbers, times and paths as people read them.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData("0", 0, "0", "0")]
    [InlineData("1234567890", 0, "1,234,567,890", "1,23,45,67,890")]
    [InlineData("1234567", 2, "12,345.67", "12,345.67")]
    [InlineData("5", 2, "0.05", "0.05")]
    [InlineData(
        "340282366920938463463374607431768211455", 18, "340,282,366,920,938,463,463.374607431768211455",
        "34,02,82,36,69,20,93,84,63,463.374607431768211455")]
    public void Exact_GroupsByTheLanguage(string units, int decimals, string english, string urdu)
    {
        var number = UInt128.Parse(units, CultureInfo.InvariantCulture);
        Assert.Equal(english, NumberText.Exact(number, decimals, SiteLanguage.English));
        Assert.Equal(urdu, NumberText.Exact(number, decimals, SiteLanguage.Urdu));
    }

    [Theory]
    [InlineData("99999", 0, "99,999", "99,999")]
    [InlineData("100000", 0, "1 lakh", "1 لاکھ")]
    [InlineData("1250000", 0, "12.5 lakh", "12.5 لاکھ")]
    [InlineData("50000000", 0, "5 crore", "5 کروڑ")]
    [InlineData("51234567", 0, "about 5.12 crore", "تقریباً 5.12 کروڑ")]
    [InlineData("2000000000", 0, "200 crore", "2 ارب")]
    [InlineData("12345678901234", 0, "about 1,234,567.89 crore", "تقریباً 123.45 کھرب")]
    [InlineData("123456", 2, "1,234.56", "1,234.56")]
    [InlineData("10000000", 2, "1 lakh", "1 لاکھ")]
    public void Words_AreLakhAndCrore_CutOffAndNeverRoundedUp(
        string units, int decimals, string english, string urdu)
    {
        var number = UInt128.Parse(units, CultureInfo.InvariantCulture);
        Assert.Equal(english, NumberText.Words(number, decimals, SiteLanguage.English));
        Assert.Equal(urdu, NumberText.Words(number, decimals, SiteLanguage.Urdu));
    }

    [Theory]
    [InlineData(1, 3, "33.33%")]
    [InlineData(2, 2, "100.00%")]
    [InlineData(0, 0, "0.00%")]
    [InlineData(99_999, 100_000, "99.99%")]
    public void Percent_IsCutOff(int part, int whole, string expected) =>
        Assert.Equal(expected, NumberText.Percent(part, whole));

    [Fact]
    public void Times_AreOfPakistanAndOfTheWorld()
    {
        const ulong time = 1_796_022_306_000;
        Assert.Equal(
            "30 November 2026, 12:05:06 Pakistan time (07:05:06 UTC)",
            TimeText.DateAndTime(time, SiteLanguage.English));
        Assert.Equal("30 نومبر 2026", TimeText.Date(time, SiteLanguage.Urdu));
        Assert.Equal("2026-11-30T07:05:06Z", TimeText.Iso(time));

        // Late in the evening of UTC it is the next day in Pakistan.
        Assert.Equal("1 December 2026", TimeText.Date(time + (13 * 3_600_000UL), SiteLanguage.English));
        Assert.Equal("30 November 2026", TimeText.DateUtc(time + (13 * 3_600_000UL), SiteLanguage.English));
        Assert.Equal("a time beyond the calendar", TimeText.Date(ulong.MaxValue, SiteLanguage.English));
        Assert.Equal(9999, TimeText.Year(ulong.MaxValue));
    }

    [Theory]
    [InlineData(0UL, "just now", "ابھی ابھی")]
    [InlineData(12_999UL, "12 seconds ago", "12 سیکنڈ پہلے")]
    [InlineData(60_000UL, "1 minute ago", "1 منٹ پہلے")]
    [InlineData(7_200_000UL, "2 hours ago", "2 گھنٹے پہلے")]
    [InlineData(86_400_000UL, "1 day ago", "1 دن پہلے")]
    public void Since_IsInFullUnits(ulong age, string english, string urdu)
    {
        const ulong then = 1_000_000_000_000;
        Assert.Equal(english, TimeText.Since(then, then + age, SiteLanguage.English));
        Assert.Equal(urdu, TimeText.Since(then, then + age, SiteLanguage.Urdu));
        Assert.Equal("just now", TimeText.Since(then + age, then, SiteLanguage.English));
    }

    [Theory]
    [InlineData("/en", true, "/")]
    [InlineData("/ur/block/7", true, "/block/7")]
    [InlineData("/", false, null)]
    [InlineData("/eng/", false, null)]
    [InlineData("/EN/", false, null)]
    public void LanguagePath_TakesThePathApart(string path, bool known, string? rest)
    {
        Assert.Equal(known, LanguagePath.TryParse(path, out LanguagePath parsed));
        Assert.Equal(rest, known ? parsed.Rest : null);
    }

    [Theory]
    [InlineData("ur", SiteLanguage.Urdu)]
    [InlineData("en;q=0.8, ur;q=0.9", SiteLanguage.Urdu)]
    [InlineData("ur;q=0.8, en", SiteLanguage.English)]
    [InlineData("ur;q=0", SiteLanguage.English)]
    [InlineData("ur;q=nonsense", SiteLanguage.English)]
    [InlineData("", SiteLanguage.English)]
    internal void Preferred_IsWhatTheBrowserWeighsMost(string header, SiteLanguage expected) =>
        Assert.Equal(expected, LanguagePath.Preferred(header));

    [Fact]
    public void Sentence_WithoutAValue_IsAMistakeOfTheProgram() => Assert.Throws<FormatException>(
        () => Texts.Of(SiteLanguage.English).Plain(Phrases.AsOfBlock, ("height", "7")));

    [Theory]
    [InlineData("1", "1 account holds PK-1.", "PK-1 1 اکاؤنٹ کے پاس ہے۔")]
    [InlineData("0", "0 accounts hold PK-1.", "PK-1 0 اکاؤنٹس کے پاس ہے۔")]
    [InlineData("21", "21 accounts hold PK-1.", "PK-1 21 اکاؤنٹس کے پاس ہے۔")]
    public void Sentence_OfANumber_HasTheWordsForOneOrForMany(string count, string english, string urdu)
    {
        Assert.StartsWith(english, Of(SiteLanguage.English), StringComparison.Ordinal);
        Assert.StartsWith(urdu, Of(SiteLanguage.Urdu), StringComparison.Ordinal);

        string Of(SiteLanguage language)
        {
            string plain = Texts.Of(language).Plain(Phrases.HoldersLead, ("count", count), ("asset", "PK-1"));
            Assert.Equal(
                plain,
                Texts.Of(language).Sentence(
                    Phrases.HoldersLead, ("count", Markup.Value(count)), ("asset", Markup.Name("PK-1")))
                    .PlainText());
            return plain;
        }
    }
}
