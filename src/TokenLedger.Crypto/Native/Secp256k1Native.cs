// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace TokenLedger.Crypto.Native;

/// <summary>
/// The part of libsecp256k1's C interface that is used (secp256k1.h, secp256k1_recovery.h). Every function
/// returns 1 on success and 0 otherwise. The library aborts the process on a null pointer, and reads and
/// writes fixed sizes: callers pass spans of exactly the length that each parameter's name ends with.
/// </summary>
internal static partial class Secp256k1Native
{
    public const string Library = "libsecp256k1";
    public const uint ContextSignVerify = 0x301;
    public const uint Compressed = 0x102;
    public const uint Uncompressed = 0x002;

    /// <summary>
    /// Bytes of the library's own form of a public key or signature: opaque, never stored or sent.
    /// </summary>
    public const int OpaqueSize = 64;

    /// <summary>Bytes of the library's own form of a recoverable signature.</summary>
    public const int OpaqueRecoverableSize = 65;

    [LibraryImport(Library, EntryPoint = "secp256k1_context_create")]
    public static partial nint ContextCreate(uint flags);

    [LibraryImport(Library, EntryPoint = "secp256k1_context_destroy")]
    public static partial void ContextDestroy(nint context);

    [LibraryImport(Library, EntryPoint = "secp256k1_context_randomize")]
    public static partial int ContextRandomize(Secp256k1Context context, ReadOnlySpan<byte> seed32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_seckey_verify")]
    public static partial int SecretKeyVerify(Secp256k1Context context, ReadOnlySpan<byte> secret32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_create")]
    public static partial int PublicKeyCreate(
        Secp256k1Context context, Span<byte> key64, ReadOnlySpan<byte> secret32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_parse")]
    public static partial int PublicKeyParse(
        Secp256k1Context context, Span<byte> key64, ReadOnlySpan<byte> input, nuint inputLength);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_serialize")]
    public static partial int PublicKeySerialize(
        Secp256k1Context context, Span<byte> output, ref nuint outputLength, ReadOnlySpan<byte> key64,
        uint flags);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_signature_parse_compact")]
    public static partial int SignatureParse(
        Secp256k1Context context, Span<byte> signature64, ReadOnlySpan<byte> compact64);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_signature_normalize")]
    public static partial int SignatureNormalize(
        Secp256k1Context context, Span<byte> normal64, ReadOnlySpan<byte> signature64);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_verify")]
    public static partial int Verify(
        Secp256k1Context context, ReadOnlySpan<byte> signature64, ReadOnlySpan<byte> digest32,
        ReadOnlySpan<byte> key64);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recoverable_signature_parse_compact")]
    public static partial int RecoverableParse(
        Secp256k1Context context, Span<byte> signature65, ReadOnlySpan<byte> compact64, int recoveryId);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recoverable_signature_serialize_compact")]
    public static partial int RecoverableSerialize(
        Secp256k1Context context, Span<byte> compact64, out int recoveryId, ReadOnlySpan<byte> signature65);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recover")]
    public static partial int Recover(
        Secp256k1Context context, Span<byte> key64, ReadOnlySpan<byte> signature65,
        ReadOnlySpan<byte> digest32);

    /// <summary>Signs; with a zero nonce function and data the nonce is RFC 6979's, and s is low.</summary>
    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_sign_recoverable")]
    public static partial int SignRecoverable(
        Secp256k1Context context, Span<byte> signature65, ReadOnlySpan<byte> digest32,
        ReadOnlySpan<byte> secret32, nint nonceFunction, nint nonceData);
}
