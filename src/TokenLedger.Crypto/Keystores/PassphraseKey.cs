// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Crypto.Keystores;

/// <summary>A 256-bit key from what a person can keep: scrypt (RFC 7914).</summary>
public static class PassphraseKey
{
    /// <summary>Bytes in a key.</summary>
    public const int Size = 32;

    /// <summary>Bytes in a salt, drawn anew for each use.</summary>
    public const int SaltSize = 32;

    /// <summary>Derives the key. Takes about a second and 256 MiB at the standard cost. The caller zeroes the
    /// key.</summary>
    public static byte[] Derive(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, ScryptCost cost)
    {
        byte[] key = new byte[Size];
        Scrypt.Derive(passphrase, salt, cost, key);
        return key;
    }
}
