// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using TokenLedger.Core;
using TokenLedger.Crypto.Native;

namespace TokenLedger.Crypto.Keystores;

/// <summary>
/// Keystores as files that only their owner can read. A file is there whole and durable, or not at all.
/// </summary>
public static class KeystoreFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// UTC--2026-01-31T23-59-59.123456700Z--address: the name that Ethereum's wallets look for.
    /// </summary>
    public static string FileName(in Address address, DateTimeOffset created) => string.Create(
        CultureInfo.InvariantCulture,
        $"UTC--{created.UtcDateTime:yyyy-MM-dd'T'HH-mm-ss.fffffff}00Z--{address.ToString().AsSpan(2)}");

    /// <summary>
    /// Encrypts a key into a new file of mode 0600; makes the folder (mode 0700) when it is not there.
    /// </summary>
    /// <returns>The file's path.</returns>
    /// <exception cref="IOException">The file is there already, or the disk failed; then nothing was
    /// written.</exception>
    public static string Save(
        string folder, PrivateKey key, ReadOnlySpan<byte> password, ScryptCost cost, TimeProvider time)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Windows has no file modes that keep others out.");
        }

        byte[] content = Encoding.UTF8.GetBytes(Keystore.Encrypt(key, password, cost));
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        string path = Path.Combine(folder, FileName(key.Address, time.GetUtcNow()));
        string unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            UnixCreateMode = OwnerOnly,
        };
        try
        {
            using (var file = new FileStream(unfinished, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: false);
        }
        finally
        {
            // Nothing is there any more when it was moved.
            File.Delete(unfinished);
        }

        DirectorySync.Flush(folder);
        return path;
    }

    /// <summary>Reads and decrypts a file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="KeystoreException">It cannot be opened.</exception>
    public static PrivateKey Load(string path, ReadOnlySpan<byte> password) =>
        Keystore.Decrypt(ReadBounded(path), password);

    /// <summary>The address that a file says it holds the key of; null when it says none.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="KeystoreException">It is not a keystore.</exception>
    public static Address? ClaimedAddress(string path) => Keystore.ClaimedAddress(ReadBounded(path));

    private static byte[] ReadBounded(string path)
    {
        using FileStream file = File.OpenRead(path);

        // One byte more than allowed is enough to refuse, however long the file is (or pretends to be).
        byte[] buffer = new byte[KeystoreJson.MaxBytes + 1];
        int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return buffer[..length];
    }
}
