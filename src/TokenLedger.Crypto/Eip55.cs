// SPDX-License-Identifier: Apache-2.0
using System.Text;
using TokenLedger.Core;

namespace TokenLedger.Crypto;

/// <summary>
/// Addresses as people see them: the case of the letters is a checksum (EIP-55). Pure and thread-safe.
/// </summary>
public static class Eip55
{
    private const int Digits = 2 * Address.Size;

    /// <summary>
    /// 0x and 40 digits whose upper-case letters are those with a nibble above 7 in the text's hash.
    /// </summary>
    public static string Format(in Address address)
    {
        Span<char> text = stackalloc char[2 + Digits];
        Write(address, text);
        return new string(text);
    }

    /// <summary>
    /// Reads 0x and 40 digits. An address comes out only for <see cref="AddressText.Checksummed"/> and
    /// <see cref="AddressText.Unchecksummed"/>; else it is zero.
    /// </summary>
    /// <remarks>All upper case is a checksum too, and mostly a wrong one.</remarks>
    public static AddressText Parse(ReadOnlySpan<char> text, out Address address)
    {
        address = default;
        Span<byte> bytes = stackalloc byte[Address.Size];
        if (!text.StartsWith("0x", StringComparison.Ordinal) || !Hex.TryParse(text, bytes))
        {
            return AddressText.Malformed;
        }

        var read = new Address(bytes);
        Span<char> right = stackalloc char[2 + Digits];
        Write(read, right);
        AddressText form = text.SequenceEqual(right) ? AddressText.Checksummed
            : text.ContainsAnyInRange('A', 'F') ? AddressText.WrongChecksum
            : AddressText.Unchecksummed;
        address = form == AddressText.WrongChecksum ? default : read;
        return form;
    }

    private static void Write(in Address address, Span<char> text)
    {
        Span<byte> bytes = stackalloc byte[Address.Size];
        address.CopyTo(bytes);
        text[0] = '0';
        text[1] = 'x';
        Span<char> digits = text[2..];
        Convert.TryToHexStringLower(bytes, digits, out _);

        Span<byte> ascii = stackalloc byte[Digits];
        Encoding.ASCII.GetBytes(digits, ascii);
        Span<byte> hash = stackalloc byte[Hash256.Size];
        Keccak256.Hash(ascii).CopyTo(hash);
        for (int i = 0; i < Digits; i++)
        {
            int nibble = (i & 1) == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 0xF;
            digits[i] = nibble > 7 ? char.ToUpperInvariant(digits[i]) : digits[i];
        }
    }
}
