// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using TokenLedger.Core;

namespace TokenLedger.Evm;

/// <summary>Writes values: heads in order, then what heads point to, in the same order.</summary>
internal static class AbiEncoder
{
    /// <summary>Refuses half a surrogate pair instead of writing something else.</summary>
    public static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    public static byte[] Members(ImmutableArray<AbiType> types, object[] values)
    {
        if (types.Length != values.Length)
        {
            throw new ArgumentException($"There are {values.Length} values for {types.Length} types.");
        }

        byte[][] encoded = new byte[types.Length][];
        int heads = 0;
        for (int i = 0; i < types.Length; i++)
        {
            encoded[i] = Value(types[i], values[i]);
            heads = checked(heads + types[i].HeadBytes);
        }

        using var stream = new MemoryStream();
        int tail = heads;
        for (int i = 0; i < types.Length; i++)
        {
            stream.Write(types[i].IsDynamic ? ((UInt256)(ulong)tail).ToArray() : encoded[i]);
            tail += types[i].IsDynamic ? encoded[i].Length : 0;
        }

        for (int i = 0; i < types.Length; i++)
        {
            stream.Write(types[i].IsDynamic ? encoded[i] : []);
        }

        return stream.ToArray();
    }

    /// <summary>One word as EIP-712 and the ABI write it.</summary>
    public static byte[] Word(AbiType type, object value) => (type, value) switch
    {
        (AbiInteger { Signed: false } integer, UInt256 number) => Unsigned(integer, number),
        (AbiInteger { Signed: true } integer, BigInteger number) => Signed(integer, number),
        (AbiBoolean, bool yes) => ((UInt256)(yes ? 1ul : 0ul)).ToArray(),
        (AbiAddress, Address address) => [.. new byte[UInt256.Size - Address.Size], .. address.ToArray()],
        (AbiFixedBytes fixedBytes, byte[] bytes) when bytes.Length == fixedBytes.Length => Padded(bytes),
        _ => throw Unfit(type, value),
    };

    private static byte[] Value(AbiType type, object value)
    {
        switch (type, value)
        {
            case (AbiBytes, byte[] bytes):
                return [.. Count(bytes.Length), .. Padded(bytes)];
            case (AbiText, string text):
                byte[] utf8 = Utf8.GetBytes(text);
                return [.. Count(utf8.Length), .. Padded(utf8)];
            case (AbiTuple tuple, object[] members):
                return Members(tuple.Members, members);
            case (AbiArray { Length: null } array, object[] elements):
                return [
                    .. Count(elements.Length), .. Members(Same(array.Element, elements.Length), elements)];
            case (AbiArray array, object[] elements) when elements.Length == array.Length:
                return Members(Same(array.Element, elements.Length), elements);
            default:
                return Word(type, value);
        }
    }

    internal static ImmutableArray<AbiType> Same(AbiType element, int count) =>
        [.. Enumerable.Repeat(element, count)];

    private static byte[] Count(int count) => ((UInt256)(ulong)count).ToArray();

    private static byte[] Padded(byte[] bytes)
    {
        byte[] padded = new byte[(bytes.Length + UInt256.Size - 1) / UInt256.Size * UInt256.Size];
        bytes.CopyTo(padded, 0);
        return padded;
    }

    private static byte[] Unsigned(AbiInteger type, UInt256 number) =>
        ((BigInteger)number).GetBitLength() <= type.Bits ? number.ToArray() : throw Unfit(type, number);

    private static byte[] Signed(AbiInteger type, BigInteger number)
    {
        // Two's complement without its sign bit.
        if (number.GetBitLength() > type.Bits - 1)
        {
            throw Unfit(type, number);
        }

        byte[] word = new byte[UInt256.Size];
        word.AsSpan().Fill(number.Sign < 0 ? (byte)0xFF : (byte)0);
        byte[] bytes = number.ToByteArray(isBigEndian: true);
        bytes.CopyTo(word, word.Length - bytes.Length);
        return word;
    }

    private static ArgumentException Unfit(AbiType type, object? value) =>
        new($"A {value?.GetType().Name ?? "null"} of this value is no {type}.");
}
