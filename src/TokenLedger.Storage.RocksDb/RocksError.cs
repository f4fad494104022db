// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace TokenLedger.Storage.RocksDb;

/// <summary>Turns the library's status texts into faults that tell an operator what to do.</summary>
internal static class RocksError
{
    /// <summary>Throws when <paramref name="error"/> is set, and frees it.</summary>
    public static void ThrowIfSet(
        nint error, string path, StorageScope scope = StorageScope.Process, Action<StorageFault>? seen = null)
    {
        if (error != 0)
        {
            string status = Marshal.PtrToStringUTF8(error) ?? "";
            Native.rocksdb_free(error);
            StorageFault fault = Map(status, path, scope);
            seen?.Invoke(fault);
            throw fault;
        }
    }

    /// <summary>
    /// The fault for a status such as "IO error: No space left on device: While appending…".
    /// </summary>
    public static StorageFault Map(string status, string path, StorageScope scope)
    {
        StorageFaultKind kind = KindOf(status);
        string advice = kind switch
        {
            StorageFaultKind.Locked =>
                "Another process has this database open. Stop it, or give this node a directory of its own.",
            StorageFaultKind.Full =>
                "Free space on the device, then start the node again. Nothing that was acknowledged is lost.",
            StorageFaultKind.Corrupt =>
                "The files are damaged. Check the disk, and start the node again: it sets a damaged ledger"
                + " aside and fetches it from its peers. A damaged consensus folder may be moved away: what"
                + " this vote key must not sign stands in its signer guard.",
            StorageFaultKind.Version =>
                "Another version wrote this database. Run the build that wrote it.",
            _ => "Check the device, the file system and the permissions, then start the node again.",
        };
        return new StorageFault(kind, scope, $"{path}: {status.TrimEnd('.')}. {advice}");
    }

    private static StorageFaultKind KindOf(string status)
    {
        if (Has("No space left on device") || Has("Disk quota exceeded") || Has("Space limit reached"))
        {
            return StorageFaultKind.Full;
        }

        if (status.StartsWith("IO error", StringComparison.Ordinal)
            && (Has("lock hold by current process") || Has("While lock file")))
        {
            return StorageFaultKind.Locked;
        }

        // The directory was made before opening, so a missing file is one that the database had.
        if (status.StartsWith("Corruption", StringComparison.Ordinal) || Has("No such file or directory"))
        {
            return StorageFaultKind.Corrupt;
        }

        bool otherFormat = Has("Column families not opened")
            || status.StartsWith("Not implemented", StringComparison.Ordinal);
        return otherFormat
            ? StorageFaultKind.Version
            : StorageFaultKind.IO;

        bool Has(string part) => status.Contains(part, StringComparison.OrdinalIgnoreCase);
    }
}
