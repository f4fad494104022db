// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Charts;

/// <summary>What falls due at a time.</summary>
internal readonly record struct Maturity(ulong TimeMs, UInt128 Value);

/// <summary>
/// How much falls due in which year, a column for each. Years run from left to right in both languages.
/// </summary>
internal static class MaturityLadder
{
    /// <summary>Most columns; what falls due later is in the last one, marked with a plus.</summary>
    public const int MaxYears = 30;

    private const int Height = 220;
    private const int Left = 92;
    private const int Right = SvgWriter.Width - 8;
    private const int Top = 12;
    private const int Bottom = 190;
    private const int LabelWidth = 44;

    /// <summary>Draws the ladder, from the first year with anything due to the last. A pure
    /// function.</summary>
    public static Chart Of(ChartFrame frame, IReadOnlyList<Maturity> maturities)
    {
        Texts texts = frame.Texts;
        string[] headers = [texts[Phrases.ChartYear], texts[Phrases.ChartMatures]];
        Maturity[] due = [.. maturities.Where(m => m.Value != 0)];
        if (due.Length == 0)
        {
            return frame.Nothing(headers);
        }

        (string Year, UInt128 Value)[] columns = Columns(due);
        UInt128 highest = columns.Max(c => c.Value);
        string description = texts.Plain(
            Phrases.ChartLadderSentence, ("from", columns[0].Year), ("to", columns[^1].Year),
            ("year", columns.First(c => c.Value == highest).Year), ("amount", frame.Words(highest)));
        var svg = new SvgWriter(frame, description, Height);
        foreach (UInt128 tick in Scale.Ticks(highest))
        {
            int y = Bottom - Scale.Length(tick, highest, Bottom - Top);
            svg.Line(Left, Right, y, tick == 0 ? "axis" : "grid");
            svg.Words(Left - 6, y + 4, TextEnd.Right, NumberText.Axis(tick, frame.Decimals, frame.Language));
        }

        int step = (Right - Left) / columns.Length;
        int nth = (LabelWidth + step - 1) / step;
        for (int i = 0; i < columns.Length; i++)
        {
            int length = Scale.Visible(columns[i].Value, highest, Bottom - Top);
            int width = Math.Min(48, Math.Max(step - 2, step / 2));
            int x = Left + (i * step) + ((step - width) / 2);
            svg.Rectangle(x, Bottom - length, width, length, "c0");
            if (i % nth == 0)
            {
                svg.Number(x + (width / 2), Bottom + 20, TextEnd.Middle, columns[i].Year);
            }
        }

        IReadOnlyList<string>[] rows =
            [.. columns.Where(c => c.Value != 0).Select(c => (string[])[c.Year, frame.Exact(c.Value)])];
        return new Chart(svg.Close(), "", new ChartTable(frame.Title, headers, rows));
    }

    // Sums stop at the largest value there is: a ladder of nonsense is drawn as such, and no page fails.
    private static (string Year, UInt128 Value)[] Columns(Maturity[] due)
    {
        int first = due.Min(m => TimeText.Year(m.TimeMs));
        int years = Math.Min(MaxYears, due.Max(m => TimeText.Year(m.TimeMs)) - first + 1);
        var sums = new BigInteger[years];
        bool later = false;
        foreach (Maturity maturity in due)
        {
            int column = TimeText.Year(maturity.TimeMs) - first;
            later |= column >= years;
            sums[Math.Min(column, years - 1)] += maturity.Value;
        }

        return [.. sums.Select((sum, i) => (
            (first + i).ToString(CultureInfo.InvariantCulture) + (later && i == years - 1 ? "+" : ""),
            (UInt128)BigInteger.Min(sum, UInt128.MaxValue)))];
    }
}
