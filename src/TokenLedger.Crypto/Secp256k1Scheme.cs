// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Crypto.Native;

namespace TokenLedger.Crypto;

/// <summary>
/// The ledger's signatures: recoverable ECDSA over secp256k1, one encoding each. About 45 µs a recovery.
/// Thread-safe.
/// </summary>
public sealed class Secp256k1Scheme : ISignatureScheme
{
    private const int ScalarSize = 32;

    // s may be at most this: ⌊n / 2⌋, where n is the order of the group (SEC 2 §2.4.1).
    private static ReadOnlySpan<byte> HalfOrder =>
    [
        0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0x5D, 0x57, 0x6E, 0x73, 0x57, 0xA4, 0x50, 0x1D, 0xDF, 0xE9, 0x2F, 0x46, 0x68, 0x1B, 0x20, 0xA0,
    ];

    private static ReadOnlySpan<byte> Order =>
    [
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE,
        0xBA, 0xAE, 0xDC, 0xE6, 0xAF, 0x48, 0xA0, 0x3B, 0xBF, 0xD2, 0x5E, 0x8C, 0xD0, 0x36, 0x41, 0x41,
    ];

    /// <summary>Loads the native library, so that its absence shows at the start.</summary>
    /// <exception cref="CryptoUnavailableException">libsecp256k1 is not installed.</exception>
    public Secp256k1Scheme() => _ = Secp256k1Context.Shared;

    /// <inheritdoc/>
    public bool TryRecover(in Hash256 digest, ReadOnlySpan<byte> signature, out Address signer)
    {
        Span<byte> opaque = stackalloc byte[Secp256k1Native.OpaqueSize];
        bool recovered = Recover(digest, signature, opaque);
        signer = recovered ? PublicKey.AddressOf(opaque) : default;
        return recovered;
    }

    /// <summary>Recovers the public key, by the same strict rules.</summary>
    public bool TryRecoverKey(
        in Hash256 digest, ReadOnlySpan<byte> signature, [NotNullWhen(true)] out PublicKey? key)
    {
        Span<byte> opaque = stackalloc byte[Secp256k1Native.OpaqueSize];
        key = Recover(digest, signature, opaque) ? new PublicKey(opaque) : null;
        return key is not null;
    }

    /// <summary>
    /// True when a signature has the right length and is refused because its s is in the upper half of the
    /// order: n/2 &lt; s &lt; n. It tells HIGH_S from BAD_SIGNATURE; whether r and v are right is not looked
    /// at.
    /// </summary>
    public static bool IsHighS(ReadOnlySpan<byte> signature)
    {
        if (signature.Length != Limits.SignatureBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> s = signature.Slice(ScalarSize, ScalarSize);
        return s.SequenceCompareTo(HalfOrder) > 0 && s.SequenceCompareTo(Order) < 0;
    }

    private static bool Recover(in Hash256 digest, ReadOnlySpan<byte> signature, Span<byte> opaque)
    {
        if (!IsWellFormed(signature))
        {
            return false;
        }

        Span<byte> parsed = stackalloc byte[Secp256k1Native.OpaqueRecoverableSize];
        Span<byte> message = stackalloc byte[Hash256.Size];
        digest.CopyTo(message);
        Secp256k1Context context = Secp256k1Context.Shared;
        return Secp256k1Native.RecoverableParse(context, parsed, signature[..^1], signature[^1] - 27) == 1
            && Secp256k1Native.Recover(context, opaque, parsed, message) == 1;
    }

    private static bool IsWellFormed(ReadOnlySpan<byte> signature)
    {
        if (signature.Length != Limits.SignatureBytes || signature[^1] is not (27 or 28))
        {
            return false;
        }

        ReadOnlySpan<byte> r = signature[..ScalarSize];
        ReadOnlySpan<byte> s = signature.Slice(ScalarSize, ScalarSize);
        return r.ContainsAnyExcept((byte)0) && r.SequenceCompareTo(Order) < 0
            && s.ContainsAnyExcept((byte)0) && s.SequenceCompareTo(HalfOrder) <= 0;
    }
}
