// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Charts;

/// <summary>
/// Bars one below the other, each with its label and its value above it: long labels and long numbers have
/// room on a small phone. Bars begin where the language's lines begin.
/// </summary>
internal static class BarRows
{
    // The label and the value share a line of the paper.
    private const int MaxLabel = 34;
    private const int RowHeight = 42;
    private const int BarHeight = 14;

    /// <summary>Draws the rows.</summary>
    /// <param name="frame">The chart.</param>
    /// <param name="description">For who cannot see it.</param>
    /// <param name="rows">Label, what stands at the other end, and the length.</param>
    /// <param name="colours">True for a colour to each row, false for one to all.</param>
    public static Markup Draw(
        ChartFrame frame, string description,
        IReadOnlyList<(string Label, string Value, BigInteger Length)> rows, bool colours)
    {
        var svg = new SvgWriter(frame, description, rows.Count * RowHeight);
        BigInteger longest = rows.Max(row => row.Length);
        bool rightToLeft = frame.Language.IsRightToLeft;
        (int start, TextEnd atStart) = rightToLeft ? (SvgWriter.Width, TextEnd.Right) : (0, TextEnd.Left);
        (int end, TextEnd atEnd) = rightToLeft ? (0, TextEnd.Left) : (SvgWriter.Width, TextEnd.Right);
        for (int i = 0; i < rows.Count; i++)
        {
            (string label, string value, BigInteger length) = rows[i];
            int y = i * RowHeight;
            int width = Scale.Visible(length, longest, SvgWriter.Width);
            svg.Words(start, y + 15, atStart, VisibleText.Of(label, MaxLabel));
            svg.Words(end, y + 15, atEnd, value);
            svg.Rectangle(0, y + 22, SvgWriter.Width, BarHeight, "track");
            int colour = colours ? i % CompositionChart.Colours : 0;
            svg.Rectangle(
                rightToLeft ? SvgWriter.Width - width : 0, y + 22, width, BarHeight,
                string.Create(CultureInfo.InvariantCulture, $"c{colour}"));
        }

        return svg.Close();
    }
}
