// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus.Tests;

/// <summary>SPEC.md §4: deadlines, retries, skipping, growth.</summary>
public sealed class TimerTests
{
    private readonly Bench _bench = new();

    [Fact]
    public void NoProposal_UntilLeaderTimeoutAndHeartbeat_Nullifies()
    {
        _bench.Advance(Bench.LeaderMs + Bench.HeartbeatMs - 1);
        Assert.Empty(_bench.Effects);
        _bench.Advance(1);
        Assert.True(_bench.Casts(VoteKind.Nullify, 1));
    }

    [Fact]
    public void WorkPending_PullsTheLeaderTimeoutIn()
    {
        _bench.Do(new WorkPending());
        _bench.Advance(Bench.LeaderMs - 1);
        Assert.Empty(_bench.Effects);
        _bench.Advance(1);
        Assert.True(_bench.Casts(VoteKind.Nullify, 1));
    }

    [Fact]
    public void WorkPending_NearTheTimeout_DoesNotPushItOut()
    {
        _bench.Advance(Bench.LeaderMs + Bench.HeartbeatMs - 1);
        _bench.Do(new WorkPending());
        _bench.Advance(1);
        Assert.True(_bench.Casts(VoteKind.Nullify, 1));
    }

    [Fact]
    public void Proposal_StopsTheLeaderTimeoutAndTheCertificationTimeoutStays()
    {
        _bench.Do(_bench.Propose(_bench.Header(1), 0), new WorkPending());
        _bench.Advance(Bench.CertifyMs - 1);
        Assert.Empty(_bench.Effects);
        _bench.Advance(1);
        Assert.True(_bench.Casts(VoteKind.Nullify, 1));
    }

    [Fact]
    public void Stuck_RepeatsNullifyAndEntryProofEachRetry()
    {
        Certificate proof = _bench.Certificate(VoteKind.Nullify, 1);
        _bench.Do(new CertificateReceived(-1, proof));
        _bench.Advance(Bench.LeaderMs + Bench.HeartbeatMs);
        Assert.True(_bench.HasCast(VoteKind.Nullify, 2));
        for (int i = 0; i < 3; i++)
        {
            _bench.Advance(Bench.RetryMs);
            Assert.Equal(
                _bench.Subject(VoteKind.Nullify, 2), Assert.Single(_bench.Of<BroadcastVote>()).Vote.Subject);
            Assert.Equal(proof, Assert.Single(_bench.Of<BroadcastCertificate>()).Certificate);
            Assert.Equal((2UL, 2UL, (int?)null), _bench.Fetched());
        }

        Assert.Single(_bench.Cast);
    }

    [Fact]
    public void EntryProof_PrefersFinalizationThenNullificationThenNotarization()
    {
        Hash256 block = _bench.Certified(1);
        Assert.Equal(VoteKind.Notarize, RetriedProof());
        _bench.Do(new CertificateReceived(-1, _bench.Certificate(VoteKind.Nullify, 1)));
        Assert.Equal(VoteKind.Nullify, RetriedProof());

        var other = new Bench();
        other.Certified(1);
        other.Do(new CertificateReceived(-1, other.Certificate(VoteKind.Finalize, 1, block)));
        other.Advance(2_000);
        Assert.NotEmpty(other.Of<BroadcastCertificate>());
        Assert.DoesNotContain(
            other.Of<BroadcastCertificate>(), e => e.Certificate.Subject.Kind != VoteKind.Finalize);

        VoteKind RetriedProof()
        {
            _bench.Advance(2_000);
            return _bench.Of<BroadcastCertificate>().First().Certificate.Subject.Kind;
        }
    }

    [Fact]
    public void Stuck_RepeatsItsNewestFinalize()
    {
        Hash256 block = _bench.Certified(1);
        _bench.Advance(2_000);
        Assert.Contains(
            _bench.Of<BroadcastVote>(), e => e.Vote.Subject == _bench.Subject(VoteKind.Finalize, 1, block));
    }

    [Fact]
    public void LeaderNullifiesItsOwnView_OthersDoAtOnce()
    {
        _bench.Do(_bench.FromPeer(_bench.Vote(2, VoteKind.Nullify, 1)));
        Assert.Empty(_bench.Effects);
        _bench.Do(_bench.FromPeer(_bench.Vote(1, VoteKind.Nullify, 1)));
        Assert.True(_bench.Casts(VoteKind.Nullify, 1));
    }

    [Fact]
    public void LeaderNullifiedTheNextViewAlready_ItIsGivenUpOnEntry()
    {
        _bench.Do(_bench.FromPeer(_bench.Vote(2, VoteKind.Nullify, 2)));
        Assert.Empty(_bench.Effects);
        _bench.NullifyUpTo(2);
        Assert.True(_bench.HasCast(VoteKind.Nullify, 2));
    }

    [Fact]
    public void SilentLeader_WithAQuorumHeard_IsSkipped()
    {
        HearFor(Bench.SkipMs + 100, 1, 3);
        _bench.NullifyUpTo(_bench.Machine.CurrentView.Value + 1);
        Assert.Equal(2, _bench.Machine.Leader);
        Assert.True(_bench.Casts(VoteKind.Nullify, _bench.Machine.CurrentView.Value));
    }

    [Fact]
    public void SilentLeader_WithFewerHeard_IsNotSkipped()
    {
        // Our own network may be the silent one: fail open.
        HearFor(Bench.SkipMs + 100, 1);
        _bench.NullifyUpTo(_bench.Machine.CurrentView.Value + 1);
        Assert.Equal(2, _bench.Machine.Leader);
        Assert.False(_bench.Casts(VoteKind.Nullify, _bench.Machine.CurrentView.Value));
    }

    [Fact]
    public void SilentLeader_BeforeTheSkipTimeout_IsNotSkipped()
    {
        HearFor(Bench.SkipMs - 100, 1, 3);
        _bench.NullifyUpTo(_bench.Machine.CurrentView.Value + 1);
        Assert.False(_bench.Casts(VoteKind.Nullify, _bench.Machine.CurrentView.Value));
    }

    [Fact]
    public void SilentLeader_HeardAgain_IsNotSkipped()
    {
        HearFor(Bench.SkipMs + 100, 1, 3);
        _bench.Do(_bench.FromPeer(_bench.Vote(2, VoteKind.Nullify, _bench.Machine.CurrentView.Value)));
        Assert.Equal(_bench.Now, _bench.Machine.LastHeard(2).Value);
        _bench.NullifyUpTo(_bench.Machine.CurrentView.Value + 1);
        Assert.False(_bench.Casts(VoteKind.Nullify, _bench.Machine.CurrentView.Value));
    }

    [Fact]
    public void Restarted_KnowsNothingOfSilence()
    {
        Bench restarted = _bench.Restarted();
        restarted.NullifyUpTo(2);
        Assert.False(restarted.HasCast(VoteKind.Nullify, 2));
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(3, 200)]
    [InlineData(4, 250)]
    [InlineData(5, 312)]
    [InlineData(20, 1_600)]
    [InlineData(1_000_000, 1_600)]
    [InlineData(ulong.MaxValue, 1_600)]
    public void Growth_WithoutFinality_IsCapped(ulong views, ulong expectedMs)
    {
        // Round 10 with 4,096 s timers is how QBFT networks die with all nodes up.
        ConsensusTimers timers = ConsensusTimers.FromDelta(100, 500);
        Assert.Equal(expectedMs, timers.Grown(timers.LeaderMs, views));
    }

    [Fact]
    public void Growth_AfterFinality_IsReset()
    {
        _bench.NullifyUpTo(30);
        ulong grown = _bench.Machine.NextWake!.Value.Value - _bench.Now;
        Assert.Equal((8 * Bench.LeaderMs) + Bench.HeartbeatMs, grown);
        Hash256 block = _bench.Header(30).Hash;
        _bench.Do(new CertificateReceived(-1, _bench.Certificate(VoteKind.Finalize, 30, block)));
        Assert.Equal(Bench.LeaderMs + Bench.HeartbeatMs, _bench.Machine.NextWake!.Value.Value - _bench.Now);
    }

    [Fact]
    public void Clock_StandingOrGoingBack_HarmsNothing()
    {
        var effects = new List<ConsensusEffect>();
        _bench.Machine.Step(default, new Tick(), effects);
        _bench.Machine.Step(new TimestampMs(1), new WorkPending(), effects);
        Assert.Empty(effects);
        _bench.Advance(Bench.LeaderMs);
        Assert.True(_bench.Casts(VoteKind.Nullify, 1));
    }

    [Fact]
    public void Timers_OutOfRelation_AreRefused()
    {
        ConsensusTimers good = ConsensusTimers.FromDelta(100, 500);
        good.Validate();
        ConsensusTimers[] bad =
        [
            good with { CertifyMs = good.LeaderMs },
            good with { SkipMs = good.CertifyMs + good.HeartbeatMs },
            good with { SkipMs = 900, RetryMs = 900 },
            good with { LeaderMs = 0 },
            good with { RetryMs = 0 },
            good with { GrowthPercent = 0 },
            good with { GrowthCap = 0 },
        ];
        Assert.All(bad, timers => Assert.Throws<ArgumentException>(timers.Validate));
    }

    [Fact]
    public void Config_OutOfRange_IsRefused()
    {
        ConsensusConfig good = _bench.Config;
        ConsensusConfig[] bad =
        [
            good with { OwnIndex = -2 },
            good with { OwnIndex = 4 },
            good with { RetentionViews = 0 },
            good with { VoteWindowViews = 1 },
            good with { FutureNotarizations = 0 },
        ];
        Assert.All(bad, config => Assert.ThrowsAny<ArgumentException>(config.Validate));
    }

    /// <summary>Lets time pass while some validators keep talking.</summary>
    private void HearFor(ulong ms, params int[] validators)
    {
        for (ulong passed = 0; passed < ms; passed += 100)
        {
            _bench.Advance(100);
            foreach (int validator in validators)
            {
                _bench.Do(_bench.FromPeer(_bench.Vote(validator, VoteKind.Notarize, 1, _bench.GenesisBlock)));
            }
        }
    }
}
