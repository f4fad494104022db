// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace TokenLedger.Core.Codec;

/// <summary>
/// Appends the canonical encoding: fixed-width big-endian integers, and bytes after a 32-bit length.
/// FORMAT.md beside this project pins every type. Not thread-safe.
/// </summary>
public sealed class CanonicalWriter
{
    // Strict: half a surrogate pair has no UTF-8, and a replacement character would give two texts one
    // encoding.
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> _buffer;

    /// <summary>Starts empty.</summary>
    public CanonicalWriter(int initialCapacity = 256) =>
        _buffer = new ArrayBufferWriter<byte>(initialCapacity);

    /// <summary>What has been written; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>A copy of what has been written.</summary>
    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    /// <summary>Forgets what has been written and keeps the memory.</summary>
    public void Clear() => _buffer.ResetWrittenCount();

    /// <summary>One byte.</summary>
    public void U8(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    /// <summary>One byte, 0 or 1.</summary>
    public void Bool(bool value) => U8(value ? (byte)1 : (byte)0);

    /// <summary>Two bytes, big-endian.</summary>
    public void U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.GetSpan(2), value);
        _buffer.Advance(2);
    }

    /// <summary>Four bytes, big-endian.</summary>
    public void U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    /// <summary>Eight bytes, big-endian.</summary>
    public void U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    /// <summary>16 bytes, big-endian.</summary>
    public void U128(UInt128 value)
    {
        BinaryPrimitives.WriteUInt128BigEndian(_buffer.GetSpan(16), value);
        _buffer.Advance(16);
    }

    /// <summary>32 bytes.</summary>
    public void Hash(in Hash256 value)
    {
        value.CopyTo(_buffer.GetSpan(Hash256.Size));
        _buffer.Advance(Hash256.Size);
    }

    /// <summary>20 bytes.</summary>
    public void Address(in Address value)
    {
        value.CopyTo(_buffer.GetSpan(Core.Address.Size));
        _buffer.Advance(Core.Address.Size);
    }

    /// <summary>16 bytes: the symbol, zero-padded.</summary>
    public void Asset(in AssetId value)
    {
        value.CopyTo(_buffer.GetSpan(AssetId.Size));
        _buffer.Advance(AssetId.Size);
    }

    /// <summary>16 bytes, big-endian.</summary>
    public void Amount(in Amount value) => U128(value.Units);

    /// <summary>
    /// Exactly <paramref name="width"/> bytes, as the format fixes it: no length is written.
    /// </summary>
    /// <exception cref="InvariantException">The value has another width: what follows it would
    /// shift.</exception>
    public void Fixed(ReadOnlySpan<byte> value, int width)
    {
        Invariant.Require(value.Length == width, "a field of fixed width has its width");
        _buffer.Write(value);
    }

    /// <summary>A 32-bit length, then the bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        U32((uint)value.Length);
        _buffer.Write(value);
    }

    /// <summary>A 32-bit length in bytes, then UTF-8.</summary>
    /// <exception cref="EncoderFallbackException">The text holds half a surrogate pair.</exception>
    public void Text(string value)
    {
        int length = StrictUtf8.GetByteCount(value);
        U32((uint)length);
        StrictUtf8.GetBytes(value, _buffer.GetSpan(length));
        _buffer.Advance(length);
    }

    /// <summary>A 32-bit count, then each item as <paramref name="write"/> writes it.</summary>
    public void List<T>(IReadOnlyList<T> items, Action<CanonicalWriter, T> write)
    {
        U32((uint)items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            write(this, items[i]);
        }
    }
}
