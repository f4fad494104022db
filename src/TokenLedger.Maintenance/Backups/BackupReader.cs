// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using TokenLedger.Core;
using TokenLedger.Crypto.Keystores;
using TokenLedger.Crypto.Native;

namespace TokenLedger.Maintenance.Backups;

/// <summary>Copies a backup's files out of it, and checks each against the manifest on the way.</summary>
public static class BackupReader
{
    /// <summary>Copies all files to a new folder.</summary>
    /// <param name="folder">The backup.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="target">A folder that does not exist.</param>
    /// <param name="passphrase">Opens an encrypted backup; of no use for another.</param>
    /// <param name="progress">Told of the bytes done and of all bytes.</param>
    /// <param name="cancellationToken">Ends it; the caller deletes the folder.</param>
    /// <exception cref="MaintenanceException">BACKUP_PASSPHRASE, or BACKUP_CORRUPT naming the first file that
    /// is not what was written.</exception>
    public static void Extract(
        string folder,
        BackupManifest manifest,
        string target,
        ReadOnlySpan<byte> passphrase,
        Action<long, long>? progress,
        CancellationToken cancellationToken)
    {
        if (manifest.Encryption is not null && passphrase.IsEmpty)
        {
            throw new MaintenanceException(
                "BACKUP_PASSPHRASE", $"{folder} is encrypted. Pass the file with its passphrase.");
        }

        byte[]? key = manifest.Encryption is { } encryption
            ? PassphraseKey.Derive(passphrase, encryption.Salt.AsSpan(), encryption.Cost)
            : null;
        OwnFolder.Create(target);
        long total = manifest.TotalBytes;
        long done = 0;
        for (int i = 0; i < manifest.Files.Length; i++)
        {
            BackupFile file = manifest.Files[i];
            using var cipher = key is null ? null : new ChunkCipher(key, i, file.Name);
            Copy(folder, file, Path.Combine(target, file.Name), cipher, bytes =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                done += bytes;
                progress?.Invoke(done, total);
            });
        }

        CryptographicOperations.ZeroMemory(key);
        DirectorySync.Flush(target);
    }

    private static void Copy(
        string folder, BackupFile file, string to, ChunkCipher? cipher, Action<int> copied)
    {
        int overhead = cipher is null ? 0 : ChunkCipher.TagBytes;
        byte[] stored = new byte[ChunkCipher.ChunkBytes + overhead];
        byte[] plain = new byte[ChunkCipher.ChunkBytes];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using FileStream source = Open(Path.Combine(folder, file.Name));
        if (source.Length != file.Bytes)
        {
            throw Corrupt(file, $"it has {source.Length} bytes and not {file.Bytes}");
        }

        using FileStream target = OwnFolder.NewFile(to);
        long left = source.Length;
        bool opens = true;
        do
        {
            int size = (int)Math.Min(left, stored.Length);
            source.ReadExactly(stored, 0, size);
            left -= size;
            ReadOnlySpan<byte> bytes = stored.AsSpan(0, size);
            hash.AppendData(bytes);
            if (cipher is not null && opens)
            {
                opens = size >= overhead
                    && cipher.TryOpen(bytes, last: left == 0, plain.AsSpan(0, size - overhead));
                bytes = opens ? plain.AsSpan(0, size - overhead) : [];
            }

            target.Write(bytes);
            copied(size);
        }
        while (left > 0);
        if (new Hash256(hash.GetHashAndReset()) != file.Sha256)
        {
            throw Corrupt(file, "its SHA-256 is another");
        }

        // The bytes are those that were written, so it is the passphrase that is not.
        if (!opens)
        {
            throw new MaintenanceException(
                "BACKUP_PASSPHRASE", $"{folder} does not open with this passphrase.");
        }

        target.Flush(flushToDisk: true);
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (FileNotFoundException)
        {
            throw new MaintenanceException("BACKUP_CORRUPT", $"The backup's file {path} is missing.");
        }
    }

    private static MaintenanceException Corrupt(BackupFile file, string why) => new(
        "BACKUP_CORRUPT",
        $"The backup's file {file.Name} is not what was written: {why}. Use another copy of the backup.");
}
