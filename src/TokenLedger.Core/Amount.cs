// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace TokenLedger.Core;

/// <summary>A number of atomic units of one asset: 0 to 2^128 − 1, checked, never negative.</summary>
public readonly record struct Amount(UInt128 Units) : IComparable<Amount>
{
    /// <summary>Most digits an amount's text can have.</summary>
    public const int MaxDigits = 39;

    /// <summary>No units.</summary>
    public static Amount Zero => default;

    /// <summary>True when there are no units.</summary>
    public bool IsZero => Units == UInt128.Zero;

    /// <summary>Adds; false, with no result, when the sum is over 128 bits.</summary>
    public bool TryAdd(Amount other, out Amount sum)
    {
        UInt128 units = unchecked(Units + other.Units);
        bool fits = units >= Units;
        sum = fits ? new Amount(units) : default;
        return fits;
    }

    /// <summary>Subtracts; false, with no result, when <paramref name="other"/> is the larger.</summary>
    public bool TrySubtract(Amount other, out Amount difference)
    {
        bool fits = Units >= other.Units;
        difference = fits ? new Amount(unchecked(Units - other.Units)) : default;
        return fits;
    }

    /// <summary>Multiplies by <paramref name="factor"/>; false, with no result, when over 128 bits.</summary>
    public bool TryMultiply(UInt128 factor, out Amount product)
    {
        bool fits = factor == UInt128.Zero || Units <= UInt128.MaxValue / factor;
        product = fits ? new Amount(unchecked(Units * factor)) : default;
        return fits;
    }

    /// <inheritdoc/>
    public int CompareTo(Amount other) => Units.CompareTo(other.Units);

    /// <summary>Checked sum.</summary>
    /// <exception cref="OverflowException">The sum is over 128 bits.</exception>
    public static Amount operator +(Amount left, Amount right) => new(checked(left.Units + right.Units));

    /// <summary>Checked difference.</summary>
    /// <exception cref="OverflowException">The difference is negative.</exception>
    public static Amount operator -(Amount left, Amount right) => new(checked(left.Units - right.Units));

    /// <summary>Numeric order.</summary>
    public static bool operator <(Amount left, Amount right) => left.Units < right.Units;

    /// <summary>Numeric order.</summary>
    public static bool operator >(Amount left, Amount right) => left.Units > right.Units;

    /// <summary>Numeric order.</summary>
    public static bool operator <=(Amount left, Amount right) => left.Units <= right.Units;

    /// <summary>Numeric order.</summary>
    public static bool operator >=(Amount left, Amount right) => left.Units >= right.Units;

    /// <summary>Decimal digits: no sign, no leading zero, no grouping.</summary>
    public override string ToString() => Units.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// Parses exactly what <see cref="ToString"/> writes: any other spelling of a number is refused.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Amount amount)
    {
        amount = default;
        bool canonical = text.Length is > 0 and <= MaxDigits
            && !text.ContainsAnyExceptInRange('0', '9')
            && (text[0] != '0' || text.Length == 1);
        if (!canonical
            || !UInt128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out UInt128 units))
        {
            return false;
        }

        amount = new Amount(units);
        return true;
    }
}
