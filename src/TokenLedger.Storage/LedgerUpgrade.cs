// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Storage;

/// <summary>
/// Brings a ledger of the schema version before up to this one: the index of balances is made from the stored
/// events. Whatever ends the process meanwhile, the next open begins again: the version is written last.
/// </summary>
internal static class LedgerUpgrade
{
    /// <summary>Blocks whose rows are one batch, and are read together.</summary>
    private const int BlocksAtOnce = 64;

    /// <exception cref="StorageFault">It is of another network (Genesis), stored events do not decode
    /// (Corrupt), or a write failed.</exception>
    public static void Run(IKeyValueStore store, string name, in Hash256 genesisHash)
    {
        if (DatabaseIdentity.VersionOf(store, LedgerFormat.Meta) != LedgerFormat.WithoutBalances)
        {
            return;
        }

        // Another network's ledger is left as it is.
        _ = DatabaseIdentity.IsNew(
            store, LedgerFormat.Meta, name, LedgerFormat.WithoutBalances, genesisHash);
        byte[] from = [];
        while (store.Scan(LedgerFormat.Events, from, [], BlocksAtOnce) is { Count: > 0 } page)
        {
            using IWriteBatch batch = store.CreateBatch();
            foreach (KeyValue events in page)
            {
                LedgerStore.PutSorted(
                    batch, LedgerFormat.Balances, CollectionsMarshal.AsSpan(RowsOf(events)));
            }

            store.Write(batch, sync: false);
            from = [.. page[^1].Key, 0];
        }

        using IWriteBatch last = store.CreateBatch();
        DatabaseIdentity.PutVersion(last, LedgerFormat.Meta, LedgerFormat.SchemaVersion);
        store.Write(last, sync: true);
    }

    private static List<KeyValue> RowsOf(KeyValue stored)
    {
        try
        {
            var key = new CanonicalReader(stored.Key);
            Height height = LedgerFormat.ReadHeight(ref key);
            key.End();
            var reader = new CanonicalReader(stored.Value);
            ImmutableArray<EventRecord> events = reader.List(LedgerFormat.MaxEvents, EventCodec.Read);
            reader.End();
            return LedgerFormat.BalancesOf(height, events);
        }
        catch (Exception e) when (e is CanonicalFormatException or OverflowException)
        {
            throw new StorageFault(
                StorageFaultKind.Corrupt,
                StorageScope.Process,
                "Ledger database: events from which the index of balances is to be made are damaged"
                    + $" ({e.Message}) Move the directory away and let the node sync again from its peers.",
                e);
        }
    }
}
