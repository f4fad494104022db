// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using TokenLedger.Core;
using TokenLedger.Crypto.Native;

namespace TokenLedger.Crypto;

/// <summary>A point of secp256k1 that is not at infinity. Immutable and thread-safe.</summary>
public sealed class PublicKey : IEquatable<PublicKey>
{
    /// <summary>Bytes of the compressed form: 02 or 03, then x.</summary>
    public const int CompressedSize = 33;

    /// <summary>Bytes of the uncompressed form: 04, then x and y.</summary>
    public const int UncompressedSize = 65;

    // The library's own form, which saves parsing at each verification.
    private readonly byte[] _opaque;
    private readonly byte[] _compressed = new byte[CompressedSize];

    internal PublicKey(ReadOnlySpan<byte> opaque)
    {
        _opaque = opaque.ToArray();
        nuint length = CompressedSize;
        int done = Secp256k1Native.PublicKeySerialize(
            Secp256k1Context.Shared, _compressed, ref length, _opaque, Secp256k1Native.Compressed);
        Invariant.Require(done == 1 && length == CompressedSize, "a public key serializes");
        Address = AddressOf(_opaque);
    }

    /// <summary>The last 20 bytes of Keccak-256 over x ‖ y.</summary>
    public Address Address { get; }

    /// <summary>
    /// Reads the compressed or the uncompressed form (SEC 1 §2.3.4); the hybrid form is refused.
    /// </summary>
    /// <returns>False when the bytes are not a point of the curve in one of the two forms.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PublicKey? key)
    {
        bool form = (bytes.Length == CompressedSize && bytes[0] is 2 or 3)
            || (bytes.Length == UncompressedSize && bytes[0] == 4);
        Span<byte> opaque = stackalloc byte[Secp256k1Native.OpaqueSize];
        key = form && Secp256k1Native.PublicKeyParse(
            Secp256k1Context.Shared, opaque, bytes, (nuint)bytes.Length) == 1
            ? new PublicKey(opaque)
            : null;
        return key is not null;
    }

    /// <summary>
    /// Plain ECDSA: true when r ‖ s (64 bytes) is this key's signature over the digest, with s of either
    /// half.
    /// </summary>
    /// <remarks>For signatures of foreign makers; what the ledger takes is
    /// <see cref="Secp256k1Scheme"/>'s.</remarks>
    public bool Verify(in Hash256 digest, ReadOnlySpan<byte> signature)
    {
        const int CompactSize = 64;
        Span<byte> parsed = stackalloc byte[Secp256k1Native.OpaqueSize];
        if (signature.Length != CompactSize
            || Secp256k1Native.SignatureParse(Secp256k1Context.Shared, parsed, signature) != 1)
        {
            return false;
        }

        // The library verifies low s only; (r, n − s) is as good a signature.
        Span<byte> normal = stackalloc byte[Secp256k1Native.OpaqueSize];
        Secp256k1Native.SignatureNormalize(Secp256k1Context.Shared, normal, parsed);
        Span<byte> message = stackalloc byte[Hash256.Size];
        digest.CopyTo(message);
        return Secp256k1Native.Verify(Secp256k1Context.Shared, normal, message, _opaque) == 1;
    }

    /// <summary>A new array of the 33 bytes of the compressed form.</summary>
    public byte[] ToCompressed() => [.. _compressed];

    /// <summary>A new array of the 65 bytes of the uncompressed form.</summary>
    public byte[] ToUncompressed()
    {
        byte[] bytes = new byte[UncompressedSize];
        WriteUncompressed(_opaque, bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(PublicKey? other) =>
        other is not null && _compressed.AsSpan().SequenceEqual(other._compressed);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => Address.GetHashCode();

    /// <summary>0x and the compressed form.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(_compressed);

    internal static Address AddressOf(ReadOnlySpan<byte> opaque)
    {
        Span<byte> point = stackalloc byte[UncompressedSize];
        WriteUncompressed(opaque, point);
        Span<byte> hash = stackalloc byte[Hash256.Size];
        Keccak256.Hash(point[1..]).CopyTo(hash);
        return new Address(hash[(Hash256.Size - Address.Size)..]);
    }

    private static void WriteUncompressed(ReadOnlySpan<byte> opaque, Span<byte> bytes)
    {
        nuint length = UncompressedSize;
        int done = Secp256k1Native.PublicKeySerialize(
            Secp256k1Context.Shared, bytes, ref length, opaque, Secp256k1Native.Uncompressed);
        Invariant.Require(done == 1 && length == UncompressedSize, "a public key serializes");
    }
}
