// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Explorer.Pages;

/// <summary>
/// How often an asset's terms promise proof. The ledger has no field for it: it is read out of the words of
/// the terms, which the page quotes, where they name an interval. Whole words only; a word that can mean two
/// intervals stands for the longer one, and one behind "not" for none.
/// </summary>
/// <param name="Words">The term that names it.</param>
/// <param name="Days">The longest that the interval can be.</param>
internal sealed record ReserveInterval(string Words, uint Days)
{
    private const ulong DayMs = 24 * 3600 * 1000;
    private const uint MostOfAUnit = 1_000;

    // The terms that promise proof, by the beginning of their names.
    private static readonly string[] Promises = ["proof", "attest", "audit", "inspection", "reporting"];

    private static readonly string[] Nots = ["not", "no", "never", "without"];

    // One word that says it all; hyphens are taken out before.
    private static readonly Dictionary<string, uint> Adverbs = new(StringComparer.Ordinal)
    {
        ["daily"] = 1,
        ["weekly"] = 7,
        ["semiweekly"] = 4,
        ["fortnightly"] = 14,
        ["biweekly"] = 14,
        ["monthly"] = 31,
        ["semimonthly"] = 16,
        ["bimonthly"] = 62,
        ["quarterly"] = 92,
        ["semiannual"] = 184,
        ["semiannually"] = 184,
        ["biannual"] = 184,
        ["biannually"] = 184,
        ["halfyearly"] = 184,
        ["semiyearly"] = 184,
        ["yearly"] = 366,
        ["annual"] = 366,
        ["annually"] = 366,
        ["biennial"] = 731,
        ["biennially"] = 731,
        ["biyearly"] = 731,
        ["triennial"] = 1_096,
        ["triennially"] = 1_096,
    };

    private static readonly Dictionary<string, uint> Numbers = new(StringComparer.Ordinal)
    {
        ["one"] = 1,
        ["two"] = 2,
        ["second"] = 2,
        ["other"] = 2,
        ["three"] = 3,
        ["third"] = 3,
        ["four"] = 4,
        ["fourth"] = 4,
        ["five"] = 5,
        ["fifth"] = 5,
        ["six"] = 6,
        ["sixth"] = 6,
        ["seven"] = 7,
        ["eight"] = 8,
        ["nine"] = 9,
        ["ten"] = 10,
        ["eleven"] = 11,
        ["twelve"] = 12,
        ["eighteen"] = 18,
        ["thirty"] = 30,
        ["sixty"] = 60,
        ["ninety"] = 90,
    };

    private static readonly Dictionary<string, uint> Times = new(StringComparer.Ordinal)
    {
        ["once"] = 1,
        ["twice"] = 2,
        ["thrice"] = 3,
    };

    /// <summary>The shortest interval that terms name; null when they name none.</summary>
    public static ReserveInterval? In(AssetTerms terms)
    {
        ReserveInterval? shortest = null;
        foreach (TermAttribute attribute in terms.Attributes)
        {
            if (Array.Exists(Promises, start => attribute.Key.StartsWith(start, StringComparison.Ordinal))
                && Shortest(attribute.Value) is { } days && (shortest is null || days < shortest.Days))
            {
                shortest = new ReserveInterval(attribute.Value, days);
            }
        }

        return shortest;
    }

    /// <summary>When the document after one is due at the latest; the first one counts from the asset's
    /// creation.</summary>
    public TimestampMs DueAfter(TimestampMs attached) => attached.Plus(Days * DayMs);

    private static uint? Shortest(string text)
    {
        string[] words = WordsOf(text);
        uint? shortest = null;
        for (int i = 0; i < words.Length; i++)
        {
            bool denied = i > 0 && Nots.Contains(words[i - 1]);
            if (!denied && At(words.AsSpan(i)) is { } days && (shortest is null || days < shortest))
            {
                shortest = days;
            }
        }

        return shortest;
    }

    private static uint? At(ReadOnlySpan<string> words)
    {
        if (Adverbs.TryGetValue(words[0], out uint days))
        {
            return days;
        }

        // "every month", "each half year", "every 30 days", "every second year".
        if (words[0] is "each" or "every" && words.Length > 1)
        {
            return Number(words[1]) is { } count && words.Length > 2
                ? Units(count, words[2..])
                : Units(1, words[1..]);
        }

        // "twice a year": as often as it says, the days shared out.
        return Times.TryGetValue(words[0], out uint times) && words.Length > 2
            && words[1] is "a" or "an" or "per" or "each" or "every" && Units(1, words[2..]) is { } whole
                ? (whole + times - 1) / times
                : null;
    }

    private static uint? Number(string word) => Numbers.TryGetValue(word, out uint number)
        || (uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number is > 0 and <= MostOfAUnit)
            ? number
            : null;

    // Of months and years as many days as the longest run of them has.
    private static uint? Units(uint count, ReadOnlySpan<string> words) => words[0] switch
    {
        "day" or "days" => count,
        "week" or "weeks" => 7 * count,
        "fortnight" or "fortnights" => 14 * count,
        "month" or "months" => Months(count),
        "quarter" or "quarters" => Months(3 * count),
        "half" when words.Length > 1 && words[1] is "year" or "years" => Months(6 * count),
        "halfyear" or "halfyears" => Months(6 * count),
        "year" or "years" => Months(12 * count),
        _ => null,
    };

    private static uint Months(uint count) => (count / 12) switch
    {
        0 => ((306 * count) + 9) / 10,
        uint years => (365 * years) + ((years + 3) / 4) + (((306 * (count % 12)) + 9) / 10),
    };

    // Letters and digits; what a hyphen joins is one word.
    private static string[] WordsOf(string text)
    {
        string plain = text.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal)
            .Replace("\u2010", "", StringComparison.Ordinal).Replace("\u2011", "", StringComparison.Ordinal);
        char[] spaced = [.. plain.Select(static c => char.IsLetterOrDigit(c) ? c : ' ')];
        return new string(spaced).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
