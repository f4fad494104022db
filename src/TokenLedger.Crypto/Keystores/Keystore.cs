// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using TokenLedger.Core;

namespace TokenLedger.Crypto.Keystores;

/// <summary>
/// A private key under a password, as Ethereum's wallets keep it: Web3 Secret Storage, version 3. Written
/// with scrypt, read with scrypt or PBKDF2-HMAC-SHA-256; AES-128-CTR; the MAC is Keccak-256(derived[16..32] ‖
/// ciphertext). Passwords are UTF-8 bytes, so that their owner can zero them. Thread-safe.
/// </summary>
public static class Keystore
{
    private const int SaltSize = 32;

    /// <summary>Encrypts a key.</summary>
    /// <returns>The keystore's JSON.</returns>
    public static string Encrypt(PrivateKey key, ReadOnlySpan<byte> password, ScryptCost cost)
    {
        var file = new KeystoreFile
        {
            Address = key.Address,
            Id = new Guid(RandomNumberGenerator.GetBytes(16)),
            Kdf = new ScryptKdf(RandomNumberGenerator.GetBytes(SaltSize), cost),
            Iv = RandomNumberGenerator.GetBytes(AesCtr.BlockSize),
            Ciphertext = new byte[PrivateKey.Size],
            Mac = Hash256.Zero,
        };

        Span<byte> derived = stackalloc byte[Kdf.DerivedSize];
        Span<byte> secret = stackalloc byte[PrivateKey.Size];
        try
        {
            file.Kdf.Derive(password, derived);
            key.ExportTo(secret);
            AesCtr.Transform(derived[..16], file.Iv, secret, file.Ciphertext);
            return KeystoreJson.Write(file with { Mac = MacOf(derived, file.Ciphertext) });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Decrypts a key. Takes at most 512 MiB and some seconds, whatever the file says.</summary>
    /// <param name="json">The keystore's JSON in UTF-8.</param>
    /// <param name="password">The password in UTF-8.</param>
    /// <exception cref="KeystoreException">The file is not a keystore, costs too much, or has another
    /// password.</exception>
    public static PrivateKey Decrypt(ReadOnlySpan<byte> json, ReadOnlySpan<byte> password)
    {
        KeystoreFile file = KeystoreJson.Read(json);
        Span<byte> derived = stackalloc byte[Kdf.DerivedSize];
        Span<byte> secret = stackalloc byte[PrivateKey.Size];
        try
        {
            file.Kdf.Derive(password, derived);
            byte[] mac = MacOf(derived, file.Ciphertext).ToArray();
            if (!CryptographicOperations.FixedTimeEquals(mac, file.Mac.ToArray()))
            {
                throw new KeystoreException(KeystoreError.WrongPassword, "The password is wrong.");
            }

            AesCtr.Transform(derived[..16], file.Iv, file.Ciphertext, secret);
            return KeyOf(secret, file.Address);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>
    /// The address that a keystore says it holds the key of; null when it says none. Needs no password.
    /// </summary>
    /// <remarks>Only <see cref="Decrypt"/> proves it.</remarks>
    /// <exception cref="KeystoreException">The file is not a keystore.</exception>
    public static Address? ClaimedAddress(ReadOnlySpan<byte> json) => KeystoreJson.Read(json).Address;

    private static PrivateKey KeyOf(ReadOnlySpan<byte> secret, Address? claimed)
    {
        if (!PrivateKey.TryImport(secret, out PrivateKey? key))
        {
            throw new KeystoreException(KeystoreError.Corrupt, "The keystore holds no secp256k1 key.");
        }

        if (claimed is { } address && address != key.Address)
        {
            string found = Eip55.Format(key.Address);
            key.Dispose();
            throw new KeystoreException(
                KeystoreError.Corrupt,
                $"The keystore names {Eip55.Format(address)} and holds the key of {found}.");
        }

        return key;
    }

    private static Hash256 MacOf(ReadOnlySpan<byte> derived, ReadOnlySpan<byte> ciphertext)
    {
        Span<byte> message = stackalloc byte[16 + PrivateKey.Size];
        derived[16..32].CopyTo(message);
        ciphertext.CopyTo(message[16..]);
        Hash256 mac = Keccak256.Hash(message);
        CryptographicOperations.ZeroMemory(message);
        return mac;
    }
}
