// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using TokenLedger.Core;

namespace TokenLedger.Explorer.Language;

/// <summary>
/// Numbers as people read them: exact and grouped (1,234,567.89; in Urdu 12,34,567.89), or short, in lakh and
/// crore. Digits are Western in both languages, as Pakistani newspapers and banks write them. Everything is
/// done on decimal digits: there is no floating point, and nothing is rounded up.
/// </summary>
internal static class NumberText
{
    // A short text beyond this would not fit beside a chart's axis.
    private const int MaxAxis = 14;

    // By how many digits the number is moved for each word. English has two of them: who reads "arab" in
    // English is rare, and crores are grouped.
    private static readonly (int Digits, Phrase Key)[] EnglishScales =
        [(7, Phrases.Crore), (5, Phrases.Lakh)];

    private static readonly (int Digits, Phrase Key)[] UrduScales =
        [(11, Phrases.Kharab), (9, Phrases.Arab), (7, Phrases.Crore), (5, Phrases.Lakh)];

    /// <summary>Every digit: 1,234,567.80; in Urdu 12,34,567.80.</summary>
    /// <param name="units">Atomic units.</param>
    /// <param name="decimals">The asset's decimals, 0 to 38.</param>
    /// <param name="language">Decides how digits are grouped.</param>
    public static string Exact(UInt128 units, int decimals, SiteLanguage language)
    {
        (string whole, string fraction) = Split(units, decimals);
        return Group(whole, language) + (decimals == 0 ? "" : "." + fraction);
    }

    /// <summary>A count, grouped.</summary>
    public static string Count(ulong count, SiteLanguage language) => Exact(count, 0, language);

    /// <summary>
    /// Short, for sentences: "5 crore", "5 کروڑ", with at most two decimals. What is cut off makes it "about
    /// 5.12 crore". Below a lakh it is exact.
    /// </summary>
    /// <param name="units">Atomic units.</param>
    /// <param name="decimals">The asset's decimals, 0 to 38.</param>
    /// <param name="language">Decides words and grouping.</param>
    /// <param name="unit">What is counted, a phrase with <c>{amount}</c>; null for nothing said of
    /// it.</param>
    public static string Words(UInt128 units, int decimals, SiteLanguage language, Phrase? unit = null)
    {
        (string whole, string fraction) = Split(units, decimals);
        Texts texts = Texts.Of(language);
        foreach ((int digits, Phrase key) in language == SiteLanguage.Urdu ? UrduScales : EnglishScales)
        {
            if (whole.Length > digits)
            {
                string rest = whole[^digits..] + fraction;
                string number = Group(whole[..^digits], language) + Decimals(rest[..2]);
                string words = Of(texts, unit, texts.Plain(key, ("number", number)));
                return rest.AsSpan(2).ContainsAnyExcept('0')
                    ? texts.Plain(Phrases.Approximately, ("amount", words))
                    : words;
            }
        }

        return Of(texts, unit, Group(whole, language) + Decimals(fraction));
    }

    /// <summary>
    /// As <see cref="Words"/>, but where that is long as a power of ten, cut off: 3.40×10^30.
    /// </summary>
    public static string Axis(UInt128 units, int decimals, SiteLanguage language)
    {
        string words = Words(units, decimals, language);
        (string whole, _) = Split(units, decimals);
        return words.Length <= MaxAxis || whole.Length < 4
            ? words
            : string.Create(CultureInfo.InvariantCulture, $"{whole[0]}.{whole[1..3]}×10^{whole.Length - 1}");
    }

    /// <summary>A part of a whole, 12.34%: cut off behind two decimals; 0.00% of nothing.</summary>
    public static string Percent(BigInteger part, BigInteger whole)
    {
        BigInteger hundredths = whole.IsZero ? 0 : part * 10_000 / whole;
        (BigInteger percent, BigInteger rest) = BigInteger.DivRem(hundredths, 100);
        return string.Create(CultureInfo.InvariantCulture, $"{percent}.{(int)rest:D2}%");
    }

    /// <summary>Short for reading, with every digit in its title.</summary>
    public static Markup Element(UInt128 units, int decimals, SiteLanguage language) =>
        Markup.Value(Words(units, decimals, language), Exact(units, decimals, language));

    private static (string Whole, string Fraction) Split(UInt128 units, int decimals) =>
        DecimalText.Split(new Amount(units), decimals);

    private static string Of(Texts texts, Phrase? unit, string number) =>
        unit is null ? number : texts.Plain(unit, ("amount", number));

    private static string Decimals(string digits)
    {
        string meant = digits.TrimEnd('0');
        return meant.Length == 0 ? "" : "." + meant;
    }

    private static string Group(string digits, SiteLanguage language) => DecimalText.Group(
        digits,
        language == SiteLanguage.Urdu ? DigitGrouping.LakhCrore : DigitGrouping.Thousands);
}
