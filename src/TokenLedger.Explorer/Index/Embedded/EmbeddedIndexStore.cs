// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using TokenLedger.Core;
using TokenLedger.Core.State;
using TokenLedger.Explorer.Index.Projecting;
using TokenLedger.Storage;

namespace TokenLedger.Explorer.Index.Embedded;

/// <summary>
/// The index in an ordered key-value database of its own: RocksDB in production, memory in tests. A batch and
/// the cursor are one write, so that a block is there whole and once, or not at all.
/// </summary>
internal sealed class EmbeddedIndexStore : IIndexStore
{
    private readonly Lock _writing = new();
    private readonly Lock _counting = new();
    private readonly IKeyValueStore _store;
    private readonly RowReader _rows;
    private int _users = 1;
    private bool _disposed;

    private EmbeddedIndexStore(IKeyValueStore store)
    {
        _store = store;
        _rows = new RowReader(store);
    }

    /// <summary>Opens an index.</summary>
    /// <param name="store">A database with <see cref="IndexFormat.Families"/>; disposed with the index, or at
    /// once when it is refused.</param>
    /// <param name="genesisHash">The network.</param>
    /// <exception cref="StorageFault">It is of another version or network.</exception>
    public static EmbeddedIndexStore Open(IKeyValueStore store, in Hash256 genesisHash)
    {
        try
        {
            RequireOwn(store, genesisHash);
            return new EmbeddedIndexStore(store);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public ValueTask<IndexCursor?> CursorAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(Cursor());

    public ValueTask<ProjectionState> LoadAsync(ProjectionKeys keys, CancellationToken cancellationToken)
    {
        // The one projector that writes is who asks: nothing changes between these reads.
        var state = new ProjectionState(
            Cursor(),
            _rows.FindAll(
                IndexFormat.Accounts, keys.Accounts, static account => account.ToArray(),
                RowCodec.ReadAccount),
            _rows.FindAll(
                IndexFormat.Balances, keys.Balances,
                static key => IndexFormat.Balance(key.Account, key.Asset), StateCodec.ReadAmount),
            _rows.FindAll(IndexFormat.Assets, keys.Assets, IndexFormat.Asset, RowCodec.ReadAsset),
            _rows.FindAll(
                IndexFormat.Officers, keys.Officers, static officer => officer.ToArray(),
                RowCodec.ReadOfficer),
            _rows.FindAll(
                IndexFormat.Proposals, keys.Proposals, IndexFormat.Proposal, RowCodec.ReadProposal),
            _rows.FindAll(
                IndexFormat.Days, keys.Moved, asset => IndexFormat.Day(asset, keys.Day), RowCodec.ReadDay),
            _rows.FindAll(IndexFormat.Lanes, keys.Lanes, IndexFormat.Lane, RowCodec.ReadLane));
        return ValueTask.FromResult(state);
    }

    public ValueTask ApplyAsync(IndexBatch batch, CancellationToken cancellationToken)
    {
        lock (_writing)
        {
            if (batch.WhyNotAfter(Cursor()) is { } reason)
            {
                throw new IndexOrderException(reason);
            }

            // Not synced: a loss of power loses whole blocks from the end, which the chain still has.
            using IWriteBatch changes = _store.CreateBatch();
            new BatchWriter(changes).Write(batch);
            _store.Write(changes, sync: false);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IIndexView?> ViewAsync(CancellationToken cancellationToken)
    {
        lock (_counting)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _users++;
        }

        ISnapshot? snapshot = null;
        EmbeddedIndexView? view = null;
        try
        {
            snapshot = _store.Snapshot();
            if (CursorOf(new RowReader(snapshot)) is { } cursor)
            {
                view = new EmbeddedIndexView(snapshot, cursor, Release);
            }
        }
        finally
        {
            if (view is null)
            {
                snapshot?.Dispose();
                Release();
            }
        }

        return ValueTask.FromResult<IIndexView?>(view);
    }

    /// <summary>Closes the database; once its last view is disposed, when there are views of it.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_counting)
        {
            if (_disposed)
            {
                return ValueTask.CompletedTask;
            }

            _disposed = true;
        }

        Release();
        return ValueTask.CompletedTask;
    }

    private void Release()
    {
        lock (_counting)
        {
            if (--_users > 0)
            {
                return;
            }
        }

        _store.Dispose();
    }

    /// <summary>Requires that a database is new, or of this version and network.</summary>
    private static void RequireOwn(IKeyValueStore store, in Hash256 genesisHash)
    {
        byte[] version = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(version, IndexFormat.SchemaVersion);
        if (!store.TryGet(IndexFormat.Meta, IndexFormat.SchemaKey, out byte[]? found))
        {
            using IWriteBatch first = store.CreateBatch();
            first.Put(IndexFormat.Meta, IndexFormat.SchemaKey, version);
            first.Put(IndexFormat.Meta, IndexFormat.GenesisKey, genesisHash.ToArray());
            store.Write(first, sync: true);
        }
        else if (!found.AsSpan().SequenceEqual(version))
        {
            throw new StorageFault(
                StorageFaultKind.Version, StorageScope.Process,
                "Another version of the explorer wrote this index. Remove its folder; it is made anew from"
                    + " the chain.");
        }
        else if (!store.TryGet(IndexFormat.Meta, IndexFormat.GenesisKey, out byte[]? genesis)
            || !genesis.AsSpan().SequenceEqual(genesisHash.ToArray()))
        {
            throw new StorageFault(
                StorageFaultKind.Genesis, StorageScope.Process,
                "This index is of another network. Name another data folder, or the right genesisHash;"
                    + " nothing was changed.");
        }
    }

    private IndexCursor? Cursor() => CursorOf(_rows);

    private static IndexCursor? CursorOf(RowReader rows) =>
        rows.Find(IndexFormat.Meta, IndexFormat.CursorKey, RowCodec.ReadCursor);
}
