// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace TokenLedger.Crypto.Keystores;

/// <summary>
/// scrypt (RFC 7914). Written out because the packaged ones, OpenSSL's too, refuse n ≥ 2^16 with r = 1, which
/// the first wallets wrote and the published vector has; and because the table can be given back at once
/// here. The tests hold it equal to BouncyCastle's.
/// </summary>
internal static class Scrypt
{
    private const int BlockWords = 16;

    /// <summary>
    /// Fills <paramref name="derived"/>. Takes 128 × n × r bytes outside the collected heap meanwhile.
    /// </summary>
    public static void Derive(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, ScryptCost cost, Span<byte> derived)
    {
        int words = 2 * BlockWords * cost.R;
        byte[] mixed = new byte[sizeof(uint) * words * cost.P];
        Rfc2898DeriveBytes.Pbkdf2(password, salt, mixed, iterations: 1, HashAlgorithmName.SHA256);
        uint[] block = new uint[words];
        uint[] scratch = new uint[words];
        for (int i = 0; i < cost.P; i++)
        {
            Span<byte> part = mixed.AsSpan(i * sizeof(uint) * words, sizeof(uint) * words);
            for (int w = 0; w < words; w++)
            {
                block[w] = BinaryPrimitives.ReadUInt32LittleEndian(part[(w * sizeof(uint))..]);
            }

            Mix(block, scratch, cost.N);
            for (int w = 0; w < words; w++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(part[(w * sizeof(uint))..], block[w]);
            }
        }

        Rfc2898DeriveBytes.Pbkdf2(password, mixed, derived, iterations: 1, HashAlgorithmName.SHA256);
        CryptographicOperations.ZeroMemory(mixed);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(block.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(scratch.AsSpan()));
    }

    /// <summary>scryptROMix (§5).</summary>
    private static unsafe void Mix(Span<uint> block, Span<uint> scratch, int n)
    {
        // Invariant: n × words is at most 2^27 (ScryptCost), so the table's length is an int; it is never
        // used but through the span over exactly that length, and is freed on every way out.
        int words = block.Length;
        int length = n * words;
        void* memory = NativeMemory.Alloc((nuint)length, sizeof(uint));
        var table = new Span<uint>(memory, length);
        try
        {
            for (int i = 0; i < n; i++)
            {
                block.CopyTo(table.Slice(i * words, words));
                MixBlock(block, scratch);
            }

            for (int i = 0; i < n; i++)
            {
                // Integerify modulo n: n is a power of two of at most 22 bits, so the low word decides.
                int j = (int)(block[words - BlockWords] & (uint)(n - 1));
                Xor(block, table.Slice(j * words, words));
                MixBlock(block, scratch);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(table));
            NativeMemory.Free(memory);
        }
    }

    /// <summary>scryptBlockMix (§4): even results to the first half, odd ones to the second.</summary>
    private static void MixBlock(Span<uint> block, Span<uint> scratch)
    {
        Span<uint> x = stackalloc uint[BlockWords];
        block[^BlockWords..].CopyTo(x);
        int count = block.Length / BlockWords;
        for (int i = 0; i < count; i++)
        {
            Xor(x, block.Slice(i * BlockWords, BlockWords));
            Salsa20Core8(x);
            int place = (i / 2) + ((i & 1) * (count / 2));
            x.CopyTo(scratch.Slice(place * BlockWords, BlockWords));
        }

        scratch.CopyTo(block);
    }

    private static void Xor(Span<uint> target, ReadOnlySpan<uint> other)
    {
        Span<ulong> wide = MemoryMarshal.Cast<uint, ulong>(target);
        ReadOnlySpan<ulong> otherWide = MemoryMarshal.Cast<uint, ulong>(other)[..wide.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] ^= otherWide[i];
        }
    }

    /// <summary>Salsa20/8 (§3): four double rounds, then the input added.</summary>
    private static void Salsa20Core8(Span<uint> b)
    {
        unchecked
        {
            uint x0 = b[0], x1 = b[1], x2 = b[2], x3 = b[3], x4 = b[4], x5 = b[5], x6 = b[6], x7 = b[7];
            uint x8 = b[8], x9 = b[9], x10 = b[10], x11 = b[11];
            uint x12 = b[12], x13 = b[13], x14 = b[14], x15 = b[15];
            for (int i = 0; i < 4; i++)
            {
                Quarter(ref x0, ref x4, ref x8, ref x12);
                Quarter(ref x5, ref x9, ref x13, ref x1);
                Quarter(ref x10, ref x14, ref x2, ref x6);
                Quarter(ref x15, ref x3, ref x7, ref x11);
                Quarter(ref x0, ref x1, ref x2, ref x3);
                Quarter(ref x5, ref x6, ref x7, ref x4);
                Quarter(ref x10, ref x11, ref x8, ref x9);
                Quarter(ref x15, ref x12, ref x13, ref x14);
            }

            (b[0], b[1], b[2], b[3]) = (b[0] + x0, b[1] + x1, b[2] + x2, b[3] + x3);
            (b[4], b[5], b[6], b[7]) = (b[4] + x4, b[5] + x5, b[6] + x6, b[7] + x7);
            (b[8], b[9], b[10], b[11]) = (b[8] + x8, b[9] + x9, b[10] + x10, b[11] + x11);
            (b[12], b[13], b[14], b[15]) = (b[12] + x12, b[13] + x13, b[14] + x14, b[15] + x15);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        unchecked
        {
            b ^= uint.RotateLeft(a + d, 7);
            c ^= uint.RotateLeft(b + a, 9);
            d ^= uint.RotateLeft(c + b, 13);
            a ^= uint.RotateLeft(d + c, 18);
        }
    }
}
