// SPDX-License-Identifier: Apache-2.0
using System.Xml.Linq;
using TokenLedger.Explorer.Charts;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Tests.Charts;

public sealed class ChartTests
{
    private static readonly ChartFrame Frame = new("chart", "A <title>", 2, SiteLanguage.English);

    [Theory]
    [InlineData(new ulong[] { 3, 4, 5, 20, 2 }, new ulong[] { 12, 22 })]
    [InlineData(new ulong[] { 9 }, new ulong[0])]
    [InlineData(new ulong[] { 10, 0, 0, 10 }, new ulong[] { 10, 10 })]
    [InlineData(new ulong[] { 0, 9, 0, 1 }, new ulong[] { 10 })]
    [InlineData(new ulong[] { 100, 9 }, new ulong[] { 109 })]
    public void Join_NoRangeWithFewerThanTen_AndNobodyLost(ulong[] counts, ulong[] expected)
    {
        HolderRange[] ranges = [.. counts.Select((count, i) => new HolderRange(
            (UInt128)i * 10, i + 1 < counts.Length ? (UInt128)(i + 1) * 10 : null, count))];
        IReadOnlyList<HolderRange> joined = HolderRanges.Join(ranges);
        Assert.Equal(expected, joined.Select(static range => range.Holders));
        for (int i = 1; i < joined.Count; i++)
        {
            Assert.Equal(joined[i - 1].To, joined[i].From);
        }
    }

    [Fact]
    public void Holders_TooFew_AreNotDrawn()
    {
        Chart chart = HolderRanges.Of(Frame, [new HolderRange(0, null, 9)]);
        Assert.Null(chart.Drawing);
        Assert.Empty(chart.Table.Rows);
        Assert.Contains("Fewer than 10", chart.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Charts_OfAnything_AreWellFormedWithoutStylesAndHaveATable()
    {
        foreach (SiteLanguage language in LanguageExtensions.All)
        {
            ChartFrame frame = Frame with { Language = language };
            Chart[] charts =
            [
                CompositionChart.Of(frame, [new Part("<b>&", 700), new Part("اردو", 300)]),
                HolderRanges.Of(frame, [new HolderRange(0, 100, 10), new HolderRange(100, null, 30)]),
                MaturityLadder.Of(
                    frame,
                    [new Maturity(1_900_000_000_000, 5), new Maturity(ulong.MaxValue, UInt128.MaxValue)]),
                TimeChart.Of(frame,
                [
                    new TimeSeries(
                        "a", [new TimePoint(1_000, 1), new TimePoint(9_000_000_000, UInt128.MaxValue)]),
                    new TimeSeries("b", []),
                ]),
            ];
            foreach (Chart chart in charts)
            {
                var svg = XElement.Parse(chart.Drawing!.ToString());
                Assert.Equal("img", svg.Attribute("role")!.Value);
                Assert.Empty(svg.DescendantsAndSelf().Attributes("style"));
                Assert.Equal("A <title>", svg.Element("title")!.Value);
                Assert.NotEmpty(chart.Table.Rows);
                Assert.All(chart.Table.Rows, row => Assert.Equal(chart.Table.Headers.Count, row.Count));
                Assert.All(svg.Descendants("rect"), static rect => Assert.InRange(
                    (int)rect.Attribute("x")! + (int)rect.Attribute("width")!, 0, SvgWriter.Width));
            }
        }
    }

    [Fact]
    public void Charts_OfNothing_SaySo()
    {
        Chart[] charts =
        [
            CompositionChart.Of(Frame, []), MaturityLadder.Of(Frame, []), HolderRanges.Of(Frame, []),
            TimeChart.Of(Frame, [new TimeSeries("a", [])]),
        ];
        Assert.All(charts, static chart => Assert.Null(chart.Drawing));
        Assert.All(charts, static chart => Assert.Equal("There is nothing to draw yet.", chart.Note));
    }

    [Fact]
    public void TimeChart_OfManyPoints_KeepsTheFirstAndTheLast()
    {
        TimePoint[] points = [.. Enumerable.Range(0, 5_000).Select(
            static i => new TimePoint((ulong)i * 86_400_000, (UInt128)(i * 3)))];
        Chart chart = TimeChart.Of(Frame, [new TimeSeries("a", points)]);
        Assert.InRange(chart.Table.Rows.Count, 2, TimeChart.MaxPoints);
        Assert.Equal("0.00", chart.Table.Rows[0][1]);
        Assert.Equal("149.97", chart.Table.Rows[^1][1]);
    }
}
