// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Storage.CrashHost;

namespace TokenLedger.Storage.Tests;

/// <summary>The consensus log on any store.</summary>
public abstract class ConsensusLogContract : IDisposable
{
    private readonly StoreHarness _harness;
    private readonly SampleChain _chain = new(seed: 1, transfersPerBlock: 3, accounts: 4);
    private ConsensusLog _log;

    protected ConsensusLogContract(StoreHarness harness)
    {
        _harness = harness;
        _log = Open();
    }

    public void Dispose()
    {
        _log.Dispose();
        _harness.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Append_OwnVotes_GivesALeaveForEachInOrder()
    {
        BlockHeader header = _chain.Next().Block.Header;
        OwnVoteRecord notarize = Vote(VoteKind.Notarize, header);
        OwnVoteRecord finalize = Vote(VoteKind.Finalize, header);
        ImmutableArray<DurableVote> votes = _log.Append([
            notarize, new CertificateRecord(SampleChain.Finalize(header)), finalize,
            new CertificationRecord(header.View, header.Hash, Valid: false)]);
        Assert.Equal([notarize.Subject, finalize.Subject], votes.Select(vote => vote.Subject));
        Assert.Empty(_log.Append([new CertificateRecord(SampleChain.Finalize(header))]));
        Assert.Empty(_log.Append([]));
    }

    [Fact]
    public void DurableVote_HasNoPublicConstructor()
    {
        Assert.Empty(typeof(DurableVote).GetConstructors());
        Assert.True(typeof(DurableVote).IsSealed);
        Assert.False(typeof(DurableVote).IsValueType);
    }

    [Fact]
    public void Replay_AfterReopens_IsInTheOrderOfAppending()
    {
        var expected = new List<ConsensusRecord>();
        for (int i = 0; i < 30; i++)
        {
            BlockHeader header = _chain.Next().Block.Header;
            BlockHeader older = header with { View = header.View.Previous.Previous };
            ConsensusRecord[] records =
            [
                Vote(VoteKind.Notarize, header),
                new CertificateRecord(SampleChain.Finalize(older)),
                new CertificationRecord(header.View, header.Hash, i % 2 == 0),
            ];
            expected.AddRange(records);
            _log.Append(records);
            if (i % 7 == 0)
            {
                Reopen();
            }
        }

        Assert.Equal(expected, _log.Replay());
        Reopen();
        Assert.Equal(expected, _log.Replay());
    }

    [Fact]
    public void Prune_BelowTheFloor_KeepsTheRest()
    {
        BlockHeader[] headers = [.. Enumerable.Range(0, 6).Select(_ => _chain.Next().Block.Header)];
        foreach (BlockHeader header in headers)
        {
            _log.Append([Vote(VoteKind.Notarize, header), Vote(VoteKind.Finalize, header)]);
        }

        _log.SetFloor(SampleChain.Finalize(headers[3]));
        _log.Prune(headers[3].View);
        Assert.Equal(6, _log.Replay().Length);
        _log.Prune(headers[3].View.Next);
        Assert.Equal(4, _log.Replay().Length);
        _log.Append([Vote(VoteKind.Nullify, headers[5])]);
        Reopen();
        Assert.Equal(
            [VoteKind.Notarize, VoteKind.Finalize, VoteKind.Notarize, VoteKind.Finalize, VoteKind.Nullify],
            _log.Replay().Cast<OwnVoteRecord>().Select(record => record.Subject.Kind));
    }

    [Fact]
    public void Prune_RecordOfAnOldViewAppendedLater_IsPrunedNextTime()
    {
        BlockHeader[] headers = [.. Enumerable.Range(0, 4).Select(_ => _chain.Next().Block.Header)];
        _log.SetFloor(SampleChain.Finalize(headers[2]));
        _log.Prune(headers[2].View);
        _log.Append([
            new CertificateRecord(SampleChain.Finalize(headers[0])), Vote(VoteKind.Finalize, headers[3])]);
        Assert.Equal(2, _log.Replay().Length);
        _log.Prune(headers[1].View.Next);
        Assert.Equal(Vote(VoteKind.Finalize, headers[3]), Assert.Single(_log.Replay()));
    }

    [Fact]
    public void Prune_ThousandsOfRecords_LeavesNone()
    {
        for (int i = 0; i < 300; i++)
        {
            BlockHeader header = _chain.Next().Block.Header;
            _log.Append([Vote(VoteKind.Notarize, header), Vote(VoteKind.Finalize, header)]);
        }

        Certificate floor = SampleChain.Finalize(_chain.Head.Block.Header);
        _log.SetFloor(floor);
        _log.Prune(floor.Subject.View.Next);
        Assert.Empty(_log.Replay());
        Reopen();
        Assert.Empty(_log.Replay());
    }

    [Fact]
    public void Append_FromManyThreads_KeepsEveryRecord()
    {
        BlockHeader[] headers = [.. Enumerable.Range(0, 40).Select(_ => _chain.Next().Block.Header)];
        Parallel.ForEach(headers, header => _log.Append([Vote(VoteKind.Notarize, header)]));
        Assert.Equal(
            headers.Select(header => header.View),
            _log.Replay().Select(record => record.View).Order());
    }

    [Fact]
    public void Prune_AboveTheFloor_BreaksAnInvariantAndForgetsNothing()
    {
        BlockHeader header = _chain.Next().Block.Header;
        BlockHeader next = _chain.Next().Block.Header;
        _log.Append([Vote(VoteKind.Notarize, header), Vote(VoteKind.Notarize, next)]);
        Assert.Throws<InvariantException>(() => _log.Prune(header.View));
        _log.Prune(new View(0));
        _log.SetFloor(SampleChain.Finalize(header));
        Assert.Throws<InvariantException>(() => _log.Prune(header.View.Next.Next));
        Assert.Throws<InvariantException>(() => _log.PruneCandidates(header.View.Next.Next));
        Assert.Equal(2, _log.Replay().Length);
    }

    [Fact]
    public void SetFloor_IsDurableAndNeverSinks()
    {
        Assert.Null(_log.Floor);
        BlockHeader low = _chain.Next().Block.Header;
        BlockHeader high = _chain.Next().Block.Header;
        Certificate floor = SampleChain.Finalize(high);
        _log.SetFloor(floor);
        Assert.Equal(floor, _log.Floor);
        Assert.Throws<InvariantException>(() => _log.SetFloor(SampleChain.Finalize(low)));
        _log.SetFloor(floor);
        Reopen();
        Assert.Equal(floor, _log.Floor);
    }

    [Fact]
    public void SetFloor_NoFinalizationOrAnotherBlockOfTheView_BreaksAnInvariant()
    {
        BlockHeader header = _chain.Next().Block.Header;
        Certificate floor = SampleChain.Finalize(header);
        Assert.Throws<InvariantException>(() => _log.SetFloor(
            floor with { Subject = floor.Subject with { Kind = VoteKind.Notarize } }));
        _log.SetFloor(floor);
        Assert.Throws<InvariantException>(() => _log.SetFloor(
            SampleChain.Finalize(header with { Timestamp = new TimestampMs(1) })));
    }

    [Fact]
    public void Candidates_ArePutFoundAndPrunedByView()
    {
        CommittedBlock[] blocks = [.. Enumerable.Range(0, 600).Select(_ => _chain.Next())];
        foreach (CommittedBlock block in blocks)
        {
            _log.PutCandidate(block.Block.Hash, block.Block.Encode());
        }

        _log.Sync();
        Reopen();
        Assert.True(_log.TryGetCandidate(blocks[0].Block.Hash, out byte[]? bytes));
        Assert.Equal(blocks[0].Block.Encode(), bytes);
        Assert.False(_log.TryGetCandidate(Hash256.Zero, out _));

        BlockHeader floor = blocks[598].Block.Header;
        _log.SetFloor(SampleChain.Finalize(floor));
        _log.PruneCandidates(floor.View);
        Assert.All(blocks[..598], block => Assert.False(_log.TryGetCandidate(block.Block.Hash, out _)));
        Assert.All(blocks[598..], block => Assert.True(_log.TryGetCandidate(block.Block.Hash, out _)));
    }

    [Fact]
    public void PutCandidate_UnderAnotherHash_BreaksAnInvariant()
    {
        byte[] block = _chain.Next().Block.Encode();
        Assert.Throws<InvariantException>(() => _log.PutCandidate(Hash256.Zero, block));
    }

    [Fact]
    public void Open_AnotherNetwork_IsAGenesisFault()
    {
        _log.Dispose();
        StorageFault fault = Assert.Throws<StorageFault>(
            () => ConsensusLog.Open(_harness.Open(ConsensusLog.Families), Hash256.Zero));
        Assert.Equal(StorageFaultKind.Genesis, fault.Kind);
        _log = Open();
    }

    [Fact]
    public void Open_UnknownSchemaVersion_IsAVersionFault()
    {
        Overwrite(ConsensusLog.Families[^1], [1], [0, 0, 0, 9]);
        Assert.Equal(StorageFaultKind.Version, Assert.Throws<StorageFault>(Open).Kind);
    }

    [Fact]
    public void TryGetCandidate_AnotherBlockInItsPlace_IsACorruptFault()
    {
        Block one = _chain.Next().Block;
        Block other = _chain.Next().Block;
        _log.PutCandidate(one.Hash, one.Encode());
        Overwrite(ConsensusLog.Families[1], one.Hash.ToArray(), other.Encode());
        _log = Open();
        StorageFault fault = Assert.Throws<StorageFault>(() => _log.TryGetCandidate(one.Hash, out _));
        Assert.Equal(StorageFaultKind.Corrupt, fault.Kind);
        Assert.Contains(other.Hash.ToString(), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_ARecordThatDoesNotDecode_IsACorruptFault()
    {
        _log.Append([Vote(VoteKind.Notarize, _chain.Next().Block.Header)]);
        Overwrite(ConsensusLog.Families[0], new byte[16], [77]);
        _log = Open();
        Assert.Equal(StorageFaultKind.Corrupt, Assert.Throws<StorageFault>(() => _log.Replay()).Kind);
    }

    private static OwnVoteRecord Vote(VoteKind kind, BlockHeader header) => new(new VoteSubject(
        kind, header.Epoch, header.View, kind == VoteKind.Nullify ? Hash256.Zero : header.Hash));

    private ConsensusLog Open() =>
        ConsensusLog.Open(_harness.Open(ConsensusLog.Families), _chain.GenesisHash);

    private void Reopen()
    {
        _log.Dispose();
        _log = Open();
    }

    private void Overwrite(Family family, byte[] key, byte[] value)
    {
        _log.Dispose();
        using IKeyValueStore store = _harness.Open(ConsensusLog.Families);
        using IWriteBatch batch = store.CreateBatch();
        batch.Put(family, key, value);
        store.Write(batch, sync: true);
    }
}

public sealed class ConsensusLogOnMemoryTests() : ConsensusLogContract(new MemoryHarness());

public sealed class ConsensusLogOnRocksTests() : ConsensusLogContract(new RocksHarness());
