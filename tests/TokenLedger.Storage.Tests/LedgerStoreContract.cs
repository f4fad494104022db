// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.State;
using TokenLedger.Storage.CrashHost;

namespace TokenLedger.Storage.Tests;

/// <summary>The ledger store on any store.</summary>
public abstract partial class LedgerStoreContract : IDisposable
{
    private readonly StoreHarness _harness;
    private readonly SampleChain _chain = new(seed: 1, transfersPerBlock: 12, accounts: 10);
    private LedgerStore _ledger;

    protected LedgerStoreContract(StoreHarness harness)
    {
        _harness = harness;
        _ledger = Open(_chain.Genesis);
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _harness.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Open_NewDatabase_HoldsGenesis()
    {
        Assert.Equal(_chain.Genesis.Block.Hash, _ledger.Head.Hash);
        Assert.Equal(new Height(0), _ledger.Head.Height);
        Assert.Equal(_chain.GenesisHash, _ledger.GenesisHash);
        Assert.Equal(1UL, _ledger.HistoryRange.Count);
        LedgerChecks.HoldsChain(_ledger, new SampleChain(1, 12, 10), new Height(0));
    }

    [Fact]
    public void Commit_ManyBlocks_EverythingIsFound()
    {
        Grow(20);
        LedgerChecks.HoldsChain(_ledger, new SampleChain(1, 12, 10), new Height(20));
    }

    [Fact]
    public void Open_AfterClose_GoesOn()
    {
        Grow(5);
        Reopen();
        Assert.Equal(_chain.Range.Root(), _ledger.HistoryRange.Root());
        Grow(5);
        LedgerChecks.HoldsChain(_ledger, new SampleChain(1, 12, 10), new Height(10));
    }

    [Fact]
    public void Commit_NotTheNextHeight_BreaksAnInvariant()
    {
        CommittedBlock first = _chain.Next();
        CommittedBlock second = _chain.Next();
        Assert.Throws<InvariantException>(() => _ledger.Commit(second));
        _ledger.Commit(first);
        Assert.Throws<InvariantException>(() => _ledger.Commit(first));
        _ledger.Commit(second);
        Assert.Equal(second.Block.Hash, _ledger.Head.Hash);
    }

    [Fact]
    public void Commit_HeaderThatDoesNotContinueTheChain_BreaksAnInvariant()
    {
        CommittedBlock good = _chain.Next();
        BlockHeader header = good.Block.Header;
        BlockHeader[] bad =
        [
            header with { ParentHash = _chain.GenesisHash },
            header with { GenesisHash = header.ParentHash },
            header with { View = new View(0) },
            header with { HistoryRoot = Hash256.Zero },
            header with { Height = new Height(2) },
        ];
        foreach (BlockHeader wrong in bad)
        {
            CommittedBlock block = good with { Block = new Block(wrong, good.Block.Transactions) };
            Assert.Throws<InvariantException>(() => _ledger.Commit(block));
        }

        Assert.Throws<InvariantException>(() => _ledger.Commit(good with { Receipts = good.Receipts[1..] }));
        Assert.Equal(new Height(0), _ledger.Head.Height);
        _ledger.Commit(good);
    }

    [Fact]
    public void Commit_CertificateOfAnotherBlock_BreaksAnInvariant()
    {
        CommittedBlock next = _chain.Next();
        Certificate wrong = SampleChain.Finalize(next.Block.Header with { Timestamp = new TimestampMs(1) });
        Assert.Throws<InvariantException>(() => _ledger.Commit(next with { Certificate = wrong }));
    }

    [Fact]
    public void FindCertificate_OfAHeightWithout_IsTheNearestAbove()
    {
        Grow(4);
        Assert.Equal(new Height(2), _ledger.FindCertificate(new Height(1))?.Height);
        Assert.Equal(new Height(2), _ledger.FindCertificate(new Height(2))?.Height);
        Assert.Equal(new Height(4), _ledger.FindCertificate(new Height(3))?.Height);
        Grow(1);
        Assert.Null(_ledger.FindCertificate(new Height(5)));
    }

    [Fact]
    public void AddCertificate_ForAnOlderHeight_IsKept()
    {
        Grow(6);
        Certificate certificate = SampleChain.Finalize(_ledger.FindHeader(new Height(3))!);
        _ledger.AddCertificate(certificate);
        _ledger.AddCertificate(certificate);
        Reopen();
        HeightCertificate? found = _ledger.FindCertificate(new Height(3));
        Assert.Equal(new Height(3), found?.Height);
        Assert.Equal(certificate, found?.Certificate);
    }

    [Fact]
    public void AddCertificate_OfAnUnknownBlockOrVote_BreaksAnInvariant()
    {
        Grow(1);
        BlockHeader header = _ledger.Head.Header;
        Certificate finalization = SampleChain.Finalize(header);
        Certificate[] wrong =
        [
            SampleChain.Finalize(header with { View = header.View.Next }),
            finalization with { Subject = finalization.Subject with { Kind = VoteKind.Notarize } },
            finalization with { Subject = finalization.Subject with { View = header.View.Next } },
        ];
        foreach (Certificate certificate in wrong)
        {
            Assert.Throws<InvariantException>(() => _ledger.AddCertificate(certificate));
        }
    }

    [Fact]
    public void Find_WhatIsNotThere_IsNull()
    {
        Grow(2);
        Assert.Null(_ledger.FindHeader(new Height(3)));
        Assert.Null(_ledger.FindBlock(new Height(3)));
        Assert.Null(_ledger.FindBlockBytes(new Height(3)));
        Assert.Null(_ledger.FindReceipts(new Height(3)));
        Assert.Null(_ledger.FindEvents(new Height(3)));
        Assert.Null(_ledger.FindHeight(Hash256.Zero));
        Assert.Null(_ledger.FindTransaction(Hash256.Zero));
        Assert.Empty(_ledger.Headers(new Height(3), 10));
        Assert.Empty(_ledger.History(Address.Zero, null, 10));
        Assert.False(_ledger.State.TryGet([9, 9], out _));
    }

    [Fact]
    public void Headers_FromAHeight_AreInOrder()
    {
        Grow(10);
        Assert.Equal([4, 5, 6], _ledger.Headers(new Height(4), 3).Select(header => header.Height.Value));
        Assert.Equal([9, 10], _ledger.Headers(new Height(9), 3).Select(header => header.Height.Value));
        Assert.Throws<InvariantException>(() => _ledger.Headers(new Height(0), 0));
        Assert.Throws<InvariantException>(() => _ledger.Headers(new Height(0), Limits.PageRows + 1));
    }

    [Fact]
    public void State_Range_IsAsTheViewSays()
    {
        Grow(3);
        byte[] from = [(byte)Table.Balance];
        byte[] to = [(byte)Table.Balance + 1];
        IReadOnlyList<StateEntry> balances = _ledger.State.Range(from, to, 1_000);
        Assert.Equal(10, balances.Count);
        Assert.Equal(balances.Take(4).Select(Hex), _ledger.State.Range(from, to, 4).Select(Hex));
        Assert.Empty(_ledger.State.Range(from, [], 10));
        Assert.Empty(_ledger.State.Range(to, from, 10));
        Assert.Empty(_ledger.State.Range(from, to, 0));
    }

    [Fact]
    public void History_Pages_GoBackToTheBeginning()
    {
        Grow(15);
        foreach (Address account in _chain.Accounts)
        {
            ImmutableArray<HistoryRow> all = _ledger.History(account, null, Limits.PageRows);
            Assert.True(all.Length > 7);
            var paged = new List<HistoryRow>();
            ImmutableArray<HistoryRow> page = _ledger.History(account, null, 3);
            while (page.Length > 0)
            {
                paged.AddRange(page);
                page = _ledger.History(account, page[^1], 3);
            }

            Assert.Equal(all, paged);

            // One row more than a page tells that another follows.
            Assert.Equal(all.AsEnumerable(), _ledger.History(account, null, Limits.PageRows + 1));
            Assert.Throws<InvariantException>(() => _ledger.History(account, null, Limits.PageRows + 2));
        }
    }

    [Fact]
    public void Snapshot_LaterCommits_AreNotSeen()
    {
        Grow(3);
        using LedgerSnapshot snapshot = _ledger.Snapshot();
        Grow(4);
        LedgerChecks.HoldsChain(snapshot, new SampleChain(1, 12, 10), new Height(3));
        Assert.Null(snapshot.FindBlock(new Height(4)));
        LedgerChecks.HoldsChain(_ledger, new SampleChain(1, 12, 10), new Height(7));
    }

    [Fact]
    public void Checkpoint_OpenedAsALedger_GoesOn()
    {
        Grow(3);
        _ledger.Checkpoint(_harness.CheckpointPath);
        CommittedBlock next = _chain.Next();
        _ledger.Commit(next);
        using LedgerStore copy = LedgerStore.Open(
            _harness.OpenCheckpoint(LedgerFormat.Families), _chain.Genesis);
        Assert.Equal(new Height(3), copy.Head.Height);
        copy.Commit(next);
        LedgerChecks.HoldsChain(copy, new SampleChain(1, 12, 10), new Height(4));
    }

    [Fact]
    public void Open_AnotherNetwork_IsAGenesisFaultAndChangesNothing()
    {
        Grow(2);
        _ledger.Dispose();
        CommittedBlock other = new SampleChain(seed: 2, 12, 10).Genesis;
        StorageFault fault = Assert.Throws<StorageFault>(() => Open(other));
        Assert.Equal(StorageFaultKind.Genesis, fault.Kind);
        Assert.Equal(StorageScope.Process, fault.Scope);
        _ledger = Open(_chain.Genesis);
        LedgerChecks.HoldsChain(_ledger, new SampleChain(1, 12, 10), new Height(2));
    }

    [Fact]
    public void Open_SameGenesisHashAndAnotherBlock_IsAGenesisFault()
    {
        _ledger.Dispose();
        CommittedBlock genesis = _chain.Genesis;
        BlockHeader changed = genesis.Block.Header with { StateRoot = Hash256.Zero };
        StorageFault fault = Assert.Throws<StorageFault>(
            () => Open(genesis with { Block = new Block(changed, []) }));
        Assert.Equal(StorageFaultKind.Genesis, fault.Kind);
        _ledger = Open(genesis);
    }

    [Fact]
    public void Open_UnknownSchemaVersion_IsAVersionFault()
    {
        Overwrite(LedgerFormat.Families[^1], [1], [0, 0, 0, 3]);
        StorageFault fault = Assert.Throws<StorageFault>(() => Open(_chain.Genesis));
        Assert.Equal(StorageFaultKind.Version, fault.Kind);
        Assert.Contains("version 3", fault.Message, StringComparison.Ordinal);
        Overwrite(LedgerFormat.Families[^1], [1], [0, 0, 0, 2]);
        _ledger = Open(_chain.Genesis);
    }

    [Fact]
    public void Find_BytesThatDoNotDecode_IsACorruptFault()
    {
        Grow(2);
        string[] damaged = ["headers", "blocks", "receipts"];
        foreach (Family family in LedgerFormat.Families.Where(family => damaged.Contains(family.Name)))
        {
            Overwrite(family, [0, 0, 0, 0, 0, 0, 0, 1], [1, 2, 3]);
        }

        _ledger = Open(_chain.Genesis);
        foreach (Action read in (Action[])[
            () => _ledger.FindHeader(new Height(1)),
            () => _ledger.FindBlock(new Height(1)),
            () => _ledger.FindReceipts(new Height(1)),
        ])
        {
            Assert.Equal(StorageFaultKind.Corrupt, Assert.Throws<StorageFault>(read).Kind);
        }
    }

    [Fact]
    public void FindBlockBytes_BlockOfAnotherHeight_IsACorruptFault()
    {
        Grow(2);
        Family blocks = LedgerFormat.Families.Single(family => family.Name == "blocks");
        Overwrite(blocks, [0, 0, 0, 0, 0, 0, 0, 1], _ledger.FindBlockBytes(new Height(2))!);
        _ledger = Open(_chain.Genesis);
        StorageFault fault = Assert.Throws<StorageFault>(() => _ledger.FindBlockBytes(new Height(1)));
        Assert.Equal(StorageFaultKind.Corrupt, fault.Kind);
        Assert.Equal(new Height(2), _ledger.FindBlock(new Height(2))!.Header.Height);
    }

    [Fact]
    public void Open_HeadThatIsNotTheHeader_IsACorruptFault()
    {
        Grow(2);
        Overwrite(LedgerFormat.Families[^1], [3], new byte[48]);
        Assert.Equal(StorageFaultKind.Corrupt, Assert.Throws<StorageFault>(() => Open(_chain.Genesis)).Kind);
    }

    private static string Hex(StateEntry entry) => Convert.ToHexString(entry.Key.Span);

    private LedgerStore Open(CommittedBlock genesis) =>
        LedgerStore.Open(_harness.Open(LedgerFormat.Families), genesis);

    private void Reopen()
    {
        _ledger.Dispose();
        _ledger = Open(_chain.Genesis);
    }

    private void Grow(int blocks)
    {
        for (int i = 0; i < blocks; i++)
        {
            _ledger.Commit(_chain.Next());
        }
    }

    /// <summary>Closes the ledger and changes one value under it.</summary>
    private void Overwrite(Family family, byte[] key, byte[] value)
    {
        _ledger.Dispose();
        using IKeyValueStore store = _harness.Open(LedgerFormat.Families);
        using IWriteBatch batch = store.CreateBatch();
        batch.Put(family, key, value);
        store.Write(batch, sync: true);
    }
}

public sealed class LedgerStoreOnMemoryTests() : LedgerStoreContract(new MemoryHarness());

public sealed class LedgerStoreOnRocksTests() : LedgerStoreContract(new RocksHarness());
