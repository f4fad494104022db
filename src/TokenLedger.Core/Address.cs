// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace TokenLedger.Core;

/// <summary>
/// A 20-byte account address, derived as Ethereum does: the last 20 bytes of Keccak-256 over the uncompressed
/// public key. Ordered as its bytes are.
/// </summary>
public readonly record struct Address : IComparable<Address>
{
    /// <summary>Bytes in an address.</summary>
    public const int Size = 20;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly uint _c;

    /// <summary>Reads an address from exactly 20 bytes.</summary>
    /// <exception cref="ArgumentException">The span is not 20 bytes long.</exception>
    public Address(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"An address is {Size} bytes, not {bytes.Length}.", nameof(bytes));
        }

        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>The all-zero address, which nobody holds a key of.</summary>
    public static Address Zero => default;

    /// <summary>True for the all-zero address.</summary>
    public bool IsZero => (_a | _b | _c) == 0;

    /// <summary>Writes the 20 bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _c);
    }

    /// <summary>A new array of the 20 bytes.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public int CompareTo(Address other)
    {
        int order = _a.CompareTo(other._a);
        order = order != 0 ? order : _b.CompareTo(other._b);
        return order != 0 ? order : _c.CompareTo(other._c);
    }

    /// <summary>Byte order, as in <see cref="CompareTo"/>.</summary>
    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;

    /// <summary>Byte order, as in <see cref="CompareTo"/>.</summary>
    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;

    /// <summary>Byte order, as in <see cref="CompareTo"/>.</summary>
    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;

    /// <summary>Byte order, as in <see cref="CompareTo"/>.</summary>
    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;

    /// <summary>
    /// 0x and 40 lower-case digits: the machine form. People see the EIP-55 form (Crypto, Eip55).
    /// </summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return "0x" + Convert.ToHexStringLower(bytes);
    }

    /// <summary>Parses the machine form only: 0x and 40 lower-case digits.</summary>
    /// <remarks>Mixed case carries a checksum that needs Keccak; Crypto's Eip55 parses and checks
    /// it.</remarks>
    public static bool TryParse(ReadOnlySpan<char> text, out Address address)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bool ok = text.StartsWith("0x", StringComparison.Ordinal)
            && text.IndexOfAnyInRange('A', 'F') < 0
            && Hex.TryParse(text, bytes);
        address = ok ? new Address(bytes) : default;
        return ok;
    }
}
