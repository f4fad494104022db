// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace TokenLedger.Core;

/// <summary>A 256-bit hash: 32 bytes, big-endian as four words. Ordered as its bytes are.</summary>
/// <remarks>Words instead of an inline array: a record struct can hold neither a buffer nor compare
/// one.</remarks>
public readonly record struct Hash256 : IComparable<Hash256>
{
    /// <summary>Bytes in a hash.</summary>
    public const int Size = 32;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>Reads a hash from exactly 32 bytes.</summary>
    /// <exception cref="ArgumentException">The span is not 32 bytes long.</exception>
    public Hash256(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"A hash is {Size} bytes, not {bytes.Length}.", nameof(bytes));
        }

        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>The all-zero hash: "no parent", "empty tree".</summary>
    public static Hash256 Zero => default;

    /// <summary>True for the all-zero hash.</summary>
    public bool IsZero => (_a | _b | _c | _d) == 0;

    /// <summary>Writes the 32 bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <summary>A new array of the 32 bytes.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>
    /// Bit <paramref name="index"/> counted from the most significant (0) to the least (255).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such bit.</exception>
    public bool Bit(int index)
    {
        ulong word = (index >> 6) switch
        {
            0 => _a,
            1 => _b,
            2 => _c,
            3 => _d,
            _ => throw new ArgumentOutOfRangeException(nameof(index), index, "A hash has bits 0 to 255."),
        };
        return ((word >> (63 - (index & 63))) & 1) != 0;
    }

    /// <summary>How many leading bits two hashes share, 0 to 256.</summary>
    public int CommonPrefixBits(in Hash256 other)
    {
        if (_a != other._a)
        {
            return (int)ulong.LeadingZeroCount(_a ^ other._a);
        }

        if (_b != other._b)
        {
            return 64 + (int)ulong.LeadingZeroCount(_b ^ other._b);
        }

        return _c != other._c
            ? 128 + (int)ulong.LeadingZeroCount(_c ^ other._c)
            : 192 + (int)ulong.LeadingZeroCount(_d ^ other._d);
    }

    /// <inheritdoc/>
    public int CompareTo(Hash256 other)
    {
        int order = _a.CompareTo(other._a);
        order = order != 0 ? order : _b.CompareTo(other._b);
        order = order != 0 ? order : _c.CompareTo(other._c);
        return order != 0 ? order : _d.CompareTo(other._d);
    }

    /// <summary>Byte order, as in <see cref="CompareTo"/>.</summary>
    public static bool operator <(Hash256 left, Hash256 right) => left.CompareTo(right) < 0;

    /// <summary>Byte order, as in <see cref="CompareTo"/>.</summary>
    public static bool operator >(Hash256 left, Hash256 right) => left.CompareTo(right) > 0;

    /// <summary>Byte order, as in <see cref="CompareTo"/>.</summary>
    public static bool operator <=(Hash256 left, Hash256 right) => left.CompareTo(right) <= 0;

    /// <summary>Byte order, as in <see cref="CompareTo"/>.</summary>
    public static bool operator >=(Hash256 left, Hash256 right) => left.CompareTo(right) >= 0;

    /// <summary>64 lower-case hexadecimal digits, no prefix.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>Parses 64 hexadecimal digits of either case, with or without 0x.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Hash256 hash)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bool ok = Hex.TryParse(text, bytes);
        hash = ok ? new Hash256(bytes) : default;
        return ok;
    }
}
