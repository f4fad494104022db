// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using TokenLedger.Core;

namespace TokenLedger.Crypto.Keystores;

/// <summary>AES-128 in counter mode (NIST SP 800-38A §6.5) over the framework's block cipher.</summary>
internal static class AesCtr
{
    public const int BlockSize = 16;

    /// <summary>
    /// Encrypts or decrypts whole blocks; the two are the same. The initial counter is <paramref name="iv"/>,
    /// 128 bits big-endian, and wraps.
    /// </summary>
    public static void Transform(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> input, Span<byte> output)
    {
        Invariant.Require(key.Length == 16 && iv.Length == BlockSize, "the key and the counter are 16 bytes");
        Invariant.Require(input.Length % BlockSize == 0 && input.Length == output.Length, "whole blocks");
        using var aes = Aes.Create();
        aes.SetKey(key);
        Span<byte> counter = stackalloc byte[BlockSize];
        Span<byte> pad = stackalloc byte[BlockSize];
        iv.CopyTo(counter);
        for (int start = 0; start < input.Length; start += BlockSize)
        {
            aes.EncryptEcb(counter, pad, PaddingMode.None);
            for (int i = 0; i < BlockSize; i++)
            {
                output[start + i] = (byte)(input[start + i] ^ pad[i]);
            }

            Increment(counter);
        }

        CryptographicOperations.ZeroMemory(pad);
    }

    private static void Increment(Span<byte> counter)
    {
        for (int i = counter.Length - 1; i >= 0; i--)
        {
            unchecked
            {
                counter[i]++;
            }

            if (counter[i] != 0)
            {
                return;
            }
        }
    }
}
