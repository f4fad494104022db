// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using TokenLedger.Core;

namespace TokenLedger.Evm;

/// <summary>
/// The values of Ethereum's JSON-RPC: quantities are hex without leading zeros, data is hex with two digits a
/// byte, both with 0x.
/// </summary>
public static class EvmHex
{
    /// <summary>A number as a quantity.</summary>
    public static string Quantity(UInt256 number) => number.ToHex();

    /// <summary>Bytes as data.</summary>
    public static string Data(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>Reads a quantity.</summary>
    /// <exception cref="EvmFormatException">It is none.</exception>
    public static UInt256 ReadQuantity(JsonElement element)
    {
        string digits = Digits(element);
        if (digits.Length is 0 or > 2 * UInt256.Size || (digits[0] == '0' && digits.Length > 1))
        {
            throw new EvmFormatException("A quantity is empty, too long, or begins with a zero.");
        }

        return new UInt256(Bytes(digits.Length % 2 == 0 ? digits : "0" + digits));
    }

    /// <summary>Reads a quantity of at most 64 bits.</summary>
    /// <exception cref="EvmFormatException">It is none.</exception>
    public static ulong ReadNumber(JsonElement element) =>
        ReadQuantity(element) is var number && number <= ulong.MaxValue
            ? (ulong)number
            : throw new EvmFormatException("A number has more than 64 bits.");

    /// <summary>Reads data of any length.</summary>
    /// <exception cref="EvmFormatException">It is none.</exception>
    public static byte[] ReadData(JsonElement element) => Bytes(Digits(element));

    /// <summary>Reads 32 bytes.</summary>
    /// <exception cref="EvmFormatException">They are not that.</exception>
    public static Hash256 ReadHash(JsonElement element) =>
        ReadData(element) is { Length: Hash256.Size } bytes
            ? new Hash256(bytes)
            : throw new EvmFormatException("A hash has 32 bytes.");

    /// <summary>Reads 20 bytes.</summary>
    /// <exception cref="EvmFormatException">They are not that.</exception>
    public static Address ReadAddress(JsonElement element) =>
        ReadData(element) is { Length: Address.Size } bytes
            ? new Address(bytes)
            : throw new EvmFormatException("An address has 20 bytes.");

    private static string Digits(JsonElement element) =>
        element.ValueKind == JsonValueKind.String && Text(element) is ['0', 'x', ..] text
            ? text[2..]
            : throw new EvmFormatException("A value is no text that begins with 0x.");

    /// <summary>The text of a JSON string.</summary>
    internal static string Text(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String
                ? element.GetString()!
                : throw new EvmFormatException("A value is no text.");
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair passes the parser, and is no text.
            throw new EvmFormatException("A text is not Unicode.");
        }
    }

    private static byte[] Bytes(string digits)
    {
        try
        {
            return Convert.FromHexString(digits);
        }
        catch (FormatException)
        {
            throw new EvmFormatException("A value is not hex, or has half a byte.");
        }
    }
}
