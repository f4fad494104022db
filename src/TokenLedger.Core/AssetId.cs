// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace TokenLedger.Core;

/// <summary>
/// An asset's symbol and identity: 2 to 16 characters of A–Z, 0–9 and '-', beginning with a letter and not
/// ending with '-'. Held as 16 ASCII bytes, zero-padded on the right, so that it orders as its text does.
/// </summary>
public readonly record struct AssetId : IComparable<AssetId>
{
    /// <summary>Bytes in the fixed-width form.</summary>
    public const int Size = 16;

    private readonly UInt128 _ascii;

    private AssetId(UInt128 ascii) => _ascii = ascii;

    /// <summary>Reads the fixed-width form.</summary>
    /// <returns>False when the 16 bytes are not a well-formed symbol.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out AssetId id)
    {
        id = default;
        int length = bytes.IndexOf((byte)0) is var end && end < 0 ? bytes.Length : end;
        if (bytes.Length != Size || length < 2 || bytes[length..].ContainsAnyExcept((byte)0))
        {
            return false;
        }

        for (int i = 0; i < length; i++)
        {
            byte c = bytes[i];
            bool letter = c is >= (byte)'A' and <= (byte)'Z';
            bool inner = c is (>= (byte)'0' and <= (byte)'9') or (byte)'-';
            if (!letter && (i == 0 || !inner))
            {
                return false;
            }
        }

        if (bytes[length - 1] == (byte)'-')
        {
            return false;
        }

        id = new AssetId(BinaryPrimitives.ReadUInt128BigEndian(bytes));
        return true;
    }

    /// <summary>Parses a symbol. Lower case is refused: there is one spelling.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AssetId id)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes.Clear();
        id = default;
        if (text.Length > Size)
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is '\0' or > '\x7f')
            {
                return false;
            }

            bytes[i] = (byte)text[i];
        }

        return TryRead(bytes, out id);
    }

    /// <summary>Parses a symbol that is known to be well formed.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static AssetId Parse(string text) =>
        TryParse(text, out AssetId id) ? id : throw new FormatException($"'{text}' is not an asset symbol.");

    /// <summary>Writes the 16 bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, _ascii);

    /// <inheritdoc/>
    public int CompareTo(AssetId other) => _ascii.CompareTo(other._ascii);

    /// <summary>Text order.</summary>
    public static bool operator <(AssetId left, AssetId right) => left._ascii < right._ascii;

    /// <summary>Text order.</summary>
    public static bool operator >(AssetId left, AssetId right) => left._ascii > right._ascii;

    /// <summary>Text order.</summary>
    public static bool operator <=(AssetId left, AssetId right) => left._ascii <= right._ascii;

    /// <summary>Text order.</summary>
    public static bool operator >=(AssetId left, AssetId right) => left._ascii >= right._ascii;

    /// <summary>The symbol.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return System.Text.Encoding.ASCII.GetString(bytes.TrimEnd((byte)0));
    }
}
