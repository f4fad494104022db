// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Charts;

/// <summary>How many hold so much.</summary>
/// <param name="From">The least holding in the range, in atomic units; 0 for no bound below.</param>
/// <param name="To">The least holding above the range; null for no bound above.</param>
/// <param name="Holders">How many.</param>
internal readonly record struct HolderRange(UInt128 From, UInt128? To, ulong Holders);

/// <summary>
/// How holdings are distributed among citizens, in ranges only. A range of few holders would tell what a
/// neighbour has; so no range with fewer than ten is ever shown, neither in the drawing nor in the table.
/// </summary>
internal static class HolderRanges
{
    /// <summary>Fewest holders in a range that is shown.</summary>
    public const ulong Fewest = 10;

    /// <summary>
    /// Joins ranges from the smallest holdings up until each has enough holders; what is left over at the top
    /// joins the range below. Empty when all together are too few.
    /// </summary>
    /// <param name="ranges">Ascending, each beginning where the last ends.</param>
    public static IReadOnlyList<HolderRange> Join(IReadOnlyList<HolderRange> ranges)
    {
        var joined = new List<HolderRange>();
        HolderRange? open = null;
        foreach (HolderRange range in ranges)
        {
            open = open is { } begun ? Union(begun, range) : range;
            if (open.Value.Holders >= Fewest)
            {
                joined.Add(open.Value);
                open = null;
            }
        }

        if (open is { } left && joined.Count > 0)
        {
            joined[^1] = Union(joined[^1], left);
        }

        return joined;
    }

    /// <summary>Draws the ranges, joined. A pure function.</summary>
    public static Chart Of(ChartFrame frame, IReadOnlyList<HolderRange> ranges)
    {
        Texts texts = frame.Texts;
        string[] headers = [texts[Phrases.ChartRange], texts[Phrases.ChartHoldersCount]];
        string fewest = NumberText.Count(Fewest, frame.Language);
        IReadOnlyList<HolderRange> shown = Join(ranges);
        if (shown.Count == 0)
        {
            Chart nothing = frame.Nothing(headers);
            return ranges.All(r => r.Holders == 0)
                ? nothing
                : nothing with { Note = texts.Plain(Phrases.ChartFewHolders, ("count", fewest)) };
        }

        BigInteger holders = shown.Aggregate(BigInteger.Zero, (sum, r) => sum + r.Holders);
        string description = texts.Plain(
            Phrases.ChartHoldersSentence, ("count", NumberText.Count((ulong)holders, frame.Language)),
            ("ranges", NumberText.Count((ulong)shown.Count, frame.Language)));
        string[][] cells =
            [.. shown.Select(r => (string[])[Name(frame, r), NumberText.Count(r.Holders, frame.Language)])];
        (string, string, BigInteger)[] bars =
            [.. shown.Select((r, i) => (cells[i][0], cells[i][1], (BigInteger)r.Holders))];
        return new Chart(
            BarRows.Draw(frame, description, bars, colours: false),
            shown.Count < ranges.Count ? texts.Plain(Phrases.ChartHoldersMerged, ("count", fewest)) : "",
            new ChartTable(frame.Title, headers, cells));
    }

    private static HolderRange Union(HolderRange lower, HolderRange upper) =>
        new(lower.From, upper.To, lower.Holders + upper.Holders);

    private static string Name(ChartFrame frame, HolderRange range) => (range.From.Equals(0), range.To) switch
    {
        (true, null) => frame.Texts[Phrases.RangeAll],
        (true, { } to) => frame.Texts.Plain(Phrases.RangeBelow, ("to", frame.Words(to))),
        (false, null) => frame.Texts.Plain(Phrases.RangeFrom, ("from", frame.Words(range.From))),
        (false, { } to) => frame.Texts.Plain(
            Phrases.RangeBetween, ("from", frame.Words(range.From)), ("to", frame.Words(to))),
    };
}
