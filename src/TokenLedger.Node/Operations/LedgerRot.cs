// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using TokenLedger.Storage;
using TokenLedger.Storage.RocksDb;

namespace TokenLedger.Node.Operations;

/// <summary>
/// What becomes of a ledger whose bytes on disk are no longer what was written. The database finds it by its
/// checksums and cannot mend it, so the process that met it leaves a mark and ends; the next start reads the
/// whole ledger, sets it aside if it cannot be read, and fetches it anew from the peers. Used by one thread
/// at a time.
/// </summary>
/// <param name="folders">The ledger's folders.</param>
/// <param name="hasPeers">False for a network of one: nobody else has the ledger, and it stays.</param>
/// <param name="log">Tells what was set aside.</param>
internal sealed class LedgerRot(LedgerFolders folders, bool hasPeers, ILogger log)
{
    // A row may be a whole block.
    private const int PageRows = 64;

    /// <summary>Leaves the mark when the cause of an end is damaged storage. Never fails.</summary>
    public void Note(Exception cause)
    {
        if (cause is not StorageFault { Kind: StorageFaultKind.Corrupt } || !Directory.Exists(folders.Ledger))
        {
            return;
        }

        try
        {
            File.WriteAllText(folders.Suspicion, cause.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk takes nothing any more: a later process meets the damage again, and notes it then.
        }
    }

    /// <summary>If there is a mark, reads the ledger and sets it aside when it is damaged.</summary>
    /// <exception cref="StorageFault">The ledger cannot be read for another reason.</exception>
    public void SetAside()
    {
        if (!File.Exists(folders.Suspicion))
        {
            return;
        }

        if (hasPeers && Directory.Exists(folders.Ledger) && IsDamaged())
        {
            NodeLog.LedgerSetAside(log, folders.SetAside(), File.ReadAllText(folders.Suspicion));
        }

        File.Delete(folders.Suspicion);
    }

    private bool IsDamaged()
    {
        try
        {
            using var store = RocksKeyValueStore.Open(
                folders.Ledger, LedgerFormat.Families, RocksOptions.Ledger);
            foreach (Family family in LedgerFormat.Families)
            {
                ReadAll(store, family);
            }

            return false;
        }
        catch (StorageFault e) when (e.Kind == StorageFaultKind.Corrupt)
        {
            return true;
        }
    }

    private static void ReadAll(RocksKeyValueStore store, Family family)
    {
        byte[] from = [];
        while (store.Scan(family, from, [], PageRows) is [.., var last])
        {
            // The next key that there can be.
            from = [.. last.Key, 0];
        }
    }
}
