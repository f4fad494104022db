// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace TokenLedger.Rpc;

/// <summary>The text of a status in a header: UTF-8, with every byte but printable ASCII as %XX.</summary>
internal static class StatusMessage
{
    /// <summary>
    /// Longer texts are cut, in characters: some clients take 8 KiB of trailers in all, and a text may
    /// triple.
    /// </summary>
    public const int MaxChars = 2048;

    public static string Encode(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text.Length <= MaxChars ? text : text[..MaxChars]);
        var result = new StringBuilder(bytes.Length);
        foreach (var b in bytes)
        {
            if (b is >= 0x20 and <= 0x7e and not (byte)'%')
            {
                result.Append((char)b);
            }
            else
            {
                result.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
        }

        return result.ToString();
    }

    /// <summary>
    /// Reads the text; what is no valid escape stands for itself, as the specification asks.
    /// </summary>
    public static string Decode(string header)
    {
        if (!header.Contains('%', StringComparison.Ordinal))
        {
            return header;
        }

        var bytes = new List<byte>(header.Length);
        for (var i = 0; i < header.Length; i++)
        {
            if (header[i] == '%' && i + 2 < header.Length &&
                byte.TryParse(
                    header.AsSpan(i + 1, 2),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out var b))
            {
                bytes.Add(b);
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(header, i, 1));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
