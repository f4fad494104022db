// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace TokenLedger.Cli.Output;

/// <summary>
/// Text that others wrote (names, reasons, memos), made harmless for a terminal: nothing that moves the
/// cursor,
/// changes colours, or shows letters in another order than they stand.
/// </summary>
internal static class TerminalText
{
    // Between Urdu letters these two are spelling, not formatting.
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>The text with every control, format and unassigned character written as \u{…}.</summary>
    public static string Safe(string text)
    {
        StringBuilder? safe = null;
        int start = 0;
        for (int i = 0; i < text.Length;)
        {
            bool whole = Rune.TryGetRuneAt(text, i, out Rune rune);
            int length = whole ? rune.Utf16SequenceLength : 1;
            if (!whole || !IsHarmless(rune))
            {
                safe ??= new StringBuilder(text.Length + 16);
                int value = whole ? rune.Value : text[i];
                safe.Append(text, start, i - start)
                    .Append(CultureInfo.InvariantCulture, $"\\u{{{value:x4}}}");
                start = i + length;
            }

            i += length;
        }

        return safe?.Append(text, start, text.Length - start).ToString() ?? text;
    }

    /// <summary>True when a terminal shows the character where it stands, and does nothing else.</summary>
    public static bool IsHarmless(Rune rune) => rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner
        || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control
            or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned);
}
