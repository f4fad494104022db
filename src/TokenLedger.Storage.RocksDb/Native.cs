// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace TokenLedger.Storage.RocksDb;

/// <summary>
/// The part of RocksDB's C API (rocksdb/c.h) that this project needs, under its own names. A size is size_t,
/// a flag is unsigned char, an error is a char* that is freed with <see cref="rocksdb_free"/>.
/// </summary>
/// <remarks>
/// Passing a SafeHandle keeps it alive during the call. Calls without a GC transition only touch memory of
/// their arguments and return within a microsecond.
/// </remarks>
internal static unsafe partial class Native
{
    private const string Library = RocksLibrary.Name;

    [LibraryImport(Library)]
    public static partial void rocksdb_free(nint memory);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint rocksdb_open_column_families(
        DbOptions options, string path, int count, byte** names, nint* familyOptions, nint* families,
        out nint error);

    [LibraryImport(Library)]
    public static partial void rocksdb_close(nint db);

    [LibraryImport(Library)]
    public static partial void rocksdb_column_family_handle_destroy(nint family);

    [LibraryImport(Library)]
    public static partial void rocksdb_write(
        RocksDb db, WriteOptions options, WriteBatch batch, out nint error);

    [LibraryImport(Library)]
    public static partial void rocksdb_flush_wal(RocksDb db, byte sync, out nint error);

    [LibraryImport(Library)]
    public static partial int rocksdb_property_int_cf(
        RocksDb db, ColumnFamilyHandle family, ReadOnlySpan<byte> zeroEndedName, out ulong value);

    [LibraryImport(Library)]
    public static partial nint rocksdb_get_pinned_cf(
        RocksDb db, ReadOptions options, ColumnFamilyHandle family, ReadOnlySpan<byte> key, nuint length,
        out nint error);

    [LibraryImport(Library)]
    public static partial void rocksdb_batched_multi_get_cf(
        RocksDb db, ReadOptions options, ColumnFamilyHandle family, nuint count, byte** keys, nuint* lengths,
        nint* values, nint* errors, byte sorted);

    [SuppressGCTransition]
    [LibraryImport(Library)]
    public static partial byte* rocksdb_pinnableslice_value(nint slice, out nuint length);

    [LibraryImport(Library)]
    public static partial void rocksdb_pinnableslice_destroy(nint slice);

    [LibraryImport(Library)]
    public static partial nint rocksdb_options_create();

    [LibraryImport(Library)]
    public static partial void rocksdb_options_destroy(nint options);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_create_if_missing(ColumnFamilyOptions options, byte on);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_create_missing_column_families(
        ColumnFamilyOptions options, byte on);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_paranoid_checks(ColumnFamilyOptions options, byte on);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_wal_recovery_mode(ColumnFamilyOptions options, int mode);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_max_total_wal_size(
        ColumnFamilyOptions options, ulong bytes);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_db_write_buffer_size(
        ColumnFamilyOptions options, nuint bytes);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_max_open_files(ColumnFamilyOptions options, int files);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_max_background_jobs(ColumnFamilyOptions options, int jobs);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_info_log_level(ColumnFamilyOptions options, int level);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_max_log_file_size(
        ColumnFamilyOptions options, nuint bytes);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_keep_log_file_num(
        ColumnFamilyOptions options, nuint files);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_stats_dump_period_sec(
        ColumnFamilyOptions options, uint seconds);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_stats_persist_period_sec(
        ColumnFamilyOptions options, uint seconds);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_write_buffer_size(
        ColumnFamilyOptions options, nuint bytes);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_compression(ColumnFamilyOptions options, int kind);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_level_compaction_dynamic_level_bytes(
        ColumnFamilyOptions options, byte on);

    [LibraryImport(Library)]
    public static partial void rocksdb_options_set_block_based_table_factory(
        ColumnFamilyOptions options, BlockBasedTableOptions table);

    [LibraryImport(Library)]
    public static partial nint rocksdb_block_based_options_create();

    [LibraryImport(Library)]
    public static partial void rocksdb_block_based_options_destroy(nint options);

    [LibraryImport(Library)]
    public static partial void rocksdb_block_based_options_set_block_size(
        BlockBasedTableOptions options, nuint bytes);

    [LibraryImport(Library)]
    public static partial void rocksdb_block_based_options_set_format_version(
        BlockBasedTableOptions options, int version);

    [LibraryImport(Library)]
    public static partial void rocksdb_block_based_options_set_cache_index_and_filter_blocks(
        BlockBasedTableOptions options, byte on);

    [LibraryImport(Library)]
    public static partial void rocksdb_block_based_options_set_block_cache(
        BlockBasedTableOptions options, nint cache);

    [LibraryImport(Library)]
    public static partial void rocksdb_block_based_options_set_filter_policy(
        BlockBasedTableOptions options, nint ownedPolicy);

    [LibraryImport(Library)]
    public static partial nint rocksdb_filterpolicy_create_bloom_full(double bitsPerKey);

    [LibraryImport(Library)]
    public static partial nint rocksdb_cache_create_lru(nuint bytes);

    [LibraryImport(Library)]
    public static partial void rocksdb_cache_destroy(nint cache);

    [LibraryImport(Library)]
    public static partial nint rocksdb_readoptions_create();

    [LibraryImport(Library)]
    public static partial void rocksdb_readoptions_destroy(nint options);

    [LibraryImport(Library)]
    public static partial void rocksdb_readoptions_set_snapshot(ReadOptions options, Snapshot snapshot);

    [LibraryImport(Library)]
    public static partial void rocksdb_readoptions_set_iterate_lower_bound(
        ReadOptions options, byte* key, nuint length);

    [LibraryImport(Library)]
    public static partial void rocksdb_readoptions_set_iterate_upper_bound(
        ReadOptions options, byte* key, nuint length);

    [LibraryImport(Library)]
    public static partial nint rocksdb_writeoptions_create();

    [LibraryImport(Library)]
    public static partial void rocksdb_writeoptions_destroy(nint options);

    [LibraryImport(Library)]
    public static partial void rocksdb_writeoptions_set_sync(WriteOptions options, byte on);

    [LibraryImport(Library)]
    public static partial nint rocksdb_writebatch_create();

    [LibraryImport(Library)]
    public static partial void rocksdb_writebatch_destroy(nint batch);

    [LibraryImport(Library)]
    public static partial void rocksdb_writebatch_clear(WriteBatch batch);

    [SuppressGCTransition]
    [LibraryImport(Library)]
    public static partial int rocksdb_writebatch_count(WriteBatch batch);

    [LibraryImport(Library)]
    public static partial void rocksdb_writebatch_put_cf(
        WriteBatch batch, ColumnFamilyHandle family, ReadOnlySpan<byte> key, nuint keyLength,
        ReadOnlySpan<byte> value, nuint valueLength);

    [LibraryImport(Library)]
    public static partial void rocksdb_writebatch_delete_cf(
        WriteBatch batch, ColumnFamilyHandle family, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Library)]
    public static partial void rocksdb_writebatch_delete_range_cf(
        WriteBatch batch, ColumnFamilyHandle family, ReadOnlySpan<byte> from, nuint fromLength,
        ReadOnlySpan<byte> to, nuint toLength);

    [LibraryImport(Library)]
    public static partial nint rocksdb_create_snapshot(RocksDb db);

    [LibraryImport(Library)]
    public static partial void rocksdb_release_snapshot(nint db, nint snapshot);

    [LibraryImport(Library)]
    public static partial nint rocksdb_create_iterator_cf(
        RocksDb db, ReadOptions options, ColumnFamilyHandle family);

    [LibraryImport(Library)]
    public static partial void rocksdb_iter_destroy(nint iterator);

    [LibraryImport(Library)]
    public static partial void rocksdb_iter_seek_to_first(Iterator iterator);

    [LibraryImport(Library)]
    public static partial void rocksdb_iter_seek_to_last(Iterator iterator);

    [LibraryImport(Library)]
    public static partial void rocksdb_iter_next(Iterator iterator);

    [LibraryImport(Library)]
    public static partial void rocksdb_iter_prev(Iterator iterator);

    [SuppressGCTransition]
    [LibraryImport(Library)]
    public static partial byte rocksdb_iter_valid(Iterator iterator);

    [SuppressGCTransition]
    [LibraryImport(Library)]
    public static partial byte* rocksdb_iter_key(Iterator iterator, out nuint length);

    [SuppressGCTransition]
    [LibraryImport(Library)]
    public static partial byte* rocksdb_iter_value(Iterator iterator, out nuint length);

    [LibraryImport(Library)]
    public static partial void rocksdb_iter_get_error(Iterator iterator, out nint error);

    [LibraryImport(Library)]
    public static partial nint rocksdb_checkpoint_object_create(RocksDb db, out nint error);

    [LibraryImport(Library)]
    public static partial void rocksdb_checkpoint_object_destroy(nint checkpoint);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void rocksdb_checkpoint_create(
        Checkpoint checkpoint, string path, ulong walBytesForFlush, out nint error);
}
