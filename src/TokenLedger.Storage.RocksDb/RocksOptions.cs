// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Storage.RocksDb;

/// <summary>
/// Memory and files of one database. The defaults keep a whole node under 400 MiB resident, so that four
/// validators run on one small machine.
/// </summary>
public sealed record RocksOptions
{
    /// <summary>For the ledger's database.</summary>
    public static RocksOptions Ledger { get; } = new();

    /// <summary>
    /// For the consensus database: it is written once, read at start, and pruned all the time.
    /// </summary>
    public static RocksOptions Consensus { get; } = new()
    {
        BlockCacheBytes = 4 * 1024 * 1024,
        MemtableBytes = 8 * 1024 * 1024,
        AllMemtablesBytes = 24 * 1024 * 1024,
        MaxWalBytes = 32 * 1024 * 1024,
    };

    /// <summary>
    /// Cache of uncompressed data blocks, bytes, 1 MiB and more. Indexes and filters are outside of it.
    /// </summary>
    public long BlockCacheBytes { get; init; } = 48 * 1024 * 1024;

    /// <summary>Size at which one family's memory table is written out, bytes.</summary>
    public long MemtableBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Memory tables of all families together, bytes; the largest is written out above it.</summary>
    public long AllMemtablesBytes { get; init; } = 48 * 1024 * 1024;

    /// <summary>Write-ahead log kept before families are written out to free it, bytes.</summary>
    public long MaxWalBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Uncompressed size of a data block, bytes.</summary>
    public int BlockBytes { get; init; } = 8 * 1024;

    /// <summary>Open table files. Each holds its index and filter in memory, some 0.5 MiB at most.</summary>
    public int MaxOpenFiles { get; init; } = 256;

    /// <summary>The library's own text log: bytes in a file, of which three are kept.</summary>
    public long InfoLogBytes { get; init; } = 1024 * 1024;
}
