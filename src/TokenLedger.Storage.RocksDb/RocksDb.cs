// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace TokenLedger.Storage.RocksDb;

/// <summary>An open database. It closes when it and all its children are disposed.</summary>
internal sealed unsafe class RocksDb : RocksHandle
{
    private volatile bool _abandoned;

    private RocksDb(nint handle)
        : base(handle)
    {
    }

    /// <summary>
    /// Opens or creates a database with these families, besides the library's own "default".
    /// </summary>
    /// <exception cref="StorageFault">It cannot be opened.</exception>
    public static (RocksDb Db, ColumnFamilyHandle[] Families) Open(
        DbOptions options, ColumnFamilyOptions familyOptions, string path, IReadOnlyList<string> families)
    {
        int count = families.Count + 1;
        byte** names = stackalloc byte*[count];
        nint* all = stackalloc nint[count];
        nint* handles = stackalloc nint[count];
        bool added = false;
        try
        {
            familyOptions.DangerousAddRef(ref added);
            for (int i = 0; i < count; i++)
            {
                string name = i == families.Count ? "default" : families[i];
                names[i] = (byte*)Marshal.StringToCoTaskMemUTF8(name);
                all[i] = familyOptions.DangerousGetHandle();
            }

            // Names, options and handles are arrays of count elements, alive until this method returns.
            nint native = Native.rocksdb_open_column_families(
                options, path, count, names, all, handles, out nint error);
            RocksError.ThrowIfSet(error, path);
            var db = new RocksDb(native);
            var opened = new ColumnFamilyHandle[count];
            for (int i = 0; i < count; i++)
            {
                opened[i] = new ColumnFamilyHandle(db, handles[i]);
            }

            return (db, opened);
        }
        finally
        {
            for (int i = 0; i < count; i++)
            {
                Marshal.FreeCoTaskMem((nint)names[i]);
            }

            if (added)
            {
                familyOptions.DangerousRelease();
            }
        }
    }

    /// <summary>Leaves the database open until the process ends, whatever is disposed.</summary>
    public void Abandon() => _abandoned = true;

    protected override void Destroy(nint native)
    {
        if (!_abandoned)
        {
            Native.rocksdb_close(native);
        }
    }
}

/// <summary>One family of an open database.</summary>
internal sealed class ColumnFamilyHandle(RocksDb db, nint handle) : RocksChild(db, handle)
{
    protected override void DestroyChild(nint native) => Native.rocksdb_column_family_handle_destroy(native);
}

/// <summary>The database at one moment.</summary>
internal sealed class Snapshot(RocksDb db) : RocksChild(db, Native.rocksdb_create_snapshot(db))
{
    protected override void DestroyChild(nint native) => Native.rocksdb_release_snapshot(Db, native);
}

/// <summary>Makes copies of an open database.</summary>
internal sealed class Checkpoint(RocksDb db, string path) : RocksChild(db, Create(db, path))
{
    /// <summary>Writes a copy to a directory that does not exist.</summary>
    public void Save(string directory)
    {
        // 0: memory tables are written out first, so that the copy needs no log.
        Native.rocksdb_checkpoint_create(this, directory, 0, out nint error);
        RocksError.ThrowIfSet(error, directory, StorageScope.Request);
    }

    protected override void DestroyChild(nint native) => Native.rocksdb_checkpoint_object_destroy(native);

    private static nint Create(RocksDb db, string path)
    {
        nint native = Native.rocksdb_checkpoint_object_create(db, out nint error);
        RocksError.ThrowIfSet(error, path, StorageScope.Request);
        return native;
    }
}
