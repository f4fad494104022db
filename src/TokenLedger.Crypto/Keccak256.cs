// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using TokenLedger.Core;

namespace TokenLedger.Crypto;

/// <summary>
/// Keccak-256 as Ethereum uses it: rate 136, the padding of the original submission (0x01), not SHA-3's
/// (0x06). Pure, thread-safe, no allocation.
/// </summary>
/// <remarks>Written out because one transaction costs four of these and the packaged digest allocates at
/// each; the tests hold it equal to BouncyCastle's for every length around the block size.</remarks>
public static class Keccak256
{
    private const int Rate = 136;

    /// <summary>The hash of <paramref name="message"/>.</summary>
    public static Hash256 Hash(ReadOnlySpan<byte> message)
    {
        Span<ulong> lanes = stackalloc ulong[KeccakPermutation.Lanes];
        lanes.Clear();
        while (message.Length >= Rate)
        {
            Absorb(lanes, message[..Rate]);
            message = message[Rate..];
        }

        Span<byte> last = stackalloc byte[Rate];
        last.Clear();
        message.CopyTo(last);
        last[message.Length] = 0x01;
        last[Rate - 1] |= 0x80;
        Absorb(lanes, last);

        Span<byte> digest = stackalloc byte[Hash256.Size];
        for (int i = 0; i < Hash256.Size / sizeof(ulong); i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(digest[(i * sizeof(ulong))..], lanes[i]);
        }

        return new Hash256(digest);
    }

    /// <summary>The hash of text in UTF-8.</summary>
    internal static Hash256 Hash(string text) => Hash(System.Text.Encoding.UTF8.GetBytes(text));

    private static void Absorb(Span<ulong> lanes, ReadOnlySpan<byte> block)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(block);
        for (int i = 0; i < words.Length; i++)
        {
            lanes[i] ^= BitConverter.IsLittleEndian ? words[i] : BinaryPrimitives.ReverseEndianness(words[i]);
        }

        KeccakPermutation.Apply(lanes);
    }
}
