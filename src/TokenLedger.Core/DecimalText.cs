// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace TokenLedger.Core;

/// <summary>How the digits of a whole number are put into groups for reading.</summary>
public enum DigitGrouping
{
    /// <summary>By thousands: 12,345,678.</summary>
    Thousands,

    /// <summary>By thousand, then lakh and crore: 1,23,45,678.</summary>
    LakhCrore,
}

/// <summary>Atomic units as decimal text, exactly: no floating point, nothing rounded.</summary>
public static class DecimalText
{
    // More decimals than a 128-bit number has digits mean nothing.
    private const int MaxDecimals = Amount.MaxDigits - 1;

    /// <summary>The digits before and behind the point; the second as many as there are decimals.</summary>
    /// <param name="amount">Atomic units.</param>
    /// <param name="decimals">0 to 38.</param>
    public static (string Whole, string Fraction) Split(Amount amount, int decimals)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(decimals);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decimals, MaxDecimals);
        string digits = amount.ToString().PadLeft(decimals + 1, '0');
        return (digits[..^decimals], digits[^decimals..]);
    }

    /// <summary>Whole units with every decimal, without grouping: 1250.50.</summary>
    /// <inheritdoc cref="Split"/>
    public static string Plain(Amount amount, int decimals)
    {
        (string whole, string fraction) = Split(amount, decimals);
        return decimals == 0 ? whole : $"{whole}.{fraction}";
    }

    /// <summary>Whole units with every decimal, grouped: 1,250.50.</summary>
    /// <inheritdoc cref="Split"/>
    public static string Grouped(Amount amount, int decimals, DigitGrouping grouping)
    {
        (string whole, string fraction) = Split(amount, decimals);
        return decimals == 0 ? Group(whole, grouping) : $"{Group(whole, grouping)}.{fraction}";
    }

    /// <summary>Puts commas between the digits of a whole number.</summary>
    public static string Group(string digits, DigitGrouping grouping)
    {
        int size = grouping == DigitGrouping.LakhCrore ? 2 : 3;
        var text = new StringBuilder(digits.Length * 2);
        for (int i = 0; i < digits.Length; i++)
        {
            int left = digits.Length - i;
            if (i > 0 && (left == 3 || (left > 3 && (left - 3) % size == 0)))
            {
                text.Append(',');
            }

            text.Append(digits[i]);
        }

        return text.ToString();
    }
}
