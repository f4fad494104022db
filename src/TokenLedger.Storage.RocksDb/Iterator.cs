// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Storage.RocksDb;

/// <summary>Walks a family in key order, within its options' bounds.</summary>
internal sealed unsafe class Iterator : RocksChild
{
    private readonly bool _reverse;

    public Iterator(RocksDb db, ReadOptions options, ColumnFamilyHandle family, bool reverse)
        : base(db, Native.rocksdb_create_iterator_cf(db, options, family))
    {
        _reverse = reverse;
        if (reverse)
        {
            Native.rocksdb_iter_seek_to_last(this);
        }
        else
        {
            Native.rocksdb_iter_seek_to_first(this);
        }
    }

    public bool Valid => Native.rocksdb_iter_valid(this) != 0;

    /// <summary>
    /// A copy of the entry it stands on. Unsafe: the library's bytes live until the next move.
    /// </summary>
    public KeyValue Current
    {
        get
        {
            byte* key = Native.rocksdb_iter_key(this, out nuint keyLength);
            byte* value = Native.rocksdb_iter_value(this, out nuint valueLength);
            return new KeyValue(
                new ReadOnlySpan<byte>(key, (int)keyLength).ToArray(),
                new ReadOnlySpan<byte>(value, (int)valueLength).ToArray());
        }
    }

    public void Move()
    {
        if (_reverse)
        {
            Native.rocksdb_iter_prev(this);
        }
        else
        {
            Native.rocksdb_iter_next(this);
        }
    }

    /// <summary>Throws when it ended because of an error and not because of the end.</summary>
    public void ThrowIfFailed(string path, Action<StorageFault> seen)
    {
        Native.rocksdb_iter_get_error(this, out nint error);
        RocksError.ThrowIfSet(error, path, seen: seen);
    }

    protected override void DestroyChild(nint native) => Native.rocksdb_iter_destroy(native);
}
