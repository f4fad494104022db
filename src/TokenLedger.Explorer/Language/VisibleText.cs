// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace TokenLedger.Explorer.Language;

/// <summary>
/// Text that others wrote (names, reasons, memos), as a page may show it: what would be invisible, or would
/// change the order or the height of the text around it, is written out as [U+202E], and the length is
/// bounded. Encoding it for HTML is a second step, which <see cref="Markup"/> takes.
/// </summary>
internal static class VisibleText
{
    /// <summary>Most characters of a name on a page; the ledger's own limit is in bytes.</summary>
    public const int MaxName = 120;

    /// <summary>Most characters of a reason or memo on a page.</summary>
    public const int MaxSentence = 300;

    // Urdu needs two marks on a letter, Arabic with all its signs three.
    private const int MaxMarks = 4;

    private const int ZeroWidthNonJoiner = 0x200C;

    // Letters that never join the next one: a non-joiner behind them changes nothing that can be seen.
    private const string NeverJoining = "ءآأؤإاةدذرزوٱڈڑژۃےۓ";

    /// <summary>The text with everything visible.</summary>
    /// <param name="text">What somebody wrote.</param>
    /// <param name="maxCharacters">Characters after which it ends with an ellipsis.</param>
    public static string Of(string text, int maxCharacters = MaxName)
    {
        var visible = new StringBuilder(text.Length);
        Rune previous = default;
        int marks = 0;
        int count = 0;
        for (int i = 0; i < text.Length; count++)
        {
            if (count == maxCharacters)
            {
                return visible.Append('…').ToString();
            }

            bool whole = Rune.TryGetRuneAt(text, i, out Rune rune);
            int length = whole ? rune.Utf16SequenceLength : 1;
            marks = whole && IsMark(rune) ? marks + 1 : 0;
            bool more = i + length < text.Length;
            Rune next = more && Rune.TryGetRuneAt(text, i + length, out Rune found) ? found : default;
            if (whole && marks <= MaxMarks && (IsVisible(rune) || IsSpelling(rune, previous, next)))
            {
                visible.Append(text, i, length);
            }
            else
            {
                int value = whole ? rune.Value : text[i];
                visible.Append(CultureInfo.InvariantCulture, $"[U+{value:X4}]");
            }

            previous = whole ? rune : default;
            i += length;
        }

        return visible.ToString();
    }

    /// <summary>Lines of a program's text, with everything visible, of any length.</summary>
    public static string Code(string text) =>
        string.Join('\n', text.Split('\n').Select(static line => Of(line, int.MaxValue)));

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    private static bool IsVisible(Rune rune) => !IsBlankLetter(rune.Value) && (rune.Value == ' '
        || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control
            or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned));

    // Letters and marks that have no ink: Hangul fillers, the blank Braille pattern, the joiner of graphemes,
    // inherent vowels of Khmer, variation selectors.
    private static bool IsBlankLetter(int value) => value
        is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800 or 0x034F or 0x17B4 or 0x17B5
        or (>= 0xFE00 and <= 0xFE0F) or (>= 0x180B and <= 0x180F) or (>= 0xE0100 and <= 0xE01EF);

    // In Urdu the non-joiner is spelling where it keeps two letters apart that would else join.
    private static bool IsSpelling(Rune rune, Rune previous, Rune next) =>
        rune.Value == ZeroWidthNonJoiner && IsUrduLetter(previous) && IsUrduLetter(next)
        && !NeverJoining.Contains((char)previous.Value, StringComparison.Ordinal);

    private static bool IsUrduLetter(Rune rune) =>
        rune.Value is >= 0x0620 and <= 0x06D5 && Rune.IsLetter(rune);
}
