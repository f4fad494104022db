// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;

namespace TokenLedger.Explorer.Charts;

/// <summary>From values of up to 128 bits to places on paper, without floating point.</summary>
internal static class Scale
{
    private const int MostTicks = 4;

    /// <summary>How long a value is when the largest has a length: 0 to <paramref name="length"/>.</summary>
    public static int Length(BigInteger value, BigInteger largest, int length) => largest.IsZero
        ? 0
        : (int)(value * length / largest);

    /// <summary>
    /// As <see cref="Length"/>, but what is more than nothing is seen: at least one unit long.
    /// </summary>
    public static int Visible(BigInteger value, BigInteger largest, int length) =>
        value.IsZero ? 0 : Math.Max(1, Length(value, largest, length));

    /// <summary>Round values for an axis, from 0 to at most the largest: steps of 1, 2 or 5 times a power of
    /// ten.</summary>
    public static IReadOnlyList<UInt128> Ticks(UInt128 largest)
    {
        UInt128 least = UInt128.Max(1, largest / MostTicks);
        UInt128 power = UInt128.Parse(
            "1" + new string('0', least.ToString(CultureInfo.InvariantCulture).Length - 1),
            CultureInfo.InvariantCulture);
        UInt128 step = power;
        foreach (uint factor in (ReadOnlySpan<uint>)[2, 5, 10])
        {
            step = largest / step > MostTicks ? power * factor : step;
        }

        var ticks = new List<UInt128>();
        for (UInt128 i = 0; i <= largest / step; i++)
        {
            ticks.Add(i * step);
        }

        return ticks;
    }
}
