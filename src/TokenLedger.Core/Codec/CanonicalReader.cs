// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;

namespace TokenLedger.Core.Codec;

/// <summary>Reads one item of a list.</summary>
public delegate T CanonicalRead<out T>(ref CanonicalReader reader);

/// <summary>
/// Reads the canonical encoding with bounds. A reader must be told the most it may accept for everything of
/// variable length, and <see cref="End"/> refuses left-over bytes, so that one value has one encoding.
/// </summary>
public ref struct CanonicalReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest;

    /// <summary>Reads from the start of <paramref name="bytes"/>.</summary>
    public CanonicalReader(ReadOnlySpan<byte> bytes) => _rest = bytes;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Requires that all bytes were read.</summary>
    /// <exception cref="CanonicalFormatException">Bytes are left over.</exception>
    public readonly void End()
    {
        if (_rest.Length != 0)
        {
            throw new CanonicalFormatException($"{_rest.Length} bytes are left over.");
        }
    }

    /// <summary>One byte.</summary>
    public byte U8() => Take(1)[0];

    /// <summary>One byte that is 0 or 1.</summary>
    public bool Bool() => U8() switch
    {
        0 => false,
        1 => true,
        byte other => throw new CanonicalFormatException($"{other} is not 0 or 1."),
    };

    /// <summary>Two bytes, big-endian.</summary>
    public ushort U16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    /// <summary>Four bytes, big-endian.</summary>
    public uint U32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>Eight bytes, big-endian.</summary>
    public ulong U64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    /// <summary>16 bytes, big-endian.</summary>
    public UInt128 U128() => BinaryPrimitives.ReadUInt128BigEndian(Take(16));

    /// <summary>32 bytes.</summary>
    public Hash256 Hash() => new(Take(Hash256.Size));

    /// <summary>20 bytes.</summary>
    public Address Address() => new(Take(Core.Address.Size));

    /// <summary>16 bytes holding a well-formed symbol.</summary>
    public AssetId Asset() => AssetId.TryRead(Take(AssetId.Size), out AssetId id)
        ? id
        : throw new CanonicalFormatException("An asset symbol is malformed.");

    /// <summary>16 bytes, big-endian.</summary>
    public Amount Amount() => new(U128());

    /// <summary>
    /// An enumeration over one byte; the byte must be a value that <typeparamref name="T"/> defines.
    /// </summary>
    public T Enum8<T>()
        where T : struct, Enum
    {
        T value = Unsafe.BitCast<byte, T>(U8());
        return Enum.IsDefined(value)
            ? value
            : throw new CanonicalFormatException($"{value} is no {typeof(T).Name}.");
    }

    /// <summary>Exactly <paramref name="length"/> bytes; a window on the input.</summary>
    public ReadOnlySpan<byte> Fixed(int length) => Take(length);

    /// <summary>
    /// A 32-bit length of at most <paramref name="maxLength"/>, then the bytes; a window on the input.
    /// </summary>
    public ReadOnlySpan<byte> Bytes(int maxLength) => Take(Length(maxLength));

    /// <summary>A 32-bit length of at most <paramref name="maxBytes"/>, then valid UTF-8.</summary>
    public string Text(int maxBytes)
    {
        ReadOnlySpan<byte> bytes = Bytes(maxBytes);
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new CanonicalFormatException("Text is not valid UTF-8.");
        }
    }

    /// <summary>A 32-bit count of at most <paramref name="maxCount"/>, then each item.</summary>
    public ImmutableArray<T> List<T>(int maxCount, CanonicalRead<T> read)
    {
        int count = Length(maxCount);

        // An item has at least one byte, so a count above what is left is a lie: no memory is taken for it.
        if (count > _rest.Length)
        {
            throw new CanonicalFormatException($"{count} items cannot stand in {_rest.Length} bytes.");
        }

        var items = ImmutableArray.CreateBuilder<T>(count);
        for (int i = 0; i < count; i++)
        {
            items.Add(read(ref this));
        }

        return items.MoveToImmutable();
    }

    private int Length(int max)
    {
        uint length = U32();
        return length <= (uint)max
            ? (int)length
            : throw new CanonicalFormatException($"A length of {length} is over its limit of {max}.");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            throw new CanonicalFormatException($"{length} bytes are needed, {_rest.Length} are left.");
        }

        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
