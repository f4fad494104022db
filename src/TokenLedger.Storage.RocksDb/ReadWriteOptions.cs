// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Storage.RocksDb;

/// <summary>How to read. Checksums are verified, the library's default.</summary>
internal sealed unsafe class ReadOptions : RocksHandle
{
    public ReadOptions(Snapshot? snapshot = null)
        : base(Native.rocksdb_readoptions_create())
    {
        if (snapshot is not null)
        {
            Native.rocksdb_readoptions_set_snapshot(this, snapshot);
        }
    }

    /// <summary>Bounds for iterators. Unsafe: the library keeps the pointers, so both keys must stay where
    /// they are until the last iterator made with these options is destroyed. Length 0 is no bound.</summary>
    public void SetBounds(byte* from, int fromLength, byte* to, int toLength)
    {
        if (fromLength > 0)
        {
            Native.rocksdb_readoptions_set_iterate_lower_bound(this, from, (nuint)fromLength);
        }

        if (toLength > 0)
        {
            Native.rocksdb_readoptions_set_iterate_upper_bound(this, to, (nuint)toLength);
        }
    }

    protected override void Destroy(nint native) => Native.rocksdb_readoptions_destroy(native);
}

/// <summary>How to write.</summary>
internal sealed class WriteOptions : RocksHandle
{
    public WriteOptions(bool sync)
        : base(Native.rocksdb_writeoptions_create()) =>
        Native.rocksdb_writeoptions_set_sync(this, sync ? (byte)1 : (byte)0);

    protected override void Destroy(nint native) => Native.rocksdb_writeoptions_destroy(native);
}
