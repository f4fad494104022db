// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using TokenLedger.Core;
using TokenLedger.Crypto.Keystores;
using TokenLedger.Crypto.Native;
using TokenLedger.Storage;

namespace TokenLedger.Maintenance.Backups;

/// <summary>Writes a backup: the files of a checkpoint that nobody writes to, and a manifest over
/// them.</summary>
public static class BackupWriter
{
    /// <summary>Writes it.</summary>
    /// <param name="checkpoint">The closed database.</param>
    /// <param name="head">Its newest block.</param>
    /// <param name="chainId">The network.</param>
    /// <param name="target">The backup's folder: absent or empty.</param>
    /// <param name="passphrase">Encrypts it; empty leaves it in clear.</param>
    /// <param name="cost">What one guess at the passphrase costs.</param>
    /// <param name="time">Says when.</param>
    /// <param name="progress">Told of the bytes done and of all bytes.</param>
    /// <param name="cancellationToken">Ends it; what is there then has no manifest.</param>
    /// <exception cref="MaintenanceException">BACKUP_EXISTS: something is in the folder.</exception>
    /// <exception cref="IOException">The disk failed; what is there has no manifest and is no
    /// backup.</exception>
    public static BackupManifest Write(
        string checkpoint,
        ChainHead head,
        ulong chainId,
        string target,
        ReadOnlySpan<byte> passphrase,
        ScryptCost cost,
        TimeProvider time,
        Action<long, long>? progress,
        CancellationToken cancellationToken)
    {
        if (OwnFolder.IsTaken(target))
        {
            throw new MaintenanceException(
                "BACKUP_EXISTS", $"{target} is not empty. A backup goes into a folder of its own.");
        }

        OwnFolder.Create(target);
        byte[]? key = null;
        BackupEncryption? encryption = null;
        if (!passphrase.IsEmpty)
        {
            byte[] salt = RandomNumberGenerator.GetBytes(PassphraseKey.SaltSize);
            encryption = new BackupEncryption(cost, [.. salt]);
            key = PassphraseKey.Derive(passphrase, salt, cost);
        }

        ImmutableArray<BackupFile> files = CopyAll(checkpoint, target, key, progress, cancellationToken);
        CryptographicOperations.ZeroMemory(key);
        var manifest = new BackupManifest(
            chainId, head.Header.GenesisHash, head.Height, head.Hash, head.Header.StateRoot, time.GetUtcNow(),
            encryption, files);
        DirectorySync.Flush(target);
        string unfinished = Path.Combine(target, BackupManifest.FileName + ".unfinished");
        using (FileStream file = OwnFolder.NewFile(unfinished))
        {
            file.Write(Encoding.UTF8.GetBytes(manifest.ToJson()));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, Path.Combine(target, BackupManifest.FileName));
        DirectorySync.Flush(target);
        return manifest;
    }

    private static ImmutableArray<BackupFile> CopyAll(
        string checkpoint, string target, byte[]? key, Action<long, long>? progress, CancellationToken token)
    {
        // The lock and the library's text log are not the database.
        FileInfo[] sources = [.. new DirectoryInfo(checkpoint).EnumerateFiles()
            .Where(file => file.Name != "LOCK" && !file.Name.StartsWith("LOG", StringComparison.Ordinal))
            .OrderBy(file => file.Name, StringComparer.Ordinal)];
        Invariant.Require(sources.Length <= BackupManifest.MaxFiles, "a backup's files are bounded");
        long total = sources.Sum(file => file.Length);
        long done = 0;
        var files = ImmutableArray.CreateBuilder<BackupFile>(sources.Length);
        for (int i = 0; i < sources.Length; i++)
        {
            using var cipher = key is null ? null : new ChunkCipher(key, i, sources[i].Name);
            files.Add(Copy(sources[i], Path.Combine(target, sources[i].Name), cipher, bytes =>
            {
                token.ThrowIfCancellationRequested();
                done += bytes;
                progress?.Invoke(done, total);
            }));
        }

        return files.MoveToImmutable();
    }

    private static BackupFile Copy(FileInfo from, string to, ChunkCipher? cipher, Action<int> copied)
    {
        byte[] plain = new byte[ChunkCipher.ChunkBytes];
        byte[] stored = new byte[ChunkCipher.ChunkBytes + ChunkCipher.TagBytes];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using FileStream source = from.OpenRead();
        using FileStream target = OwnFolder.NewFile(to);
        long left = source.Length;
        do
        {
            int read = source.ReadAtLeast(
                plain.AsSpan(0, (int)Math.Min(left, plain.Length)), (int)Math.Min(left, plain.Length));
            left -= read;
            ReadOnlySpan<byte> written = plain.AsSpan(0, read);
            if (cipher is not null)
            {
                Span<byte> sealedChunk = stored.AsSpan(0, read + ChunkCipher.TagBytes);
                cipher.Seal(written, last: left == 0, sealedChunk);
                written = sealedChunk;
            }

            hash.AppendData(written);
            target.Write(written);
            copied(read);
        }
        while (left > 0);
        target.Flush(flushToDisk: true);
        return new BackupFile(from.Name, target.Length, new Hash256(hash.GetHashAndReset()));
    }
}
