// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using TokenLedger.Core;

namespace TokenLedger.Execution;

/// <summary>
/// What texts on the ledger may contain: well-formed Unicode without characters that cannot be seen or that
/// turn the direction of what stands beside them. By explicit ranges, so that no Unicode table's version
/// decides a block.
/// </summary>
internal static class TextRules
{
    // First and last of each refused range, rising.
    private static readonly (int First, int Last)[] Refused =
    [
        (0x0000, 0x001F), // C0 controls
        (0x007F, 0x009F), // delete, C1 controls
        (0x00AD, 0x00AD), // soft hyphen
        (0x034F, 0x034F), // combining grapheme joiner
        (0x061C, 0x061C), // Arabic letter mark (bidi)
        (0x115F, 0x1160), // Hangul fillers
        (0x17B4, 0x17B5), // Khmer inherent vowels
        (0x180B, 0x180F), // Mongolian selectors and vowel separator
        (0x200B, 0x200F), // zero-width space, joiners, bidi marks
        (0x2028, 0x202E), // line and paragraph separators, bidi embeddings and overrides
        (0x2060, 0x206F), // word joiner, invisible operators, bidi isolates, deprecated controls
        (0x3164, 0x3164), // Hangul filler
        (0xFDD0, 0xFDEF), // noncharacters
        (0xFE00, 0xFE0F), // variation selectors
        (0xFEFF, 0xFEFF), // zero-width no-break space
        (0xFFA0, 0xFFA0), // halfwidth Hangul filler
        (0xFFF0, 0xFFFF), // specials, the replacement character, noncharacters
        (0x1BCA0, 0x1BCA3), // shorthand format controls
        (0x1D173, 0x1D17A), // musical format controls
        (0xE0000, 0x10FFFF), // tags, selectors, private planes
    ];

    /// <summary>Checks a text that may be empty.</summary>
    /// <param name="what">Its name, for the detail.</param>
    /// <param name="text">The text.</param>
    /// <param name="maxBytes">Most bytes of UTF-8.</param>
    public static Rejection? Check(string what, string text, int maxBytes)
    {
        if (text is null)
        {
            return new Rejection(RejectionCode.InvalidField, $"{what} is missing.");
        }

        for (int i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out Rune rune, out int used) != OperationStatus.Done)
            {
                return new Rejection(
                    RejectionCode.InvalidField, $"{what} has half a surrogate pair at index {i}.");
            }

            if (IsRefused(rune.Value))
            {
                return new Rejection(
                    RejectionCode.InvalidField,
                    $"{what} has U+{rune.Value:X4} at index {i}: control, direction and zero-width "
                    + "characters are refused.");
            }

            i += used;
        }

        int bytes = Encoding.UTF8.GetByteCount(text);
        return bytes <= maxBytes
            ? null
            : new Rejection(
                RejectionCode.TooLarge, $"{what} has {bytes} bytes of UTF-8; the limit is {maxBytes}.");
    }

    /// <summary>Checks a name: a text that is not empty and neither begins nor ends with a space.</summary>
    public static Rejection? CheckName(string what, string text, int maxBytes) =>
        Check(what, text, maxBytes)
        ?? (text.Length > 0 && text[0] != ' ' && text[^1] != ' '
            ? null
            : new Rejection(RejectionCode.InvalidField, $"{what} is empty, or begins or ends with a space."));

    private static bool IsRefused(int scalar)
    {
        if (scalar is >= 0x20 and < 0x7F)
        {
            return false;
        }

        foreach ((int first, int last) in Refused)
        {
            if (scalar < first)
            {
                return false;
            }

            if (scalar <= last)
            {
                return true;
            }
        }

        return false;
    }
}
