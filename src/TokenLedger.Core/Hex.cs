// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace TokenLedger.Core;

/// <summary>Hexadecimal text of a known length.</summary>
public static class Hex
{
    /// <summary>
    /// Fills <paramref name="destination"/> exactly from hexadecimal digits, with or without 0x.
    /// </summary>
    /// <returns>False when the text is not two digits for each byte.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, Span<byte> destination)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            text = text[2..];
        }

        return text.Length == destination.Length * 2
            && Convert.FromHexString(text, destination, out int consumed, out int written)
                == OperationStatus.Done
            && consumed == text.Length
            && written == destination.Length;
    }
}
