// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Explorer.Pages;

/// <summary>
/// How often an asset's terms promise proof. The ledger has no field for it: it is read out of the words of
/// the terms, which the page quotes, where they name an interval.
/// </summary>
/// <param name="Words">The term that names it.</param>
/// <param name="Days">The longest that the interval can be.</param>
internal sealed record ReserveInterval(string Words, uint Days)
{
    private const ulong DayMs = 24 * 3600 * 1000;

    // The terms that promise proof, by the beginning of their names.
    private static readonly string[] Promises = ["proof", "attest", "audit", "inspection", "reporting"];

    // Of words within words the longer ones come first.
    private static readonly (string Words, uint Days)[] Known =
    [
        ("every second year", 731), ("every two years", 731), ("each half year", 184),
        ("every half year", 184), ("every six months", 184), ("each quarter", 92), ("every quarter", 92),
        ("every three months", 92), ("quarterly", 92), ("each month", 31), ("every month", 31),
        ("monthly", 31), ("each week", 7), ("every week", 7), ("weekly", 7), ("each day", 1),
        ("every day", 1), ("daily", 1), ("each year", 366), ("every year", 366), ("yearly", 366),
        ("annually", 366), ("annual", 366),
    ];

    /// <summary>The shortest interval that terms name; null when they name none.</summary>
    public static ReserveInterval? In(AssetTerms terms)
    {
        ReserveInterval? shortest = null;
        foreach (TermAttribute attribute in terms.Attributes)
        {
            if (!Array.Exists(
                Promises, start => attribute.Key.StartsWith(start, StringComparison.Ordinal)))
            {
                continue;
            }

            foreach ((string words, uint days) in Known)
            {
                if (attribute.Value.Contains(words, StringComparison.OrdinalIgnoreCase)
                    && (shortest is null || days < shortest.Days))
                {
                    shortest = new ReserveInterval(attribute.Value, days);
                }
            }
        }

        return shortest;
    }

    /// <summary>When the document after one is due at the latest.</summary>
    public TimestampMs DueAfter(TimestampMs attached) => attached.Plus(Days * DayMs);
}
