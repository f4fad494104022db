// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Storage.CrashHost;

namespace TokenLedger.Storage.Tests;

/// <summary>Loss of power and failing writes, as the memory disk plays them.</summary>
public sealed class MemoryDiskTests
{
    private static readonly Family A = new(0, "a");

    private readonly MemoryDisk _disk = new();

    [Fact]
    public void Crash_LosesUnsyncedWritesOnly()
    {
        using MemoryStore store = Open();
        Put(store, 1, sync: false);
        Put(store, 2, sync: true);
        Put(store, 3, sync: false);
        Assert.Equal(1, _disk.UnsyncedWrites);
        _disk.Crash();
        Assert.Equal([1, 2], Reopened());
    }

    [Fact]
    public void Crash_KeepsAPrefixOfUnsyncedWrites()
    {
        using MemoryStore store = Open();
        for (byte i = 1; i <= 4; i++)
        {
            Put(store, i, sync: false);
        }

        _disk.Crash(kept: 2);
        Assert.Equal([1, 2], Reopened());
        Assert.Throws<InvariantException>(() => _disk.Crash(kept: 1));
    }

    [Fact]
    public void Crash_KillsTheOpenStore()
    {
        using MemoryStore store = Open();
        _disk.Crash();
        Assert.Throws<StorageFault>(() => store.TryGet(A, [1], out _));
        Assert.Throws<StorageFault>(() => Put(store, 1, sync: true));
        Assert.Empty(Reopened());
    }

    [Fact]
    public void Sync_MakesEarlierWritesDurable()
    {
        using MemoryStore store = Open();
        Put(store, 1, sync: false);
        store.Sync();
        Put(store, 2, sync: false);
        _disk.Crash();
        Assert.Equal([1], Reopened());
    }

    [Fact]
    public void Write_ManyUnsynced_AreBounded()
    {
        using MemoryStore store = Open();
        for (int i = 0; i < MemoryDisk.MaxUnsynced + 10; i++)
        {
            Put(store, 1, sync: false);
        }

        Assert.Equal(MemoryDisk.MaxUnsynced, _disk.UnsyncedWrites);
    }

    [Theory]
    [InlineData(StorageFaultKind.Full)]
    [InlineData(StorageFaultKind.IO)]
    public void Write_ThatFails_IsFatalToTheInstance(StorageFaultKind kind)
    {
        using (MemoryStore store = Open())
        {
            Put(store, 1, sync: true);
            _disk.FailNextWrite(kind);
            Assert.Equal(kind, Assert.Throws<StorageFault>(() => Put(store, 2, sync: true)).Kind);
            Assert.Equal(kind, Assert.Throws<StorageFault>(() => Put(store, 3, sync: true)).Kind);
            Assert.Equal(kind, Assert.Throws<StorageFault>(() => store.TryGet(A, [1], out _)).Kind);
            Assert.Equal(kind, Assert.Throws<StorageFault>(() => store.Scan(A, [], [], 1)).Kind);
            Assert.Equal(kind, Assert.Throws<StorageFault>(() => store.Snapshot()).Kind);
            Assert.Equal(kind, Assert.Throws<StorageFault>(() => store.Checkpoint("copy")).Kind);
        }

        Assert.Equal([1], Reopened());
    }

    [Fact]
    public void Append_WhoseSyncFails_GivesNoLeaveToSign()
    {
        var chain = new SampleChain(1, 1, 2);
        BlockHeader header = chain.Next().Block.Header;
        var subject = new VoteSubject(VoteKind.Notarize, header.Epoch, header.View, header.Hash);
        using var log = ConsensusLog.Open(new MemoryStore(_disk, ConsensusLog.Families), chain.GenesisHash);
        _disk.FailNextWrite(StorageFaultKind.IO);
        Assert.Throws<StorageFault>(() => log.Append([new OwnVoteRecord(subject)]));
        Assert.Throws<StorageFault>(() => log.Append([new OwnVoteRecord(subject)]));
    }

    [Fact]
    public void Candidate_BeforeAnAppend_SurvivesACrashWithIt()
    {
        var chain = new SampleChain(1, 1, 2);
        Block[] blocks = [chain.Next().Block, chain.Next().Block];
        var log = ConsensusLog.Open(new MemoryStore(_disk, ConsensusLog.Families), chain.GenesisHash);
        log.PutCandidate(blocks[0].Hash, blocks[0].Encode());
        log.Append([new CertificationRecord(blocks[0].Header.View, blocks[0].Hash, Valid: true)]);
        log.PutCandidate(blocks[1].Hash, blocks[1].Encode());
        _disk.Crash();
        log.Dispose();

        using var again = ConsensusLog.Open(new MemoryStore(_disk, ConsensusLog.Families), chain.GenesisHash);
        Assert.True(again.TryGetCandidate(blocks[0].Hash, out _));
        Assert.False(again.TryGetCandidate(blocks[1].Hash, out _));
        Assert.Single(again.Replay());
    }

    [Fact]
    public void SetFloor_ThenACrash_IsStillThere()
    {
        var chain = new SampleChain(1, 1, 2);
        Certificate floor = SampleChain.Finalize(chain.Next().Block.Header);
        var log = ConsensusLog.Open(new MemoryStore(_disk, ConsensusLog.Families), chain.GenesisHash);
        log.SetFloor(floor);
        _disk.Crash();
        log.Dispose();
        using var again = ConsensusLog.Open(new MemoryStore(_disk, ConsensusLog.Families), chain.GenesisHash);
        Assert.Equal(floor, again.Floor);
    }

    [Fact]
    public void Commit_CrashAfterAnyBlock_KeepsAllOfThem()
    {
        var chain = new SampleChain(seed: 3, transfersPerBlock: 5, accounts: 6);
        for (ulong height = 1; height <= 12; height++)
        {
            LedgerStore ledger = OpenLedger(chain);
            ledger.Commit(chain.Next());
            _disk.Crash();
            ledger.Dispose();
            using LedgerStore again = OpenLedger(chain);
            LedgerChecks.HoldsChain(again, new SampleChain(3, 5, 6), new Height(height));
        }
    }

    [Fact]
    public void Commit_ThatFails_LeavesNothingOfTheBlock()
    {
        var chain = new SampleChain(seed: 3, transfersPerBlock: 5, accounts: 6);
        CommittedBlock next;
        using (LedgerStore ledger = OpenLedger(chain))
        {
            _disk.FailNextWrite(StorageFaultKind.Full);
            next = chain.Next();
            Assert.Throws<StorageFault>(() => ledger.Commit(next));
            Assert.Equal(new Height(0), ledger.Head.Height);
        }

        using LedgerStore again = OpenLedger(chain);
        LedgerChecks.HoldsChain(again, new SampleChain(3, 5, 6), new Height(0));
        again.Commit(next);
    }

    [Fact]
    public void Open_GenesisWriteFails_ClosesTheStoreAndCanBeRepeated()
    {
        var chain = new SampleChain(seed: 3, transfersPerBlock: 5, accounts: 6);
        _disk.FailNextWrite(StorageFaultKind.IO);
        Assert.Throws<StorageFault>(() => OpenLedger(chain));
        using LedgerStore ledger = OpenLedger(chain);
        Assert.Equal(new Height(0), ledger.Head.Height);
    }

    private static void Put(MemoryStore store, byte key, bool sync)
    {
        using IWriteBatch batch = store.CreateBatch();
        batch.Put(A, [key], [key]);
        store.Write(batch, sync);
    }

    private MemoryStore Open() => new(_disk, [A]);

    private byte[] Reopened()
    {
        using MemoryStore store = Open();
        return [.. store.Scan(A, [], [], 100).Select(entry => entry.Key[0])];
    }

    private LedgerStore OpenLedger(SampleChain chain) =>
        LedgerStore.Open(new MemoryStore(_disk, LedgerFormat.Families), chain.Genesis);
}
