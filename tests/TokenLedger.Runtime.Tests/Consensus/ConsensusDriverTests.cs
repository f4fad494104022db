// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Runtime.Consensus;
using TokenLedger.Runtime.Signing;
using TokenLedger.Runtime.Tests.Signing;
using TokenLedger.Storage;
using TokenLedger.Storage.Guards;

namespace TokenLedger.Runtime.Tests.Consensus;

public sealed class ConsensusDriverTests
{
    private static readonly BlockHeader Block = DriverBench.Header(1, DriverBench.GenesisBlock);

    [Fact]
    public void Lead_WholeView_EveryVoteIsDurableBeforeItLeaves()
    {
        using var bench = new DriverBench();
        RunView(bench, 0, 2);
        Assert.Empty(bench.TooEarly);
        Assert.Equal(
            [VoteKind.Notarize, VoteKind.Finalize], bench.Sent.Select(vote => vote.Subject.Kind));
        Assert.Equal(
            new View(1), bench.Next<Certificate>(c => c.Subject.Kind == VoteKind.Finalize).Subject.View);
    }

    [Fact]
    public void Restart_AfterACrash_SignsAgainOnlyWhatIsRecorded()
    {
        var disk = new MemoryDisk();
        Vote[] before;
        MemoryGuardFile guard;
        using (var bench = new DriverBench(disk))
        {
            guard = bench.GuardFile;
            RunView(bench, 0);
            before = [.. bench.Sent];
        }

        disk.Crash();
        using var again = new DriverBench(disk, guard: guard);
        Vote repeated = again.Next<Vote>(vote => vote.Subject.Kind == VoteKind.Finalize);
        Assert.Equal(before[^1], repeated);
        Assert.Empty(again.TooEarly);
        Assert.All(again.Sent, vote => Assert.Contains(vote.Subject, before.Select(b => b.Subject)));
    }

    /// <summary>
    /// Own votes at and below the record's floor are forgotten: whatever became of the ledger, nothing there
    /// may be voted on again.
    /// </summary>
    [Fact]
    public void Restart_LedgerMovedAway_BeginsAboveTheRecordsFloor()
    {
        var disk = new MemoryDisk();
        var subject = new VoteSubject(
            VoteKind.Finalize, DriverBench.Validators.Epoch, new View(9), Block.Hash);
        Certificate floor = new Signed(DriverBench.GenesisHash).Certify(
            DriverBench.Validators, subject, 0, 1, 2);
        using (ConsensusLog log = ConsensusLog.Open(
            new MemoryStore(disk, ConsensusLog.Families), DriverBench.GenesisHash))
        {
            log.SetFloor(floor);
        }

        using var again = new DriverBench(disk);
        Assert.Equal(floor, again.Next<Finalize>().Certificate);
        Assert.Equal(new View(10), again.Next<ViewEntered>().View);
    }

    [Fact]
    public void Restart_AfterItsProposal_DoesNotProposeAnotherBlockInThatView()
    {
        var disk = new MemoryDisk();
        MemoryGuardFile guard;
        using (var bench = new DriverBench(disk))
        {
            guard = bench.GuardFile;
            bench.Next<Build>();
            bench.Driver.Post(new BlockBuilt(new View(1), Block));
            bench.Next<Proposal>();
        }

        disk.Crash();
        using var again = new DriverBench(disk, guard: guard);
        Assert.Equal(Block.Hash, again.Next<Vote>().Subject.BlockHash);

        // Were it to build again, it would have asked before it answers this.
        BlockHeader other = Block with { Timestamp = new TimestampMs(6) };
        again.Driver.Post(new BlockBuilt(new View(1), other));
        again.Vote(VoteKind.Notarize, Block, 0, 2);
        again.Next<Certify>();
        Assert.All(again.Sent, vote => Assert.Equal(Block.Hash, vote.Subject.BlockHash));
        Assert.Empty(again.TooEarly);
    }

    [Fact]
    public void Vote_WhenItsRecordCannotBeWritten_NeverLeaves()
    {
        using var bench = new DriverBench();
        bench.Next<Build>();
        bench.Disk.FailNextWrite(StorageFaultKind.IO);
        bench.Driver.Post(new BlockBuilt(new View(1), Block));
        Assert.Equal(StorageFaultKind.IO, bench.Next<StorageFault>().Kind);
        Assert.Empty(bench.Sent);
    }

    [Fact]
    public void Vote_WhenTheGuardCannotBeWritten_NeverLeavesAndIsNotRecorded()
    {
        using var bench = new DriverBench();
        bench.Next<Build>();
        bench.GuardFile.Fault = new StorageFault(StorageFaultKind.IO, StorageScope.Process, "EIO");
        bench.Driver.Post(new BlockBuilt(new View(1), Block));
        Assert.Equal(StorageFaultKind.IO, bench.Next<StorageFault>().Kind);
        Assert.Empty(bench.Sent);
        Assert.Empty(bench.OwnRecords());
    }

    /// <summary>The same block as before is said again; another one in its place would be a second vote.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Restart_RecordLostAndGuardKept_RemembersItsVotesByTheGuard(bool whole)
    {
        MemoryGuardFile guard;
        using (var bench = new DriverBench())
        {
            guard = bench.GuardFile;
            bench.Next<Build>();
            bench.Driver.Post(new BlockBuilt(new View(1), Block));
            bench.Next<Proposal>();
            if (whole)
            {
                bench.Vote(VoteKind.Notarize, Block, 0, 2);
                bench.Next<Certify>();
                bench.Driver.Post(new BlockCertified(new View(1), Block.Hash, true));
                bench.Next<Vote>(vote => vote.Subject.Kind == VoteKind.Finalize);
            }
        }

        using var again = new DriverBench(guard: guard);
        Assert.Equal(Block.Hash, again.Next<Vote>().Subject.BlockHash);
        again.Vote(VoteKind.Notarize, Block, 0, 2);
        again.Next<Certify>();

        // A finalize vote that only the guard knows binds, and is not said: its block may not be here.
        Assert.All(again.Sent, vote => Assert.Equal(VoteKind.Notarize, vote.Subject.Kind));
        Assert.Empty(again.TooEarly);
    }

    [Fact]
    public void Quarantine_GuardLost_SignsNothingUntilReadmittedThenAnew()
    {
        var guard = new MemoryGuardFile();
        using var bench = new DriverBench(guard: guard);
        bench.Next<Build>();
        bench.Driver.Post(new BlockBuilt(new View(1), Block));
        bench.Vote(VoteKind.Notarize, Block, 0, 2, 3);
        bench.Next<Certify>();
        Assert.False(bench.Driver.SightOf(0).Certain);
        Assert.Equal(GuardDoubt.Missing, bench.Driver.Status.Doubt);
        bench.Driver.Post(new BlockCertified(new View(1), Block.Hash, true));
        bench.Driver.Readmit(new View(1));
        bench.Driver.Post(new WorkPending());

        // The machine begins anew: what it believed to have said, it says now.
        Vote first = bench.Next<Vote>();
        Assert.Equal((VoteKind.Finalize, new View(1)), (first.Subject.Kind, first.Subject.View));
        Assert.Empty(bench.TooEarly);
        Assert.Equal(GuardDoubt.None, bench.Guard.Doubt);
        Assert.True(bench.Driver.SightOf(0).Certain);
    }

    [Fact]
    public void Certificate_WithAnOwnVoteThatTheGuardDidNotRelease_StopsTheNode()
    {
        using var bench = new DriverBench();
        bench.Next<Build>();
        bench.Driver.TryPost(2, new CertificateReceived(2, bench.Nullification(7, 0, DriverBench.Own, 2)));
        Assert.Contains(
            "signer guard", bench.Next<DuplicateValidatorException>().Message, StringComparison.Ordinal);
        Assert.Empty(bench.Sent);
    }

    [Fact]
    public void SightOf_Validator_HasItsHighestVoteAndTheProofOfTheView()
    {
        using var bench = new DriverBench();
        RunView(bench, 0, 2);
        bench.Next<Finalize>();
        bench.Driver.Dispose();
        PeerSight sight = bench.Driver.SightOf(2);
        Assert.True(sight.Certain);
        Assert.Equal((new View(2), new View(1)), (sight.View, sight.Entry!.Subject.View));
        Assert.Equal(VoteKind.Finalize, sight.Seen!.Subject.Kind);
        Assert.Null(bench.Driver.SightOf(3).Seen);
        Assert.False(bench.Driver.SightOf(4).Certain);
    }

    [Fact]
    public void Status_AfterAView_SaysWhereItStands()
    {
        using var bench = new DriverBench();
        RunView(bench, 0, 2);
        bench.Next<Finalize>();
        bench.Driver.Dispose();
        ConsensusStatus status = bench.Driver.Status;
        Assert.Equal(new View(1), status.LastFinalizedView);
        Assert.Equal((new View(2), 2), (status.View, status.Leader));
        Assert.Equal(0ul, status.SilenceMs[DriverBench.Own]);
        Certificate answer = Assert.Single(bench.Driver.Answer(new View(1), new View(1), 8));
        Assert.Equal(VoteKind.Finalize, answer.Subject.Kind);
    }

    [Fact]
    public void TryPost_FloodOfOneValidator_IsRefusedAndTheOthersVotesCount()
    {
        using var bench = new DriverBench(start: false);
        var flood = new VoteReceived(3, bench.Sign(VoteKind.Notarize, DriverBench.Header(9, Block.Hash), 3));
        for (int i = 0; i < Limits.PeerConsensusItems; i++)
        {
            Assert.True(bench.Driver.TryPost(3, flood));
        }

        Assert.False(bench.Driver.TryPost(3, flood));
        bench.Vote(VoteKind.Notarize, Block, 0, 2);
        bench.Driver.Post(new BlockBuilt(new View(1), Block));
        bench.Driver.Start();
        Assert.Equal(Block.Hash, bench.Next<Certify>().BlockHash);
    }

    /// <summary>
    /// View 1, led by this validator: proposed, notarized, certified, and voted final by these too.
    /// </summary>
    private static void RunView(DriverBench bench, params int[] finalizers)
    {
        Assert.Equal(DriverBench.GenesisBlock, bench.Next<Build>().ParentHash);
        bench.Driver.Post(new BlockBuilt(new View(1), Block));
        Assert.Equal(Block.Hash, bench.Next<Proposal>().BlockHash);
        bench.Vote(VoteKind.Notarize, Block, 0, 2);
        Assert.Equal(Block.Hash, bench.Next<Certify>().BlockHash);
        bench.Driver.Post(new BlockCertified(new View(1), Block.Hash, true));
        Assert.Equal(VoteKind.Finalize, bench.Next<Vote>(v => v.Signer == DriverBench.Own).Subject.Kind);
        bench.Vote(VoteKind.Finalize, Block, finalizers);
    }
}
