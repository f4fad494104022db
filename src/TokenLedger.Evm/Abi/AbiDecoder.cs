// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using TokenLedger.Core;

namespace TokenLedger.Evm;

/// <summary>
/// Reads values. Each tail must begin where the one before ended, so bytes are read once, and work and memory
/// are in proportion to them.
/// </summary>
internal static class AbiDecoder
{
    public static object[] Whole(ImmutableArray<AbiType> types, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > EvmLimits.AbiBytes)
        {
            throw new EvmFormatException(
                $"An encoding of {bytes.Length} bytes is above {EvmLimits.AbiBytes}.");
        }

        int values = 0;
        object[] read = Members(types, bytes, out int used, ref values);
        return used == bytes.Length ? read : throw new EvmFormatException("Bytes follow the values.");
    }

    /// <summary>One word, as in an encoding or a topic.</summary>
    public static object Word(AbiType type, ReadOnlySpan<byte> word)
    {
        object value = type switch
        {
            AbiInteger { Signed: true } => new BigInteger(word, isUnsigned: false, isBigEndian: true),
            AbiInteger => new UInt256(word),
            AbiBoolean => word[^1] == 1,
            AbiAddress => new Address(word[^Address.Size..]),
            AbiFixedBytes { Length: var length } => word[..length].ToArray(),
            _ => throw new InvariantException($"{type} is a word"),
        };
        try
        {
            // What is not written the same way again has other bits set than the type has.
            return AbiEncoder.Word(type, value).AsSpan().SequenceEqual(word) ? value : throw Dirty(type);
        }
        catch (ArgumentException)
        {
            throw Dirty(type);
        }
    }

    private static object[] Members(
        ImmutableArray<AbiType> types, ReadOnlySpan<byte> bytes, out int used, ref int count)
    {
        // Tuples of nothing take no bytes, so bytes alone do not bound how many values there are.
        count += types.Length;
        if (count > EvmLimits.AbiValues)
        {
            throw new EvmFormatException($"There are more than {EvmLimits.AbiValues} values.");
        }

        long heads = types.Sum(static type => (long)type.HeadBytes);
        Require(bytes, heads);
        object[] values = new object[types.Length];
        int head = 0;
        int tail = (int)heads;
        for (int i = 0; i < types.Length; i++)
        {
            if (types[i].IsDynamic)
            {
                if (new UInt256(bytes.Slice(head, UInt256.Size)) != (ulong)tail)
                {
                    throw new EvmFormatException("An offset does not lead to where the last value ended.");
                }

                values[i] = Value(types[i], bytes[tail..], out int tailBytes, ref count);
                tail += tailBytes;
            }
            else
            {
                values[i] = Value(types[i], bytes[head..], out int headBytes, ref count);
                Invariant.Require(headBytes == types[i].HeadBytes, "a static value fills its place");
            }

            head += types[i].HeadBytes;
        }

        used = tail;
        return values;
    }

    private static object Value(AbiType type, ReadOnlySpan<byte> bytes, out int used, ref int count)
    {
        switch (type)
        {
            case AbiBytes:
                return Counted(bytes, out used).ToArray();
            case AbiText:
                return Text(Counted(bytes, out used));
            case AbiTuple tuple:
                return Members(tuple.Members, bytes, out used, ref count);
            case AbiArray { Length: { } length } array:
                return Members(AbiEncoder.Same(array.Element, length), bytes, out used, ref count);
            case AbiArray array:
                int announced = Count(bytes, Math.Max(UInt256.Size, array.Element.HeadBytes));
                object[] elements = Members(
                    AbiEncoder.Same(array.Element, announced), bytes[UInt256.Size..], out used, ref count);
                used += UInt256.Size;
                return elements;
            default:
                Require(bytes, UInt256.Size);
                used = UInt256.Size;
                return Word(type, bytes[..UInt256.Size]);
        }
    }

    private static ReadOnlySpan<byte> Counted(ReadOnlySpan<byte> bytes, out int used)
    {
        int count = Count(bytes, 1);
        int padded = (count + UInt256.Size - 1) / UInt256.Size * UInt256.Size;
        used = UInt256.Size + padded;
        Require(bytes, used);
        return bytes.Slice(UInt256.Size + count, padded - count).ContainsAnyExcept((byte)0)
            ? throw new EvmFormatException("Padding is not zero.")
            : bytes.Slice(UInt256.Size, count);
    }

    /// <summary>A count of things that each take so many bytes of those that follow.</summary>
    private static int Count(ReadOnlySpan<byte> bytes, int each)
    {
        Require(bytes, UInt256.Size);
        var count = new UInt256(bytes[..UInt256.Size]);
        return count <= (ulong)((bytes.Length - UInt256.Size) / each)
            ? (int)(ulong)count
            : throw new EvmFormatException("More values are announced than there are bytes for.");
    }

    private static string Text(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return AbiEncoder.Utf8.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw new EvmFormatException("A text is not UTF-8.");
        }
    }

    private static void Require(ReadOnlySpan<byte> bytes, long count)
    {
        if (bytes.Length < count)
        {
            throw new EvmFormatException("The bytes end within a value.");
        }
    }

    private static EvmFormatException Dirty(AbiType type) =>
        new($"A word is no {type}: bits beyond it are set.");
}
