// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace TokenLedger.Evm;

/// <summary>
/// The EVM's word as a number from 0 to 2^256 − 1. Arithmetic is checked: what does not fit throws and never
/// wraps, unlike in the EVM itself. Immutable.
/// </summary>
public readonly record struct UInt256 : IComparable<UInt256>
{
    /// <summary>Bytes in a word.</summary>
    public const int Size = 32;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private UInt256(UInt128 high, UInt128 low) => (_high, _low) = (high, low);

    /// <summary>Reads a big-endian number of at most 32 bytes; no bytes are 0.</summary>
    /// <exception cref="ArgumentException">They are more than 32.</exception>
    public UInt256(ReadOnlySpan<byte> bigEndian)
    {
        if (bigEndian.Length > Size)
        {
            throw new ArgumentException("A word has at most 32 bytes.", nameof(bigEndian));
        }

        Span<byte> word = stackalloc byte[Size];
        word.Clear();
        bigEndian.CopyTo(word[(Size - bigEndian.Length)..]);
        _high = BinaryPrimitives.ReadUInt128BigEndian(word);
        _low = BinaryPrimitives.ReadUInt128BigEndian(word[(Size / 2)..]);
    }

    /// <summary>0.</summary>
    public static UInt256 Zero => default;

    /// <summary>2^256 − 1.</summary>
    public static UInt256 MaxValue => new(UInt128.MaxValue, UInt128.MaxValue);

    /// <summary>True for 0.</summary>
    public bool IsZero => _high == 0 && _low == 0;

    /// <summary>A small number as a word.</summary>
    public static implicit operator UInt256(ulong value) => new(0, value);

    /// <summary>A number as a word.</summary>
    public static implicit operator UInt256(UInt128 value) => new(0, value);

    /// <summary>A number of arbitrary size as a word.</summary>
    /// <exception cref="OverflowException">It is negative or above the maximum.</exception>
    public static explicit operator UInt256(BigInteger value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        return value.Sign >= 0
            && value.TryWriteBytes(bytes, out int written, isUnsigned: true, isBigEndian: true)
            ? new UInt256(bytes[..written])
            : throw new OverflowException("The number does not fit a word.");
    }

    /// <summary>The word as a number of arbitrary size.</summary>
    public static implicit operator BigInteger(UInt256 value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        value.CopyTo(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }

    /// <summary>The word as a 64-bit number.</summary>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public static explicit operator ulong(UInt256 value) => checked((ulong)(UInt128)value);

    /// <summary>The word as a 128-bit number.</summary>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public static explicit operator UInt128(UInt256 value) => value._high == 0
        ? value._low
        : throw new OverflowException("The word does not fit 128 bits.");

    /// <summary>The sum.</summary>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public static UInt256 operator +(UInt256 left, UInt256 right)
    {
        UInt128 low = unchecked(left._low + right._low);
        UInt128 high = checked(left._high + right._high);
        return new UInt256(low < left._low ? checked(high + UInt128.One) : high, low);
    }

    /// <summary>The difference.</summary>
    /// <exception cref="OverflowException">It would be negative.</exception>
    public static UInt256 operator -(UInt256 left, UInt256 right)
    {
        UInt128 high = checked(left._high - right._high);
        return new UInt256(
            left._low < right._low ? checked(high - UInt128.One) : high, unchecked(left._low - right._low));
    }

    /// <summary>The product.</summary>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public static UInt256 operator *(UInt256 left, UInt256 right) =>
        (UInt256)((BigInteger)left * (BigInteger)right);

    /// <summary>The quotient, rounded down.</summary>
    /// <exception cref="DivideByZeroException">The divisor is 0.</exception>
    public static UInt256 operator /(UInt256 left, UInt256 right) =>
        (UInt256)((BigInteger)left / (BigInteger)right);

    /// <summary>True when the left one is less.</summary>
    public static bool operator <(UInt256 left, UInt256 right) => left.CompareTo(right) < 0;

    /// <summary>True when the left one is greater.</summary>
    public static bool operator >(UInt256 left, UInt256 right) => left.CompareTo(right) > 0;

    /// <summary>True when the left one is less or equal.</summary>
    public static bool operator <=(UInt256 left, UInt256 right) => left.CompareTo(right) <= 0;

    /// <summary>True when the left one is greater or equal.</summary>
    public static bool operator >=(UInt256 left, UInt256 right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public int CompareTo(UInt256 other) =>
        _high != other._high ? _high.CompareTo(other._high) : _low.CompareTo(other._low);

    /// <summary>Writes 32 bytes, big-endian.</summary>
    /// <exception cref="ArgumentException">The destination is shorter.</exception>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[(Size / 2)..], _low);
    }

    /// <summary>Its 32 bytes, big-endian.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Its bytes without leading zeros, big-endian; none for 0, as RLP writes numbers.</summary>
    public byte[] ToMinimalArray()
    {
        byte[] bytes = ToArray();
        int first = bytes.AsSpan().IndexOfAnyExcept((byte)0);
        return first < 0 ? [] : bytes[first..];
    }

    /// <summary>Reads a decimal number without sign, spaces, or leading zeros.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out UInt256 value)
    {
        value = default;
        const int MaxDigits = 78;
        if (text.Length is 0 or > MaxDigits || (text[0] == '0' && text.Length > 1)
            || text.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        var number = BigInteger.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        if (number > MaxValue)
        {
            return false;
        }

        value = (UInt256)number;
        return true;
    }

    /// <summary>Reads 1 to 64 hexadecimal digits of either case, after 0x.</summary>
    public static bool TryParseHex(ReadOnlySpan<char> text, out UInt256 value)
    {
        value = default;
        if (text is not ['0', 'x', _, ..] || text.Length > 2 + (2 * Size))
        {
            return false;
        }

        Span<char> digits = stackalloc char[2 * Size];
        digits.Fill('0');
        text[2..].CopyTo(digits[(digits.Length - text.Length + 2)..]);
        Span<byte> bytes = stackalloc byte[Size];
        if (Convert.FromHexString(digits, bytes, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        value = new UInt256(bytes);
        return true;
    }

    /// <summary>0x and hexadecimal digits without leading zeros, as JSON-RPC writes a quantity.</summary>
    public string ToHex()
    {
        string digits = Convert.ToHexStringLower(ToArray()).TrimStart('0');
        return digits.Length == 0 ? "0x0" : "0x" + digits;
    }

    /// <summary>The decimal number.</summary>
    public override string ToString() => ((BigInteger)this).ToString(CultureInfo.InvariantCulture);
}
