// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Crypto.Native;

namespace TokenLedger.Crypto;

/// <summary>
/// A secp256k1 secret: 1 to n − 1. Its bytes stand at one place in memory, which the collector never copies
/// and <see cref="Dispose"/> zeroes. Thread-safe.
/// </summary>
public sealed class PrivateKey : ISigner, IDisposable
{
    /// <summary>Bytes in a secret.</summary>
    public const int Size = 32;

    private readonly Lock _gate = new();
    private readonly byte[] _secret;
    private bool _disposed;

    private PrivateKey(byte[] secret, PublicKey publicKey)
    {
        _secret = secret;
        PublicKey = publicKey;
    }

    /// <summary>The public key; stays readable after disposal.</summary>
    public PublicKey PublicKey { get; }

    /// <inheritdoc/>
    public Address Address => PublicKey.Address;

    /// <summary>A new key from the operating system's random number generator.</summary>
    public static PrivateKey Generate()
    {
        Span<byte> secret = stackalloc byte[Size];
        try
        {
            // Out of range with probability 2^−128.
            while (true)
            {
                RandomNumberGenerator.Fill(secret);
                if (TryImport(secret, out PrivateKey? key))
                {
                    return key;
                }
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Copies a secret of exactly 32 bytes, big-endian. The caller zeroes its own copy.</summary>
    /// <returns>False when it is not 32 bytes long, or not in 1 to n − 1.</returns>
    public static bool TryImport(ReadOnlySpan<byte> secret, [NotNullWhen(true)] out PrivateKey? key)
    {
        key = null;
        if (secret.Length != Size || Secp256k1Native.SecretKeyVerify(Secp256k1Context.Shared, secret) != 1)
        {
            return false;
        }

        byte[] kept = GC.AllocateArray<byte>(Size, pinned: true);
        secret.CopyTo(kept);
        Span<byte> opaque = stackalloc byte[Secp256k1Native.OpaqueSize];
        int done = Secp256k1Native.PublicKeyCreate(Secp256k1Context.Shared, opaque, kept);
        Invariant.Require(done == 1, "a valid secret has a public key");
        key = new PrivateKey(kept, new PublicKey(opaque));
        return true;
    }

    /// <summary>Copies a secret of exactly 32 bytes, big-endian. The caller zeroes its own copy.</summary>
    /// <exception cref="ArgumentException">It is not 32 bytes long, or not in 1 to n − 1.</exception>
    public static PrivateKey Import(ReadOnlySpan<byte> secret) => TryImport(secret, out PrivateKey? key)
        ? key
        : throw new ArgumentException("A secret key is 32 bytes with a value of 1 to n − 1.", nameof(secret));

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public byte[] Sign(in Hash256 digest)
    {
        Span<byte> message = stackalloc byte[Hash256.Size];
        digest.CopyTo(message);
        Span<byte> recoverable = stackalloc byte[Secp256k1Native.OpaqueRecoverableSize];
        Span<byte> secret = stackalloc byte[Size];
        int done;
        try
        {
            ExportTo(secret);
            done = Secp256k1Native.SignRecoverable(
                Secp256k1Context.Shared, recoverable, message, secret, nint.Zero, nint.Zero);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }

        byte[] signature = new byte[Limits.SignatureBytes];
        int written = Secp256k1Native.RecoverableSerialize(
            Secp256k1Context.Shared, signature.AsSpan(0, 64), out int recoveryId, recoverable);

        // A recovery id of 2 or 3 needs an r above the group's order: probability 2^−127.
        Invariant.Require(done == 1 && written == 1 && recoveryId is 0 or 1, "a valid secret signs");
        signature[64] = (byte)(27 + recoveryId);
        return signature;
    }

    /// <summary>
    /// Copies the secret to the first 32 bytes of <paramref name="destination"/>, for a keystore to encrypt.
    /// The caller zeroes them.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public void ExportTo(Span<byte> destination)
    {
        // Under the lock, so that nobody signs with a secret that is half zeroed.
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _secret.CopyTo(destination);
        }
    }

    /// <summary>Zeroes the secret. May be called again.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            CryptographicOperations.ZeroMemory(_secret);
        }
    }

    /// <summary>The address: never the secret.</summary>
    public override string ToString() => $"PrivateKey of {Eip55.Format(Address)}";
}
