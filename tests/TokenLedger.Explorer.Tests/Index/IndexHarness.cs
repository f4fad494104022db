// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Embedded;
using TokenLedger.Storage;
using TokenLedger.Storage.RocksDb;

namespace TokenLedger.Explorer.Tests.Index;

/// <summary>A place where an index is kept: the one thing in which the stores differ.</summary>
internal interface IIndexHarness : IDisposable
{
    /// <summary>Opens the same index each time.</summary>
    IIndexStore Open(Hash256 genesisHash);
}

internal sealed class MemoryHarness : IIndexHarness
{
    public MemoryDisk Disk { get; } = new();

    public IIndexStore Open(Hash256 genesisHash) =>
        EmbeddedIndexStore.Open(new MemoryStore(Disk, IndexFormat.Families), genesisHash);

    public void Dispose()
    {
    }
}

internal sealed class RocksHarness : IIndexHarness
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenledger-explorer-").FullName;

    public IIndexStore Open(Hash256 genesisHash) => EmbeddedIndexStore.Open(
        RocksKeyValueStore.Open(
            Path.Combine(_folder, "index"), IndexFormat.Families, RocksOptions.Ledger),
        genesisHash);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

/// <summary>The live generation of a data folder.</summary>
internal sealed class FolderHarness : IIndexHarness
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("tokenledger-explorer-").FullName;

    public IIndexStore Open(Hash256 genesisHash) => EmbeddedGenerations.Open(Folder, genesisHash);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
