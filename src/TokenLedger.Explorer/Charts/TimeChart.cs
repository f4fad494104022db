// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Charts;

/// <summary>A value from a time on, until the next.</summary>
internal readonly record struct TimePoint(ulong TimeMs, UInt128 Value);

/// <summary>One line of a chart.</summary>
/// <param name="Label">What it is. Plain text, not encoded.</param>
/// <param name="Points">In ascending order of time.</param>
internal sealed record TimeSeries(string Label, IReadOnlyList<TimePoint> Points);

/// <summary>
/// Values over time: supply, issuance. A value holds until it changes, so lines are steps; the first series
/// is an area. Time runs from left to right in both languages, as on every calendar and stock page in Urdu.
/// </summary>
internal static class TimeChart
{
    /// <summary>More points than these are thinned out: the paper has no more columns.</summary>
    public const int MaxPoints = 120;

    /// <summary>Most series in one chart: the stylesheet has as many colours.</summary>
    public const int MaxSeries = 3;

    private const int Height = 220;
    private const int Left = 92;
    private const int Right = SvgWriter.Width - 8;
    private const int Top = 34;
    private const int Bottom = 190;

    /// <summary>Draws the series. A pure function: the same data give the same bytes.</summary>
    /// <exception cref="ArgumentException">More than <see cref="MaxSeries"/> series.</exception>
    public static Chart Of(ChartFrame frame, IReadOnlyList<TimeSeries> series)
    {
        if (series.Count > MaxSeries)
        {
            throw new ArgumentException($"At most {MaxSeries} series.", nameof(series));
        }

        Phrase time = frame.IsByDay ? Phrases.ChartDay : Phrases.ChartTime;
        string[] headers = [frame.Texts[time], .. series.Select(s => s.Label)];
        TimePoint[][] points = [.. series.Select(s => Thin(s.Points))];
        TimePoint[] all = [.. points.SelectMany(p => p)];
        if (all.Length == 0)
        {
            return frame.Nothing(headers);
        }

        ulong first = all.Min(p => p.TimeMs);
        ulong last = all.Max(p => p.TimeMs);
        UInt128 highest = all.Max(p => p.Value);
        var svg = new SvgWriter(frame, Describe(frame, points, first, last, highest), Height);
        DrawFrame(svg, frame, first, last, highest);
        for (int i = 0; i < series.Count; i++)
        {
            DrawSeries(svg, frame, i, series[i].Label, points[i], (first, last, highest));
        }

        return new Chart(svg.Close(), "", new ChartTable(frame.Title, headers, Rows(frame, points)));
    }

    // The last value of each column of the paper; the first and the last point always stay.
    private static TimePoint[] Thin(IReadOnlyList<TimePoint> points)
    {
        if (points.Count <= MaxPoints)
        {
            return [.. points];
        }

        ulong first = points[0].TimeMs;
        ulong span = Math.Max(1, points[^1].TimeMs - first);
        IEnumerable<TimePoint> columns = points.Skip(1)
            .GroupBy(p => (UInt128)(p.TimeMs - first) * (MaxPoints - 2) / span)
            .Select(column => column.Last());
        return [points[0], .. columns];
    }

    private static string Describe(
        ChartFrame frame, TimePoint[][] points, ulong first, ulong last, UInt128 highest)
    {
        TimePoint[] main = points.First(p => p.Length > 0);
        return frame.Texts.Plain(
            Phrases.ChartSeriesSentence, ("from", frame.Date(first)),
            ("to", frame.Date(last)), ("last", frame.Words(main[^1].Value)),
            ("highest", frame.Words(highest)));
    }

    private static void DrawFrame(SvgWriter svg, ChartFrame frame, ulong first, ulong last, UInt128 highest)
    {
        foreach (UInt128 tick in Scale.Ticks(highest))
        {
            int y = Bottom - Scale.Length(tick, highest, Bottom - Top);
            svg.Line(Left, Right, y, tick == 0 ? "axis" : "grid");
            svg.Words(Left - 6, y + 4, TextEnd.Right, NumberText.Axis(tick, frame.Decimals, frame.Language));
        }

        svg.Words(Left, Bottom + 20, TextEnd.Left, frame.Date(first));
        if (last > first)
        {
            svg.Words(Right, Bottom + 20, TextEnd.Right, frame.Date(last));
        }
    }

    private static void DrawSeries(
        SvgWriter svg, ChartFrame frame, int index, string label, TimePoint[] points,
        (ulong First, ulong Last, UInt128 Highest) range)
    {
        string colour = string.Create(CultureInfo.InvariantCulture, $"c{index}");
        bool rightToLeft = frame.Language.IsRightToLeft;
        int legend = index * (SvgWriter.Width / MaxSeries);
        int swatch = rightToLeft ? SvgWriter.Width - legend - 12 : legend;
        svg.Rectangle(swatch, 6, 12, 12, colour);
        svg.Words(
            rightToLeft ? swatch - 6 : swatch + 18, 17, rightToLeft ? TextEnd.Right : TextEnd.Left,
            VisibleText.Of(label, 16));
        if (points.Length == 0)
        {
            return;
        }

        string steps = Steps(points, range);
        if (index == 0)
        {
            int start = Across(points[0].TimeMs, range.First, range.Last);
            string area = string.Create(CultureInfo.InvariantCulture, $"{steps}V{Bottom}H{start}Z");
            svg.Path(area, "area " + colour);
        }

        svg.Path(steps, "line " + colour);
    }

    // Each value holds to the next point, and the last one to the end of the paper.
    private static string Steps(TimePoint[] points, (ulong First, ulong Last, UInt128 Highest) range)
    {
        var path = new StringBuilder();
        foreach (TimePoint point in points)
        {
            int x = Across(point.TimeMs, range.First, range.Last);
            int y = Bottom - Scale.Length(point.Value, range.Highest, Bottom - Top);
            if (path.Length == 0)
            {
                path.Append(CultureInfo.InvariantCulture, $"M{x} {y}");
            }
            else
            {
                path.Append(CultureInfo.InvariantCulture, $"H{x}V{y}");
            }
        }

        return path.Append(CultureInfo.InvariantCulture, $"H{Right}").ToString();
    }

    private static int Across(ulong time, ulong first, ulong last) =>
        Left + Scale.Length(time - first, last - first, Right - Left);

    // One row for each time at which anything changed, with the value that each series had then.
    private static List<IReadOnlyList<string>> Rows(ChartFrame frame, TimePoint[][] series)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (ulong time in series.SelectMany(p => p).Select(p => p.TimeMs).Distinct().Order())
        {
            string[] cells =
            [
                frame.Time(time),
                .. series.Select(points => At(frame, points, time)),
            ];
            rows.Add(cells);
        }

        return rows;
    }

    private static string At(ChartFrame frame, TimePoint[] points, ulong time)
    {
        int index = Array.FindLastIndex(points, p => p.TimeMs <= time);
        return index < 0 ? "–" : frame.Exact(points[index].Value);
    }
}
