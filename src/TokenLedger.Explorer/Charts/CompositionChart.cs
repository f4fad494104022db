// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Charts;

/// <summary>One part of a whole.</summary>
/// <param name="Label">What it is. Plain text, not encoded.</param>
/// <param name="Value">How much, in the unit that all parts share.</param>
internal sealed record Part(string Label, UInt128 Value);

/// <summary>What something consists of, a bar for each part: outstanding by class, holders by kind.</summary>
internal static class CompositionChart
{
    /// <summary>Colours of the stylesheet; with more parts they begin again, and labels tell them
    /// apart.</summary>
    public const int Colours = 8;

    /// <summary>Draws the parts, the largest first. A pure function.</summary>
    public static Chart Of(ChartFrame frame, IReadOnlyList<Part> parts)
    {
        Texts texts = frame.Texts;
        string[] headers = [texts[Phrases.ChartKind], texts[Phrases.ChartValue], texts[Phrases.ChartShare]];

        // The sum of many 128-bit values needs more bits.
        BigInteger whole = parts.Aggregate(BigInteger.Zero, (sum, part) => sum + part.Value);
        if (whole.IsZero)
        {
            return frame.Nothing(headers);
        }

        Part[] sorted =
            [.. parts.OrderByDescending(p => p.Value).ThenBy(p => p.Label, StringComparer.Ordinal)];
        string[] shares = [.. sorted.Select(p => NumberText.Percent(p.Value, whole))];
        string description = texts.Plain(
            Phrases.ChartCompositionSentence,
            ("count", NumberText.Count((ulong)sorted.Length, frame.Language)),
            ("label", VisibleText.Of(sorted[0].Label)), ("share", shares[0]));
        (string, string, BigInteger)[] bars =
            [.. sorted.Select((p, i) => (p.Label, shares[i], (BigInteger)p.Value))];
        IReadOnlyList<string>[] rows =
            [
                .. sorted.Select((p, i) => (string[])
                    [VisibleText.Of(p.Label), frame.Exact(p.Value), shares[i]]),
            ];
        return new Chart(
            BarRows.Draw(frame, description, bars, colours: true), "",
            new ChartTable(frame.Title, headers, rows));
    }
}
