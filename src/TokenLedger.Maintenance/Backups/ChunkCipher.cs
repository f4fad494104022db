// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TokenLedger.Maintenance.Backups;

/// <summary>
/// AES-256-GCM over a file in chunks of 1 MiB, each followed by its tag of 16 bytes. The nonce is the file's
/// place in the manifest (4 bytes) and the chunk's (8), under a key that is drawn for one backup only, so no
/// nonce comes twice. The name and whether the chunk is the last are authenticated with it: chunks and files
/// can be neither swapped nor cut off. Not thread-safe.
/// </summary>
internal sealed class ChunkCipher(ReadOnlySpan<byte> key, int file, string name) : IDisposable
{
    public const int ChunkBytes = 1024 * 1024;
    public const int TagBytes = 16;

    private readonly AesGcm _aes = new(key, TagBytes);
    private readonly byte[] _bound = [.. Encoding.UTF8.GetBytes(name), 0];
    private ulong _chunk;

    /// <summary>Encrypts the next chunk into <paramref name="sealedChunk"/>, which is a tag longer.</summary>
    public void Seal(ReadOnlySpan<byte> chunk, bool last, Span<byte> sealedChunk) => _aes.Encrypt(
        Nonce(stackalloc byte[12]), chunk, sealedChunk[..chunk.Length], sealedChunk[chunk.Length..],
        Bound(last));

    /// <summary>Decrypts the next chunk into <paramref name="chunk"/>, which is a tag shorter.</summary>
    /// <returns>False when it is not what was encrypted in this place under this key.</returns>
    public bool TryOpen(ReadOnlySpan<byte> sealedChunk, bool last, Span<byte> chunk)
    {
        try
        {
            _aes.Decrypt(
                Nonce(stackalloc byte[12]), sealedChunk[..chunk.Length], sealedChunk[chunk.Length..], chunk,
                Bound(last));
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => _aes.Dispose();

    private Span<byte> Nonce(Span<byte> nonce)
    {
        BinaryPrimitives.WriteInt32BigEndian(nonce, file);
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], _chunk++);
        return nonce;
    }

    private byte[] Bound(bool last)
    {
        _bound[^1] = last ? (byte)1 : (byte)0;
        return _bound;
    }
}
