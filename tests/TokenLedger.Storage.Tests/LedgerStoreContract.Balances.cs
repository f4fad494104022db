// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Storage.CrashHost;

namespace TokenLedger.Storage.Tests;

/// <content>The index of balances, and how a ledger of the version before gets it.</content>
public abstract partial class LedgerStoreContract
{
    private static Family Balances { get; } =
        LedgerFormat.Families.Single(static family => family.Name == "balances");

    /// <summary>More blocks than one batch takes.</summary>
    [Fact]
    public void Open_VersionWithoutBalances_MakesThemFromTheEvents()
    {
        Grow(150);
        MakeOld();
        _ledger = Open(_chain.Genesis);
        LedgerChecks.HoldsChain(_ledger, new SampleChain(1, 12, 10), new Height(150));
        Grow(1);
        Reopen();
        LedgerChecks.HoldsChain(_ledger, new SampleChain(1, 12, 10), new Height(151));
    }

    [Fact]
    public void Open_VersionWithoutBalancesOfAnotherNetwork_IsAGenesisFaultAndChangesNothing()
    {
        Grow(2);
        MakeOld();
        StorageFault fault = Assert.Throws<StorageFault>(
            () => Open(new SampleChain(seed: 2, 12, 10).Genesis));
        Assert.Equal(StorageFaultKind.Genesis, fault.Kind);
        using IKeyValueStore store = _harness.Open(LedgerFormat.Families);
        Assert.Empty(store.Scan(Balances, [], [], 1));
        Assert.True(store.TryGet(LedgerFormat.Families[^1], [1], out byte[]? version));
        Assert.Equal([0, 0, 0, 1], version);
    }

    [Fact]
    public void Open_VersionWithoutBalancesAndDamagedEvents_IsACorruptFaultAndStaysOld()
    {
        Grow(2);
        Family events = LedgerFormat.Families.Single(family => family.Name == "events");
        Overwrite(events, [0, 0, 0, 0, 0, 0, 0, 1], [1, 2, 3]);
        _ledger = Open(_chain.Genesis);
        MakeOld();
        for (int i = 0; i < 2; i++)
        {
            StorageFault fault = Assert.Throws<StorageFault>(() => Open(_chain.Genesis));
            Assert.Equal(StorageFaultKind.Corrupt, fault.Kind);
        }
    }

    [Fact]
    public void NextChangedAsset_AccountByAccount_EndsWithItsOwn()
    {
        Grow(15);
        AssetId asset = AssetId.Parse("PKR-SUKUK");
        foreach (Address account in _chain.Accounts)
        {
            Assert.Equal(asset, _ledger.NextChangedAsset(account, null));
            Assert.Equal(asset, _ledger.NextChangedAsset(account, AssetId.Parse("PKR")));
            Assert.Null(_ledger.NextChangedAsset(account, asset));
            Assert.Null(_ledger.FindBalanceChange(account, AssetId.Parse("PKR"), new Height(15)));
            Assert.Null(_ledger.FindBalanceChangeAfter(account, AssetId.Parse("PKR"), new Height(0)));
        }

        Assert.Null(_ledger.NextChangedAsset(Address.Zero, null));
    }

    /// <summary>Closes the ledger and leaves it as the version before this one wrote it.</summary>
    private void MakeOld()
    {
        _ledger.Dispose();
        using IKeyValueStore store = _harness.Open(LedgerFormat.Families);
        using IWriteBatch batch = store.CreateBatch();
        batch.DeleteRange(Balances, [], [.. Enumerable.Repeat((byte)0xFF, 64)]);
        batch.Put(LedgerFormat.Families[^1], [1], [0, 0, 0, 1]);
        store.Write(batch, sync: true);
    }
}
