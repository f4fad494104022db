// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Storage.RocksDb;

/// <summary>Changes that apply together.</summary>
internal sealed class WriteBatch(RocksFamilies families)
    : RocksHandle(Native.rocksdb_writebatch_create()), IWriteBatch
{
    public int Count => Native.rocksdb_writebatch_count(this);

    public void Put(Family family, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        Native.rocksdb_writebatch_put_cf(
            this, families[family], key, (nuint)key.Length, value, (nuint)value.Length);

    public void Delete(Family family, ReadOnlySpan<byte> key) =>
        Native.rocksdb_writebatch_delete_cf(this, families[family], key, (nuint)key.Length);

    public void DeleteRange(Family family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        if (from.SequenceCompareTo(to) < 0)
        {
            Native.rocksdb_writebatch_delete_range_cf(
                this, families[family], from, (nuint)from.Length, to, (nuint)to.Length);
        }
    }

    public void Clear() => Native.rocksdb_writebatch_clear(this);

    protected override void Destroy(nint native) => Native.rocksdb_writebatch_destroy(native);
}

/// <summary>The open families of a database, by the seam's names for them.</summary>
internal sealed class RocksFamilies(IReadOnlyList<Family> names, ColumnFamilyHandle[] handles) : IDisposable
{
    public ColumnFamilyHandle this[Family family]
    {
        get
        {
            Invariant.Require(
                (uint)family.Index < (uint)names.Count && names[family.Index] == family,
                "a family is one that the database was opened with");
            return handles[family.Index];
        }
    }

    /// <summary>Every family's handle, the library's own "default" too.</summary>
    public IReadOnlyList<ColumnFamilyHandle> All => handles;

    public void Dispose()
    {
        foreach (ColumnFamilyHandle handle in handles)
        {
            handle.Dispose();
        }
    }
}
