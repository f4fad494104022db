// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Storage.RocksDb;

namespace TokenLedger.Storage.Tests;

/// <summary>
/// A place where a store keeps its data, and how to open it: the one thing in which the stores differ.
/// </summary>
public abstract class StoreHarness : IDisposable
{
    /// <summary>Opens the same data each time.</summary>
    public abstract IKeyValueStore Open(ImmutableArray<Family> families);

    /// <summary>A path for a checkpoint.</summary>
    public abstract string CheckpointPath { get; }

    /// <summary>Opens the copy at <see cref="CheckpointPath"/>.</summary>
    public abstract IKeyValueStore OpenCheckpoint(ImmutableArray<Family> families);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}

public sealed class MemoryHarness : StoreHarness
{
    public MemoryDisk Disk { get; } = new();

    public override string CheckpointPath => "copy";

    public override IKeyValueStore Open(ImmutableArray<Family> families) => new MemoryStore(Disk, families);

    public override IKeyValueStore OpenCheckpoint(ImmutableArray<Family> families) =>
        new MemoryStore(Disk.FindCheckpoint(CheckpointPath)!, families);
}

public sealed class RocksHarness : StoreHarness
{
    private readonly TemporaryDirectory _directory = new();

    public string DatabasePath => Path.Combine(_directory.Path, "db");

    public override string CheckpointPath => Path.Combine(_directory.Path, "copy");

    public override IKeyValueStore Open(ImmutableArray<Family> families) =>
        RocksKeyValueStore.Open(DatabasePath, families, RocksOptions.Ledger);

    public override IKeyValueStore OpenCheckpoint(ImmutableArray<Family> families) =>
        RocksKeyValueStore.Open(CheckpointPath, families, RocksOptions.Ledger);

    protected override void Dispose(bool disposing)
    {
        _directory.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A directory that is gone afterwards.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tokenledger-storage-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
