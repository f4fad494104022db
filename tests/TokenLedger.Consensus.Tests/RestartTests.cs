// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus.Tests;

/// <summary>SPEC.md §5: what a crash must not make us forget, and what it must not stop.</summary>
public sealed class RestartTests
{
    private readonly Bench _bench = new();

    [Fact]
    public void Restart_AfterNullify_NeitherNotarizesNorFinalizes()
    {
        _bench.Advance(Bench.LeaderMs + Bench.HeartbeatMs);
        Bench next = _bench.Restarted();
        Assert.Equal(_bench.Subject(VoteKind.Nullify, 1), Assert.Single(next.Of<RecastVote>()).Subject);

        BlockHeader header = next.Header(1);
        next.Do(
            next.Propose(header, 0),
            new BlockVerified(new View(1), header.Hash, true),
            new CertificateReceived(1, next.Certificate(VoteKind.Notarize, 1, header.Hash)),
            new BlockCertified(new View(1), header.Hash, true));
        Assert.Equal(2UL, next.Machine.CurrentView.Value);
        next.Advance(10_000);
        Assert.DoesNotContain(next.Cast, subject => subject.View.Value == 1);
    }

    [Fact]
    public void Restart_AfterNullify_RepeatsItAndNeverSignsFinalizeOnTheWay()
    {
        // The rebroadcast path of another Simplex signed finalize for a view already timed out.
        _bench.Advance(Bench.LeaderMs + Bench.HeartbeatMs);
        _bench.Certified(1);
        Bench next = _bench.Restarted();
        next.Advance(10_000);
        Assert.DoesNotContain(next.Of<RecastVote>(), e => e.Subject.Kind == VoteKind.Finalize);
        Assert.DoesNotContain(next.Of<BroadcastVote>(), e => e.Vote.Subject.Kind == VoteKind.Finalize);
        Assert.False(next.HasCast(VoteKind.Finalize, 1));
    }

    [Fact]
    public void Restart_AfterNotarize_NotarizesNoOther()
    {
        BlockHeader header = _bench.Header(1);
        _bench.Do(_bench.Propose(header, 0), new BlockVerified(new View(1), header.Hash, true));
        Bench next = _bench.Restarted();
        Assert.Equal(
            _bench.Subject(VoteKind.Notarize, 1, header.Hash), Assert.Single(next.Of<RecastVote>()).Subject);

        BlockHeader other = next.Header(1, salt: 1);
        next.Do(next.Propose(other, 0), new BlockVerified(new View(1), other.Hash, true));
        Assert.Empty(next.Cast);
        Assert.Empty(next.Of<Verify>());
        Assert.Contains(new BlockPeer(1, PeerFault.Equivocation), next.Effects);
    }

    [Fact]
    public void Restart_AfterNotarize_WaitsForTheCertificateNotForAProposal()
    {
        BlockHeader header = _bench.Header(1);
        _bench.Do(_bench.Propose(header, 0), new BlockVerified(new View(1), header.Hash, true));
        Bench next = _bench.Restarted();
        next.Advance(Bench.CertifyMs - 1);
        Assert.Empty(next.Cast);
        next.Advance(1);
        Assert.True(next.Casts(VoteKind.Nullify, 1));
    }

    [Fact]
    public void Restart_AfterFinalize_NeverNullifiesAndSaysItAgain()
    {
        Hash256 block = _bench.Certified(1);

        // The certification's record is lost, though its finalize is there: still no nullify of view 1.
        var next = new Bench(start: false);
        next.Do([.. _bench.Record.Where(r => r is not CertificationRecord).Select(r => new Replayed(r))]);
        next.Do(new Start(null));
        Assert.Equal(
            _bench.Subject(VoteKind.Finalize, 1, block), Assert.Single(next.Of<RecastVote>()).Subject);
        next.Advance(10_000);
        Assert.False(next.HasCast(VoteKind.Nullify, 1));
        Assert.Contains(next.Of<BroadcastVote>(), e => e.Vote.Subject.Kind == VoteKind.Finalize);
    }

    [Fact]
    public void Restart_OfAllAfterTheirNullify_FormsTheNullification()
    {
        // All Q crashed after logging nullify: each counted Q − 1 for ever, unless own votes are counted
        // again.
        Bench[] all = [.. Enumerable.Range(0, 4).Select(index => new Bench(own: index))];
        foreach (Bench bench in all)
        {
            bench.Advance(Bench.LeaderMs + Bench.HeartbeatMs);
            Assert.True(bench.HasCast(VoteKind.Nullify, 1));
        }

        Bench[] again = [.. all.Select(bench => bench.Restarted())];
        again[0].Do(again[0].FromPeer(again[0].Vote(1, VoteKind.Nullify, 1)));
        again[0].Do(again[0].FromPeer(again[0].Vote(2, VoteKind.Nullify, 1)));
        Assert.Equal(2UL, again[0].Machine.CurrentView.Value);
    }

    [Fact]
    public void Restart_NotarizationWithoutResult_IsCertifiedAgain()
    {
        Hash256 block = _bench.Header(1).Hash;
        _bench.Do(new CertificateReceived(1, _bench.Certificate(VoteKind.Notarize, 1, block)));
        Bench next = _bench.Restarted();
        Assert.Equal(new Certify(new View(1), block), Assert.Single(next.Of<Certify>()));
        next.Do(new BlockCertified(new View(1), block, true));
        Assert.True(next.Casts(VoteKind.Finalize, 1));
    }

    [Fact]
    public void Restart_CertifiedWithoutFinalize_FinalizesAtStart()
    {
        Hash256 block = _bench.Certified(1);
        var next = new Bench(start: false);
        next.Do([.. _bench.Record.Where(record => record is not OwnVoteRecord).Select(r => new Replayed(r))]);
        next.Do(new Start(null));
        Assert.Equal(_bench.Subject(VoteKind.Finalize, 1, block), Assert.Single(next.Cast));
        Assert.Equal(2UL, next.Machine.CurrentView.Value);
        Assert.Empty(next.Of<Certify>());
    }

    [Fact]
    public void Restart_CertifiedFalse_IsRemembered()
    {
        Hash256 block = _bench.Header(1).Hash;
        _bench.Do(
            new CertificateReceived(1, _bench.Certificate(VoteKind.Notarize, 1, block)),
            new BlockCertified(new View(1), block, false));
        Bench next = _bench.Restarted();
        Assert.Empty(next.Of<Certify>());
        next.NullifyUpTo(2).Do(next.Propose(next.Header(2, block), 1));
        Assert.True(next.Casts(VoteKind.Nullify, 2));
    }

    [Fact]
    public void Restart_ResumesInTheHighestViewWhateverTheOrderOfRecords()
    {
        _bench.NullifyUpTo(5);
        _bench.Certified(2);
        _bench.Do(new CertificateReceived(-1, _bench.Certificate(VoteKind.Notarize, 3, _bench.GenesisBlock)));
        Bench next = _bench.Restarted();
        Assert.Equal(5UL, next.Machine.CurrentView.Value);
        Assert.Equal(2UL, next.Machine.HighestCertifiedView.Value);
    }

    [Fact]
    public void Restart_ThenTheSameInputs_GivesNoVoteThatTheRecordExcludes()
    {
        BlockHeader header = _bench.Header(1);
        ConsensusInput[] inputs =
        [
            _bench.Propose(header, 0),
            new BlockVerified(new View(1), header.Hash, true),
            new CertificateReceived(1, _bench.Certificate(VoteKind.Notarize, 1, header.Hash)),
            new BlockCertified(new View(1), header.Hash, true),
        ];
        _bench.Do(inputs);
        Bench next = _bench.Restarted();
        next.Do(inputs);
        Assert.Empty(next.Cast);
    }

    [Fact]
    public void Restart_RecordOfAnotherEpoch_BindsNothing()
    {
        // An old epoch's log replayed into the new one has stopped a network.
        VoteSubject old = _bench.Subject(VoteKind.Nullify, 1) with { Epoch = new Epoch(7) };
        Certificate held = _bench.Certificate(VoteKind.Nullify, 90);
        var bench = new Bench(start: false);
        bench.Do(
            new Replayed(new OwnVoteRecord(old)),
            new Replayed(
                new CertificateRecord(held with { Subject = held.Subject with { Epoch = new Epoch(7) } })),
            new Replayed(new CertificationRecord(new View(90), _bench.GenesisBlock, true)),
            new Start(null));
        Assert.Equal(1UL, bench.Machine.CurrentView.Value);
        BlockHeader header = bench.Header(1);
        bench.Do(bench.Propose(header, 0), new BlockVerified(new View(1), header.Hash, true));
        Assert.True(bench.Casts(VoteKind.Notarize, 1));
    }

    [Fact]
    public void Restart_FloorAboveTheRecord_GoesOnFromTheFloor()
    {
        // Application state ahead of the consensus log must not stall the node.
        _bench.Advance(Bench.LeaderMs + Bench.HeartbeatMs);
        Hash256 block = _bench.Header(40).Hash;
        Bench next = _bench.Restarted(_bench.Certificate(VoteKind.Finalize, 40, block));
        Assert.Equal((41UL, 40UL, 40UL), Position(next));
        Assert.Empty(next.Of<RecastVote>());
        Assert.Empty(next.Of<Finalize>());
        next.Do(next.Propose(next.Header(41, block), 40));
        Assert.Single(next.Of<Verify>());
    }

    [Fact]
    public void Restart_FinalityAboveTheFloor_IsDeliveredAgain()
    {
        Hash256 block = _bench.Certified(1);
        Certificate final = _bench.Certificate(VoteKind.Finalize, 1, block);
        _bench.Do(new CertificateReceived(1, final));
        Bench next = _bench.Restarted();
        Assert.Equal(final, Assert.Single(next.Of<Finalize>()).Certificate);
        Assert.Equal((2UL, 1UL, 0UL), Position(next));
        next.Do(new Synced(final));
        Assert.Equal((2UL, 1UL, 1UL), Position(next));
    }

    [Fact]
    public void Restart_AfterPruning_VotesNothingAtOrBelowFinality()
    {
        Hash256 block = _bench.NullifyUpTo(200).Header(200).Hash;
        _bench.Do(new CertificateReceived(1, _bench.Certificate(VoteKind.Finalize, 200, block)));
        View pruned = Assert.Single(_bench.Of<Prune>()).View;
        Assert.Equal(200UL - 64, pruned.Value);

        var next = new Bench(start: false);
        next.Do([.. _bench.Record.Where(record => record.View >= pruned).Select(r => new Replayed(r))]);
        next.Do(new Start(null));
        Assert.Equal((201UL, 200UL, 0UL), Position(next));
        for (ulong view = 130; view <= 200; view++)
        {
            Hash256 hash = next.Header(view).Hash;
            next.Do(
                next.Propose(next.Header(view), view - 1),
                new BlockVerified(new View(view), hash, true),
                new BlockCertified(new View(view), hash, true));
        }

        Assert.Empty(next.Cast);
    }

    [Fact]
    public void Restart_LeaderWithoutRecordedProposal_BuildsAgain_WithOneDoesNot()
    {
        _bench.NullifyUpTo(4);
        Assert.Single(_bench.Restarted().Of<Build>());
        _bench.Do(new BlockBuilt(new View(4), _bench.Header(4)));
        Bench next = _bench.Restarted();
        Assert.Empty(next.Of<Build>());
        next.Do(new BlockBuilt(new View(4), next.Header(4, salt: 1)));
        Assert.Empty(next.Cast);
    }

    [Fact]
    public void Record_ThatContradictsItself_IsABrokenInvariant()
    {
        Hash256 block = _bench.GenesisBlock;
        VoteSubject nullify = _bench.Subject(VoteKind.Nullify, 1);
        VoteSubject finalize = _bench.Subject(VoteKind.Finalize, 1, block);
        VoteSubject notarize = _bench.Subject(VoteKind.Notarize, 1, block);
        (VoteSubject First, VoteSubject Second)[] pairs =
        [
            (nullify, finalize), (finalize, nullify),
            (notarize, notarize with { BlockHash = _bench.Header(1).Hash }),
        ];
        foreach ((VoteSubject first, VoteSubject second) in pairs)
        {
            var bench = new Bench(start: false);
            bench.Do(new Replayed(new OwnVoteRecord(first)), new Replayed(new OwnVoteRecord(first)));
            Assert.Throws<InvariantException>(() => bench.Do(new Replayed(new OwnVoteRecord(second))));
        }
    }

    [Fact]
    public void Start_WithAFalseFloorOrTwice_IsABrokenInvariant()
    {
        Certificate thin = _bench.Certificate(VoteKind.Finalize, 5, _bench.GenesisBlock, 1, 2);
        Assert.Throws<InvariantException>(() => new Bench(start: false).Do(new Start(thin)));
        Assert.Throws<InvariantException>(() => _bench.Do(new Start(null)));
        Assert.Throws<InvariantException>(() => new Bench(start: false).Do(new Tick()));
    }

    private static (ulong View, ulong Final, ulong Floor) Position(Bench bench) => (
        bench.Machine.CurrentView.Value, bench.Machine.LastFinalizedView.Value, bench.Machine.Floor.Value);
}
