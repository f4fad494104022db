// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace TokenLedger.Core;

/// <summary>
/// SHA-256 of short messages. The runtime's one-shot has libcrypto look its algorithm up for every message,
/// which costs several times as much as hashing 65 bytes; the library's three low-level functions do not.
/// Where they are not there, or do not give the same digests, the runtime hashes. Pure and thread-safe.
/// </summary>
internal static unsafe class Sha256
{
    // SHA256_CTX: 8 words of state, 2 of length, 16 of data and 2 numbers, of 32 bits each.
    private const int ContextBytes = 128;

    /// <summary>Messages up to this many bytes: what takes a microsecond may keep a garbage collection
    /// waiting, for so the calls are made.</summary>
    private const int Short = 1_024;

    private static readonly delegate* unmanaged[SuppressGCTransition]<byte*, int> Init;
    private static readonly delegate* unmanaged[SuppressGCTransition]<byte*, byte*, nuint, int> Update;
    private static readonly delegate* unmanaged[SuppressGCTransition]<byte*, byte*, int> Final;

    static Sha256()
    {
        if (!NativeLibrary.TryLoad("libcrypto.so.3", out nint library)
            || !NativeLibrary.TryGetExport(library, "SHA256_Init", out nint init)
            || !NativeLibrary.TryGetExport(library, "SHA256_Update", out nint update)
            || !NativeLibrary.TryGetExport(library, "SHA256_Final", out nint final))
        {
            return;
        }

        Init = (delegate* unmanaged[SuppressGCTransition]<byte*, int>)init;
        Update = (delegate* unmanaged[SuppressGCTransition]<byte*, byte*, nuint, int>)update;
        Final = (delegate* unmanaged[SuppressGCTransition]<byte*, byte*, int>)final;
        IsNative = HashesAlike();
    }

    /// <summary>True while the library's own functions hash.</summary>
    public static bool IsNative { get; }

    /// <summary>Writes the digest of a message.</summary>
    /// <param name="message">Any length.</param>
    /// <param name="digest">32 bytes.</param>
    public static void Hash(ReadOnlySpan<byte> message, Span<byte> digest)
    {
        if (IsNative && message.Length <= Short)
        {
            Native(message, digest);
        }
        else
        {
            SHA256.HashData(message, digest);
        }
    }

    private static void Native(ReadOnlySpan<byte> message, Span<byte> digest)
    {
        Invariant.Require(digest.Length == SHA256.HashSizeInBytes, "a digest has 32 bytes");
        byte* context = stackalloc byte[ContextBytes];
        fixed (byte* from = message)
        fixed (byte* to = digest)
        {
            bool done = Init(context) == 1 && Update(context, from, (nuint)message.Length) == 1
                && Final(to, context) == 1;
            Invariant.Require(done, "libcrypto hashes");
        }
    }

    /// <summary>Every length around the ends of blocks, so that a library of another layout is found out.
    /// </summary>
    private static bool HashesAlike()
    {
        const int Most = 200;
        Span<byte> message = stackalloc byte[Most];
        Span<byte> native = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        bool alike = true;
        for (int length = 0; length <= Most; length++)
        {
            Native(message[..length], native);
            SHA256.HashData(message[..length], expected);
            alike &= native.SequenceEqual(expected);
            if (length < Most)
            {
                message[length] = (byte)(length * 7 % 251);
            }
        }

        return alike;
    }
}
