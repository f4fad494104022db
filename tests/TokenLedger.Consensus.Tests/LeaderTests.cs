// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus.Tests;

/// <summary>SPEC.md §3.1: proposing. Validator 0 leads views 4, 8, 12.</summary>
public sealed class LeaderTests
{
    private readonly Bench _bench = new();

    [Fact]
    public void Leader_AllSkippedViewsNullified_BuildsOnHighestCertified()
    {
        _bench.NullifyUpTo(2);
        Hash256 parent = _bench.Certified(2);
        _bench.NullifyUpTo(4);
        Assert.Equal(new Build(new View(4), new View(2), parent), Assert.Single(_bench.Of<Build>()));
    }

    [Fact]
    public void Leader_SkippedViewNotNullified_FetchesAndBuildsOnlyThen()
    {
        _bench.Do(new CertificateReceived(-1, _bench.Certificate(VoteKind.Nullify, 3)));
        Assert.Equal(4UL, _bench.Machine.CurrentView.Value);
        Assert.Empty(_bench.Of<Build>());
        Assert.Equal((1UL, 3UL, (int?)null), _bench.Fetched());

        _bench.Do(new CertificateReceived(-1, _bench.Certificate(VoteKind.Nullify, 1)));
        Assert.Empty(_bench.Of<Build>());
        _bench.Do(new CertificateReceived(-1, _bench.Certificate(VoteKind.Nullify, 2)));
        Assert.Equal(new Build(new View(4), default, _bench.GenesisBlock), Assert.Single(_bench.Of<Build>()));
    }

    [Fact]
    public void Leader_BlockBuilt_CastsItsProposalAndRepeatsIt()
    {
        _bench.NullifyUpTo(4);
        BlockHeader header = _bench.Header(4);
        _bench.Do(new BlockBuilt(new View(4), header));
        CastVote cast = Assert.Single(_bench.Of<CastVote>());
        Assert.Equal(_bench.Subject(VoteKind.Notarize, 4, header.Hash), cast.Subject);
        Assert.Equal(header, cast.ProposalHeader);
        Assert.Equal(default(View), cast.ParentView);

        _bench.Advance(Bench.CertifyMs + Bench.RetryMs);
        Assert.Equal(header, Assert.Single(_bench.Of<BroadcastProposal>()).Proposal.Header);
    }

    [Fact]
    public void Leader_BuildFailed_NullifiesAtOnce()
    {
        _bench.NullifyUpTo(4);
        _bench.Do(new BuildFailed(new View(4)));
        Assert.True(_bench.Casts(VoteKind.Nullify, 4));
    }

    [Fact]
    public void Leader_BlockBuiltAfterItsView_IsDropped()
    {
        _bench.NullifyUpTo(5);
        _bench.Do(new BlockBuilt(new View(4), _bench.Header(4)), new BuildFailed(new View(4)));
        Assert.Empty(_bench.Effects);
    }

    [Fact]
    public void Leader_BlockBuiltAfterOwnNullify_IsNotProposed()
    {
        _bench.NullifyUpTo(4);
        _bench.Advance(Bench.LeaderMs + Bench.HeartbeatMs + (Bench.RetryMs * 3));
        Assert.True(_bench.HasCast(VoteKind.Nullify, 4));
        _bench.Do(new BlockBuilt(new View(4), _bench.Header(4)));
        Assert.False(_bench.HasCast(VoteKind.Notarize, 4));
    }

    [Fact]
    public void Leader_FinalityCoversTheGap_BuildsOnIt()
    {
        // View 4 is entered by the nullification of 3; nothing covers 2 until it turns out final.
        _bench.Do(
            new CertificateReceived(-1, _bench.Certificate(VoteKind.Nullify, 1)),
            new CertificateReceived(-1, _bench.Certificate(VoteKind.Nullify, 3)));
        Assert.Empty(_bench.Of<Build>());
        Hash256 two = _bench.Header(2).Hash;
        _bench.Do(new CertificateReceived(1, _bench.Certificate(VoteKind.Finalize, 2, two)));
        Assert.Equal(new Build(new View(4), new View(2), two), Assert.Single(_bench.Of<Build>()));
    }

    [Fact]
    public void Leader_OfOtherParent_BlockIsDropped()
    {
        _bench.NullifyUpTo(4);
        _bench.Do(new BlockBuilt(new View(4), _bench.Header(4, Hashing.Hash(DomainTag.Header, [1]))));
        Assert.Empty(_bench.Effects);
    }

    [Fact]
    public void SingleValidator_RunsAlone()
    {
        var bench = new Bench(validators: 1);
        Hash256 parent = bench.GenesisBlock;
        for (ulong view = 1; view <= 5; view++)
        {
            Assert.Equal(view, bench.Machine.CurrentView.Value);
            BlockHeader header = bench.Header(view, parent);
            bench.Do(new BlockBuilt(new View(view), header));
            Assert.Single(bench.Of<Certify>());
            bench.Do(new BlockCertified(new View(view), header.Hash, true));
            Assert.Equal(header.Hash, Assert.Single(bench.Of<Finalize>()).Certificate.Subject.BlockHash);
            parent = header.Hash;
        }

        Assert.Equal(5UL, bench.Machine.LastFinalizedView.Value);
    }
}
