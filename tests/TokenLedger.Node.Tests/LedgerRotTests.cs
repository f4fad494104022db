// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Node.Operations;
using TokenLedger.Storage;
using TokenLedger.Storage.RocksDb;

namespace TokenLedger.Node.Tests;

/// <summary>Which ledger is set aside at a start, and which one stays.</summary>
public sealed class LedgerRotTests : IDisposable
{
    private static readonly StorageFault Corrupt = new(
        StorageFaultKind.Corrupt, StorageScope.Process, "a table is damaged");

    private static readonly Family Blocks = LedgerFormat.Families.Single(
        static family => family.Name == "blocks");

    private readonly string _data = Directory.CreateTempSubdirectory("tokenledger-rot-").FullName;
    private readonly LedgerFolders _folders;

    public LedgerRotTests()
    {
        _folders = new LedgerFolders(_data);
        using RocksKeyValueStore store = Open();
        using IWriteBatch batch = store.CreateBatch();
        for (byte key = 0; key < 200; key++)
        {
            batch.Put(Blocks, [key], new byte[100]);
        }

        store.Write(batch, sync: true);
    }

    public void Dispose()
    {
        _folders.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void SetAside_RottenLedger_GoesIfOthersHaveIt(bool hasPeers, bool goes)
    {
        Rot();
        var rot = new LedgerRot(_folders, hasPeers, NullLogger.Instance);
        rot.Note(Corrupt);
        rot.SetAside();
        Assert.Equal(goes, Directory.Exists(Path.Combine(_data, "ledger.damaged")));
        Assert.Equal(!goes, Directory.Exists(_folders.Ledger));
        Assert.False(File.Exists(_folders.Suspicion));
    }

    [Fact]
    public void SetAside_WholeLedgerThatWasSuspected_Stays()
    {
        var rot = new LedgerRot(_folders, true, NullLogger.Instance);
        rot.Note(Corrupt);
        rot.SetAside();
        Assert.False(File.Exists(_folders.Suspicion));
        using RocksKeyValueStore store = Open();
        Assert.Equal(200, store.Scan(Blocks, [], [], 1_000).Count);
    }

    [Fact]
    public void SetAside_RottenLedgerThatNobodyNoted_Stays()
    {
        Rot();
        var rot = new LedgerRot(_folders, true, NullLogger.Instance);
        rot.Note(new StorageFault(StorageFaultKind.Full, StorageScope.Process, "no room"));
        rot.SetAside();
        Assert.True(Directory.Exists(_folders.Ledger));
    }

    private RocksKeyValueStore Open() =>
        RocksKeyValueStore.Open(_folders.Ledger, LedgerFormat.Families, RocksOptions.Ledger);

    /// <summary>Closes and opens, so that the rows stand in a table, and turns a bit of it.</summary>
    private void Rot()
    {
        Open().Dispose();
        string table = new DirectoryInfo(_folders.Ledger).GetFiles("*.sst")
            .MaxBy(static file => file.Length)!.FullName;
        byte[] bytes = File.ReadAllBytes(table);
        bytes[bytes.Length / 3] ^= 0x40;
        File.WriteAllBytes(table, bytes);
    }
}
