// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Storage;

namespace TokenLedger.Node.Tests;

public sealed class LedgerFoldersTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("tokenledger-folders-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public void Adopt_IncomingLedger_TakesThePlaceOfTheOld()
    {
        using var folders = new LedgerFolders(_data);
        Write("ledger", "old");
        Write("ledger.incoming", "new");
        folders.Adopt();
        RequireOnly("new");
    }

    [Fact]
    public void Adopt_NoLedgerYet_IncomingIsTheLedger()
    {
        using var folders = new LedgerFolders(_data);
        Write("ledger.incoming", "new");
        folders.Adopt();
        RequireOnly("new");
    }

    [Fact]
    public void Open_KilledAfterTheFirstMove_IncomingIsTheLedger()
    {
        Write("ledger.replaced", "old");
        Write("ledger.incoming", "new");
        using var folders = new LedgerFolders(_data);
        RequireOnly("new");
    }

    [Fact]
    public void Open_KilledAfterTheSecondMove_TheOldIsDeleted()
    {
        Write("ledger.replaced", "old");
        Write("ledger", "new");
        using var folders = new LedgerFolders(_data);
        RequireOnly("new");
    }

    [Fact]
    public void Open_KilledBeforeTheMoves_TheOldLedgerStays()
    {
        Write("ledger", "old");
        Write("ledger.incoming", "a part");
        using var folders = new LedgerFolders(_data);
        Assert.Equal("old", Read("ledger"));
    }

    [Fact]
    public void SetAside_MoreThanOnce_KeepsTheLastOne()
    {
        using var folders = new LedgerFolders(_data);
        Write("ledger", "first");
        folders.SetAside();
        Write("ledger", "second");
        Assert.Equal(Path.Combine(_data, "ledger.damaged"), folders.SetAside());
        RequireOnly("second", "ledger.damaged");
    }

    [Fact]
    public void Open_WhileAnotherHasThem_IsLockedAndMovesNothing()
    {
        using (var first = new LedgerFolders(_data))
        {
            Write("ledger.replaced", "old");
            Write("ledger.incoming", "new");
            StorageFault fault = Assert.Throws<StorageFault>(() => new LedgerFolders(_data));
            Assert.Equal(StorageFaultKind.Locked, fault.Kind);
            Assert.Equal("old", Read("ledger.replaced"));
        }

        using var second = new LedgerFolders(_data);
        RequireOnly("new");
    }

    private void Write(string folder, string content)
    {
        Directory.CreateDirectory(Path.Combine(_data, folder));
        File.WriteAllText(Path.Combine(_data, folder, "CURRENT"), content);
    }

    private string Read(string folder) => File.ReadAllText(Path.Combine(_data, folder, "CURRENT"));

    private void RequireOnly(string content, string folder = "ledger")
    {
        Assert.Equal(content, Read(folder));
        Assert.Equal([folder], Directory.GetDirectories(_data).Select(Path.GetFileName));
    }
}
