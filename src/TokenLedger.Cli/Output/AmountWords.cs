// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;

namespace TokenLedger.Cli.Output;

/// <summary>Amounts in English words, so that a zero too many is heard: by millions, and by lakh and
/// crore.</summary>
internal static class AmountWords
{
    private static readonly string[] Ones =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] Tens =
        ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    private static readonly string[] Scales =
    [
        "", " thousand", " million", " billion", " trillion", " quadrillion", " quintillion", " sextillion",
        " septillion", " octillion", " nonillion", " decillion", " undecillion",
    ];

    /// <summary>"fifty million point five", by thousands.</summary>
    public static string Of(Amount amount, int decimals)
    {
        (UInt128 whole, string fraction) = Split(amount, decimals);
        return ByThousands(whole) + fraction;
    }

    /// <summary>"five crore", by thousand, lakh and crore; a crore crore where people would say
    /// that.</summary>
    public static string OfByLakh(Amount amount, int decimals)
    {
        (UInt128 whole, string fraction) = Split(amount, decimals);
        return ByCrores(whole) + fraction;
    }

    private static (UInt128 Whole, string Fraction) Split(Amount amount, int decimals)
    {
        string plain = AmountText.Plain(amount, decimals);
        int point = plain.IndexOf('.', StringComparison.Ordinal);
        if (point < 0)
        {
            return (amount.Units, "");
        }

        string fraction = plain[(point + 1)..].TrimEnd('0');
        UInt128 whole =
            UInt128.Parse(plain.AsSpan(0, point), NumberStyles.None, CultureInfo.InvariantCulture);
        return (whole, fraction.Length == 0
            ? ""
            : " point " + string.Join(' ', fraction.Select(digit => Ones[digit - '0'])));
    }

    private static string ByThousands(UInt128 number)
    {
        if (number == 0)
        {
            return Ones[0];
        }

        var parts = new List<string>();
        for (int scale = 0; number > 0; scale++, number /= 1000)
        {
            int group = (int)(number % 1000);
            if (group > 0)
            {
                parts.Insert(0, BelowThousand(group) + Scales[scale]);
            }
        }

        return string.Join(' ', parts);
    }

    private static string ByCrores(UInt128 number)
    {
        if (number == 0)
        {
            return Ones[0];
        }

        var parts = new List<string>();
        UInt128 crores = number / 10_000_000;
        int lakhs = (int)(number / 100_000 % 100);
        int thousands = (int)(number / 1000 % 100);
        int rest = (int)(number % 1000);
        Add(parts, crores > 0, () => ByCrores(crores) + " crore");
        Add(parts, lakhs > 0, () => BelowThousand(lakhs) + " lakh");
        Add(parts, thousands > 0, () => BelowThousand(thousands) + " thousand");
        Add(parts, rest > 0, () => BelowThousand(rest));
        return string.Join(' ', parts);
    }

    private static void Add(List<string> parts, bool wanted, Func<string> part)
    {
        if (wanted)
        {
            parts.Add(part());
        }
    }

    private static string BelowThousand(int number)
    {
        int hundreds = number / 100;
        int rest = number % 100;
        string head = hundreds == 0 ? "" : Ones[hundreds] + " hundred" + (rest == 0 ? "" : " ");
        string tail = rest switch
        {
            0 => "",
            < 20 => Ones[rest],
            _ => Tens[rest / 10] + (rest % 10 == 0 ? "" : "-" + Ones[rest % 10]),
        };
        return head + tail;
    }
}
