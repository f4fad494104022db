// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using TokenLedger.Core;

namespace TokenLedger.Storage.RocksDb;

/// <summary>The seam on a RocksDB database in a directory.</summary>
/// <remarks>Thread-safe. Disposing waits for nothing: calls in flight end first, then the database
/// closes.</remarks>
public sealed class RocksKeyValueStore : IKeyValueStore
{
    private readonly string _path;
    private readonly RocksDb _db;
    private readonly RocksFamilies _families;
    private readonly RocksReader _reader;
    private readonly WriteOptions _synced = new(sync: true);
    private readonly WriteOptions _unsynced = new(sync: false);
    private volatile StorageFault? _fault;

    private RocksKeyValueStore(string path, RocksDb db, RocksFamilies families)
    {
        _path = path;
        _db = db;
        _families = families;
        _reader = new RocksReader(db, families, path, snapshot: null, Kill);
    }

    /// <inheritdoc/>
    public long ApproximateBytes
    {
        get
        {
            RequireUsable();
            ulong sum = 0;
            foreach (ColumnFamilyHandle family in _families.All)
            {
                sum += Property(family, "rocksdb.total-sst-files-size\0"u8);
                sum += Property(family, "rocksdb.cur-size-all-mem-tables\0"u8);
            }

            return (long)sum;
        }
    }

    /// <summary>Opens the database in a directory, creating both when they are not there.</summary>
    /// <param name="path">The directory. One process opens it at a time.</param>
    /// <param name="families">All that it has; missing ones are created.</param>
    /// <param name="options">Memory and files.</param>
    /// <exception cref="StorageFault">Locked, Corrupt, Full, IO, Version or Library: the message says
    /// what to do.</exception>
    public static RocksKeyValueStore Open(string path, ImmutableArray<Family> families, RocksOptions options)
    {
        RocksLibrary.Require();
        for (int i = 0; i < families.Length; i++)
        {
            Invariant.Require(families[i].Index == i, "a family's index is its place");
        }

        PrepareDirectory(path);
        using var table = new BlockBasedTableOptions(options);
        using var dbOptions = new DbOptions(options, table);
        using var familyOptions = new ColumnFamilyOptions(options, table);
        (RocksDb db, ColumnFamilyHandle[] handles) =
            RocksDb.Open(dbOptions, familyOptions, path, [.. families.Select(family => family.Name)]);
        return new RocksKeyValueStore(path, db, new RocksFamilies(families, handles));
    }

    /// <inheritdoc/>
    public bool TryGet(Family family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value)
    {
        RequireUsable();
        return _reader.TryGet(family, key, out value);
    }

    /// <inheritdoc/>
    public byte[]?[] MultiGet(Family family, IReadOnlyList<ReadOnlyMemory<byte>> keys)
    {
        RequireUsable();
        return _reader.MultiGet(family, keys);
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValue> Scan(
        Family family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit, bool reverse = false)
    {
        RequireUsable();
        return _reader.Scan(family, from, to, limit, reverse);
    }

    /// <inheritdoc/>
    public IWriteBatch CreateBatch()
    {
        RequireUsable();
        return new WriteBatch(_families);
    }

    /// <inheritdoc/>
    public void Write(IWriteBatch batch, bool sync)
    {
        RequireUsable();
        var own = batch as WriteBatch;
        Invariant.Require(own is not null, "a batch is written to the store that made it");
        Native.rocksdb_write(_db, sync ? _synced : _unsynced, own, out nint error);
        KillIfSet(error);
        own.Clear();
    }

    /// <inheritdoc/>
    public void Sync()
    {
        RequireUsable();
        Native.rocksdb_flush_wal(_db, sync: 1, out nint error);
        KillIfSet(error);
    }

    /// <inheritdoc/>
    public ISnapshot Snapshot()
    {
        RequireUsable();
        return new RocksReader(_db, _families, _path, new Snapshot(_db), Kill);
    }

    /// <inheritdoc/>
    public void Checkpoint(string path)
    {
        RequireUsable();
        using var checkpoint = new Checkpoint(_db, _path);
        checkpoint.Save(path);
    }

    /// <summary>
    /// Closes the database, once snapshots and calls in flight have ended. One whose disk failed is left as
    /// it is: closing writes to the log that failed, which the library takes for a mistake, and aborts the
    /// process before it could say why it stops. The end of the process gives its lock back.
    /// </summary>
    public void Dispose()
    {
        if (_fault?.Kind is StorageFaultKind.IO)
        {
            _db.Abandon();
        }

        _reader.Dispose();
        _synced.Dispose();
        _unsynced.Dispose();
        _families.Dispose();
        _db.Dispose();
    }

    /// <summary>
    /// Creates the directory, and refuses one that lost the file that names its tables: the library refuses
    /// only when a log is there too, else takes it for a new database: a validator would forget its votes.
    /// </summary>
    private static void PrepareDirectory(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            bool hasTables = Directory.EnumerateFiles(path, "*.sst").Any();
            if (hasTables && !File.Exists(Path.Combine(path, "CURRENT")))
            {
                throw RocksError.Map("Corruption: CURRENT is missing", path, StorageScope.Process);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RocksError.Map("IO error: " + e.Message, path, StorageScope.Process);
        }
    }

    private ulong Property(ColumnFamilyHandle family, ReadOnlySpan<byte> zeroEndedName) =>
        Native.rocksdb_property_int_cf(_db, family, zeroEndedName, out ulong value) == 0 ? value : 0;

    private void KillIfSet(nint error) => RocksError.ThrowIfSet(error, _path, seen: Kill);

    /// <summary>
    /// After a failed write nobody knows what is durable, and after a failed read what is true.
    /// </summary>
    private void Kill(StorageFault fault) => _fault ??= fault;

    private void RequireUsable()
    {
        ObjectDisposedException.ThrowIf(_db.IsClosed, this);
        if (_fault is { } fault)
        {
            throw new StorageFault(fault.Kind, fault.Scope, fault.Message, fault);
        }
    }
}
