// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Evm;

namespace TokenLedger.Bridge.Remote;

/// <summary>Where the bridge's contract keeps what validators prove, as its tests hold it.</summary>
internal static class BridgeSlots
{
    private const ulong ConsumedMapping = 6;

    /// <summary>Nonces in a word of bits; the last bit tells that the word was prepared.</summary>
    public const int NoncesPerWord = 255;

    /// <summary>Where the last burn's nonce stands, a <c>uint64</c> in the lowest bytes.</summary>
    public static Hash256 Burns => Slot(0);

    /// <summary>The last burn's nonce; flags stand above it.</summary>
    public static ulong BurnsOf(UInt256 word) =>
        BinaryPrimitives.ReadUInt64BigEndian(word.ToArray().AsSpan(UInt256.Size - sizeof(ulong)));

    /// <summary>The hash chain over all burns.</summary>
    public static Hash256 Accumulator => Slot(1);

    /// <summary>The bit that says that a nonce is used up.</summary>
    public static ConsumedBit BitOf(ulong nonce) =>
        new(nonce / NoncesPerWord, (int)(nonce % NoncesPerWord));

    /// <summary>The bit that says that a word was written before any nonce of it.</summary>
    public static ConsumedBit PreparedBit(ulong word) => new(word, NoncesPerWord);

    /// <summary>The slot of a word of bits: an entry of a mapping.</summary>
    public static Hash256 Consumed(ulong word)
    {
        byte[] key = new byte[2 * UInt256.Size];
        ((UInt256)word).CopyTo(key);
        ((UInt256)ConsumedMapping).CopyTo(key.AsSpan(UInt256.Size));
        return Keccak256.Hash(key);
    }

    /// <summary>True when a bit is set in its word.</summary>
    public static bool IsSet(UInt256 word, ConsumedBit bit)
    {
        byte[] bytes = word.ToArray();
        return (bytes[^(1 + (bit.Place / 8))] >> (bit.Place % 8) & 1) != 0;
    }

    private static Hash256 Slot(ulong number) => new(((UInt256)number).ToArray());
}

/// <summary>A bit of the map of nonces that are used up.</summary>
/// <param name="Word">The number of its word.</param>
/// <param name="Place">From 0, the least of the word.</param>
public readonly record struct ConsumedBit(ulong Word, int Place);
