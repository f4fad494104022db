// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Unicode;

namespace TokenLedger.Core.Json;

/// <summary>
/// Reads JSON files that a network depends on. Strict: no comments, no trailing commas, no null, no unknown
/// or repeated keys, no number that is not a whole one; a mistake is an error with its place, never a
/// default. Pure.
/// </summary>
public static class StrictJson
{
    /// <summary>Reads a whole file.</summary>
    /// <param name="utf8">The file's bytes, without a byte-order mark.</param>
    /// <param name="maxBytes">Longest file that is looked at.</param>
    /// <param name="read">Makes the result from the outermost value.</param>
    /// <exception cref="StrictJsonException">The bytes are not such a file.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> utf8, int maxBytes, Func<StrictValue, T> read)
    {
        if (utf8.Length > maxBytes)
        {
            throw new StrictJsonException("$", $"{utf8.Length} bytes", $"at most {maxBytes} bytes");
        }

        if (!Utf8.IsValid(utf8.Span))
        {
            throw new StrictJsonException("$", "bytes that are not UTF-8", "JSON in UTF-8");
        }

        using JsonDocument document = Parse(utf8);
        return read(new StrictValue("$", document.RootElement));
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = Limits.JsonDepth });
        }
        catch (JsonException e)
        {
            string place =
                $"something that is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})";
            throw new StrictJsonException("$", place, $"JSON, nested at most {Limits.JsonDepth} deep");
        }
    }
}
