// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using TokenLedger.Core;

namespace TokenLedger.Explorer.Index;

/// <summary>What a search can find. Values are part of the index's format.</summary>
internal enum SearchKind : byte
{
    /// <summary>An asset, by its symbol.</summary>
    Asset = 1,

    /// <summary>An institution, by its address.</summary>
    Institution = 2,

    /// <summary>An account, by its address.</summary>
    Account = 3,

    /// <summary>A block, by its height.</summary>
    Block = 4,

    /// <summary>A transaction, by its id.</summary>
    Transaction = 5,
}

/// <summary>Words under which something is found.</summary>
/// <param name="Text">Folded; see <see cref="SearchText"/>.</param>
/// <param name="Kind">What is found.</param>
/// <param name="Target">Its symbol or address.</param>
internal sealed record SearchTerm(string Text, SearchKind Kind, string Target);

/// <summary>Something that was found.</summary>
internal sealed record SearchHit(SearchKind Kind, string Target);

/// <summary>What somebody typed, as the things that it may be the beginning of.</summary>
/// <param name="Term">Folded words; empty for none.</param>
/// <param name="Height">A whole number.</param>
/// <param name="Hex">Lower-case digits of an address, id or hash; empty for none.</param>
internal sealed record SearchQuery(string Term, Height? Height, string Hex)
{
    /// <summary>Longest text that is looked at, in characters: a hash with 0x, and room.</summary>
    public const int MaxLength = 128;

    private const int MinHexDigits = 4;

    /// <summary>Reads what was typed.</summary>
    public static SearchQuery Parse(string typed)
    {
        string text = Number(typed.Length <= MaxLength ? typed.Trim() : "");
        Height? height = text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9')
            && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
                ? new Height(number)
                : null;
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        bool isHex = digits.Length is >= MinHexDigits and <= 2 * Hash256.Size
            && digits.All(char.IsAsciiHexDigit);
        return new SearchQuery(SearchText.Fold(text), height, isHex ? digits.ToLowerInvariant() : "");
    }

    // The digits of Urdu and Arabic keyboards are those of this site; and a number may be grouped as this
    // site shows numbers, or as Arabic does.
    private static string Number(string text)
    {
        string western = string.Concat(text.Select(static c => c switch
        {
            >= '\u06F0' and <= '\u06F9' => (char)('0' + (c - '\u06F0')),
            >= '\u0660' and <= '\u0669' => (char)('0' + (c - '\u0660')),
            _ => c,
        }));
        bool isGrouped = western.Length > 1 && char.IsAsciiDigit(western[0]) && char.IsAsciiDigit(western[^1])
            && western.All(static c => char.IsAsciiDigit(c) || IsSeparator(c));
        return isGrouped ? string.Concat(western.Where(char.IsAsciiDigit)) : western;
    }

    private static bool IsSeparator(char c) => c is ',' or '\u066C' or '\u060C' or '\u00A0' or '\u202F';
}

/// <summary>
/// Brings spellings of one word together: case, Arabic letters for Urdu ones, vowel signs and joiners.
/// </summary>
internal static class SearchText
{
    /// <summary>UTF-8 bytes of a folded text that are kept: the longest name's.</summary>
    public const int MaxBytes = Limits.NameBytes;

    /// <summary>The folded text; empty when nothing is left.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        int bytes = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            Rune? one = Fold(rune, folded.Length == 0 || folded[^1] == ' ');
            if (one is not { } kept)
            {
                continue;
            }

            bytes += kept.Utf8SequenceLength;
            if (bytes > MaxBytes)
            {
                break;
            }

            folded.Append(kept.ToString());
        }

        return folded.ToString().TrimEnd(' ');
    }

    /// <summary>Terms of a name: it is found by the beginning of each of its words.</summary>
    public static IEnumerable<string> Terms(string name)
    {
        string rest = Fold(name);
        while (rest.Length > 0)
        {
            yield return rest;
            int space = rest.IndexOf(' ', StringComparison.Ordinal);
            rest = space < 0 ? "" : rest[(space + 1)..];
        }
    }

    private static Rune? Fold(Rune rune, bool atWordStart)
    {
        if (Rune.IsWhiteSpace(rune))
        {
            return atWordStart ? null : new Rune(' ');
        }

        return rune.Value switch
        {
            0 => null,

            // Vowel signs, the long stroke, and joiners: people leave them out.
            (>= 0x064B and <= 0x065F) or 0x0670 or 0x0640 or 0x200C or 0x200D => null,

            // Arabic kaf and yeh, as Arabic keyboards write them, and the Urdu heh.
            0x0643 => new Rune(0x06A9),
            0x064A or 0x0649 => new Rune(0x06CC),
            0x0647 => new Rune(0x06C1),
            _ => Rune.ToLowerInvariant(rune),
        };
    }
}
