// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Storage.RocksDb;

/// <summary>
/// How one family's memory and files are kept. Needs <see cref="RocksLibrary.Require"/> first.
/// </summary>
internal class ColumnFamilyOptions : RocksHandle
{
    private const int Lz4 = 4;

    public ColumnFamilyOptions(RocksOptions options, BlockBasedTableOptions table)
        : base(Native.rocksdb_options_create())
    {
        Native.rocksdb_options_set_write_buffer_size(this, (nuint)options.MemtableBytes);
        Native.rocksdb_options_set_compression(this, Lz4);
        Native.rocksdb_options_set_level_compaction_dynamic_level_bytes(this, 1);
        Native.rocksdb_options_set_block_based_table_factory(this, table);
    }

    protected override void Destroy(nint native) => Native.rocksdb_options_destroy(native);
}

/// <summary>How a whole database is opened.</summary>
internal sealed class DbOptions : ColumnFamilyOptions
{
    // Modes are: 0 tolerate a corrupted tail, 1 absolute, 2 point in time, 3 skip.
    // A crash in the middle of an unsynced write leaves half a record at the log's end; no promise was made
    // for it, and absolute consistency would refuse to open after every such crash. Point in time, the
    // library's default, stops silently at the first bad record wherever it is, and so drops synced records
    // behind it: a validator would forget its votes without a word. Tolerating the tail drops only an
    // incomplete last record; a bad record with others behind it is reported as corruption.
    private const int TolerateCorruptedTail = 0;

    private const int WarningsAndErrors = 2;

    public DbOptions(RocksOptions options, BlockBasedTableOptions table)
        : base(options, table)
    {
        Native.rocksdb_options_set_create_if_missing(this, 1);
        Native.rocksdb_options_set_create_missing_column_families(this, 1);
        Native.rocksdb_options_set_paranoid_checks(this, 1);
        Native.rocksdb_options_set_wal_recovery_mode(this, TolerateCorruptedTail);
        Native.rocksdb_options_set_max_total_wal_size(this, (ulong)options.MaxWalBytes);
        Native.rocksdb_options_set_db_write_buffer_size(this, (nuint)options.AllMemtablesBytes);
        Native.rocksdb_options_set_max_open_files(this, options.MaxOpenFiles);
        Native.rocksdb_options_set_max_background_jobs(this, 2);
        Native.rocksdb_options_set_info_log_level(this, WarningsAndErrors);
        Native.rocksdb_options_set_max_log_file_size(this, (nuint)options.InfoLogBytes);
        Native.rocksdb_options_set_keep_log_file_num(this, 3);
        Native.rocksdb_options_set_stats_dump_period_sec(this, 0);
        Native.rocksdb_options_set_stats_persist_period_sec(this, 0);
    }
}

/// <summary>How table files are laid out and cached.</summary>
internal sealed class BlockBasedTableOptions : RocksHandle
{
    public BlockBasedTableOptions(RocksOptions options)
        : base(Native.rocksdb_block_based_options_create())
    {
        Native.rocksdb_block_based_options_set_block_size(this, (nuint)options.BlockBytes);
        Native.rocksdb_block_based_options_set_format_version(this, 5);

        // Inside a small cache, filters would push each other out and every get would read a whole one (70
        // times slower where measured). Outside they cost 10 bits a key.
        Native.rocksdb_block_based_options_set_cache_index_and_filter_blocks(this, 0);

        // The table options own the policy from here on, and share the cache, whose own reference is dropped.
        nint bloom = Native.rocksdb_filterpolicy_create_bloom_full(bitsPerKey: 10);
        Native.rocksdb_block_based_options_set_filter_policy(this, bloom);
        nint cache = Native.rocksdb_cache_create_lru((nuint)options.BlockCacheBytes);
        Native.rocksdb_block_based_options_set_block_cache(this, cache);
        Native.rocksdb_cache_destroy(cache);
    }

    protected override void Destroy(nint native) => Native.rocksdb_block_based_options_destroy(native);
}
