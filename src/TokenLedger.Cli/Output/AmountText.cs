// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Cli.Shell;
using TokenLedger.Core;

namespace TokenLedger.Cli.Output;

/// <summary>
/// Amounts between atomic units and what people type and read. Typed: digits, commas between groups of
/// thousands
/// (1,234,567) or of lakh and crore (12,34,567), one point. Nothing is guessed: what could be read in two
/// ways is refused.
/// </summary>
internal static class AmountText
{
    /// <summary>Reads what was typed.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="decimals">The asset's decimals.</param>
    /// <param name="atomic">True when the text counts atomic units.</param>
    /// <param name="checkSize">False to look at the form only, before the decimals are known.</param>
    /// <exception cref="CliException">AMOUNT_INVALID or AMOUNT_ZERO, with the reason.</exception>
    public static Amount Parse(string text, int decimals, bool atomic, bool checkSize = true)
    {
        if (text.StartsWith('-'))
        {
            throw Invalid(text, "An amount is never negative.");
        }

        (string whole, string fraction) = Split(text);
        string digits = Ungroup(text, whole);
        if (digits.Length > 1 && digits[0] == '0')
        {
            throw Invalid(text, "It begins with a zero that means nothing.");
        }

        int places = atomic ? 0 : decimals;
        if (fraction.Length > places)
        {
            throw Invalid(text, atomic
                ? "Atomic units have no fraction."
                : $"It has {fraction.Length} digits after the point; this asset has {decimals}.");
        }

        string units = (digits + fraction.PadRight(places, '0')).TrimStart('0');
        if (units.Length == 0)
        {
            throw new CliException(
                RejectionCodes.Name(RejectionCode.AmountZero), ExitCodes.Of(RejectionCode.AmountZero),
                $"'{text}' is an amount of zero.", "An amount of zero moves nothing.",
                "Pass an --amount above zero.");
        }

        return Amount.TryParse(units, out Amount amount) || !checkSize
            ? amount
            : throw Invalid(text, "It is over 128 bits of atomic units.");
    }

    /// <summary>Whole units with every decimal, without grouping: 1250.50. What <see cref="Parse"/> reads
    /// back.</summary>
    public static string Plain(Amount amount, int decimals) => DecimalText.Plain(amount, decimals);

    /// <summary>Grouped by thousands: 1,234,567.50.</summary>
    public static string Grouped(Amount amount, int decimals) =>
        DecimalText.Grouped(amount, decimals, DigitGrouping.Thousands);

    /// <summary>Grouped by thousand, lakh and crore: 12,34,567.50.</summary>
    public static string GroupedByLakh(Amount amount, int decimals) =>
        DecimalText.Grouped(amount, decimals, DigitGrouping.LakhCrore);

    private static (string Whole, string Fraction) Split(string text)
    {
        int point = text.IndexOf('.', StringComparison.Ordinal);
        string whole = point < 0 ? text : text[..point];
        string fraction = point < 0 ? "" : text[(point + 1)..];
        if (whole.Length == 0 || !whole.All(c => char.IsAsciiDigit(c) || c == ','))
        {
            throw Invalid(text, "It is not digits, with commas between groups and one point.");
        }

        if ((point >= 0 && fraction.Length == 0) || fraction.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            throw Invalid(
                text, "After the point come digits and nothing else; the point marks the fraction.");
        }

        return (whole, fraction);
    }

    private static string Ungroup(string text, string whole)
    {
        string[] groups = whole.Split(',');
        if (groups.Length == 1)
        {
            return whole;
        }

        string[] inner = groups[1..^1];
        bool thousands = groups[0].Length is >= 1 and <= 3 && Array.TrueForAll(inner, g => g.Length == 3);
        bool lakhs = groups[0].Length is 1 or 2 && Array.TrueForAll(inner, g => g.Length == 2);
        if (groups[^1].Length != 3 || !(thousands || lakhs))
        {
            throw Invalid(
                text,
                "Its commas stand neither between thousands (1,234,567) nor between lakhs (12,34,567).");
        }

        return string.Concat(groups);
    }

    private static CliException Invalid(string text, string why) => new(
        RejectionCodes.Name(RejectionCode.AmountInvalid), ExitCodes.Of(RejectionCode.AmountInvalid),
        $"'{text}' is not an amount.", why,
        "Write it like 1250.50 or 1,250.50, or whole atomic units with --atomic.");
}
