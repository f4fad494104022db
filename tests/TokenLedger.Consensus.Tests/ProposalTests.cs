// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus.Tests;

/// <summary>SPEC.md §3.2: judging the leader's proposal.</summary>
public sealed class ProposalTests
{
    private readonly Bench _bench = new();

    [Fact]
    public void Proposal_OnGenesis_IsVerifiedThenNotarized()
    {
        BlockHeader header = _bench.Header(1);
        _bench.Do(_bench.Propose(header, 0));
        Assert.Equal(header.Hash, Assert.Single(_bench.Of<Verify>()).Proposal.BlockHash);
        Assert.Empty(_bench.Cast);

        _bench.Do(new BlockVerified(new View(1), header.Hash, true));
        Assert.Equal(_bench.Subject(VoteKind.Notarize, 1, header.Hash), Assert.Single(_bench.Cast));
    }

    [Fact]
    public void Proposal_Repeated_IsVerifiedOnce()
    {
        ProposalReceived proposal = _bench.Propose(_bench.Header(1), 0);
        _bench.Do(proposal, proposal, proposal);
        Assert.Single(_bench.Of<Verify>());
    }

    [Fact]
    public void Proposal_VerifiedFalse_NullifiesAtOnce()
    {
        BlockHeader header = _bench.Header(1);
        _bench.Do(_bench.Propose(header, 0), new BlockVerified(new View(1), header.Hash, false));
        Assert.True(_bench.Casts(VoteKind.Nullify, 1));
    }

    [Fact]
    public void Proposal_VerifiedAfterOwnNullify_IsNotNotarized()
    {
        BlockHeader header = _bench.Header(1);
        _bench.Do(_bench.Propose(header, 0));
        _bench.Advance(Bench.CertifyMs);
        Assert.True(_bench.HasCast(VoteKind.Nullify, 1));
        _bench.Do(new BlockVerified(new View(1), header.Hash, true));
        Assert.False(_bench.HasCast(VoteKind.Notarize, 1));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(ulong.MaxValue)]
    public void Proposal_ParentNotBefore_NullifiesAtOnce(ulong parentView)
    {
        _bench.NullifyUpTo(5).Do(_bench.Propose(_bench.Header(5), parentView));
        Assert.True(_bench.Casts(VoteKind.Nullify, 5));
        Assert.Empty(_bench.Of<Verify>());
    }

    [Fact]
    public void Proposal_ParentBelowLastFinalized_NullifiesAtOnce()
    {
        Hash256 first = _bench.Certified(1);
        Hash256 second = _bench.Certified(2, first);
        _bench.Do(new CertificateReceived(-1, _bench.Certificate(VoteKind.Finalize, 2, second)));
        _bench.Do(_bench.Propose(_bench.Header(3, first), 1));
        Assert.True(_bench.Casts(VoteKind.Nullify, 3));
    }

    [Fact]
    public void Proposal_ParentHashNotTheFinalOne_NullifiesAtOnce()
    {
        _bench.Do(_bench.Propose(_bench.Header(1, Hashing.Hash(DomainTag.Header, [9])), 0));
        Assert.True(_bench.Casts(VoteKind.Nullify, 1));
    }

    [Fact]
    public void Proposal_ParentHashNotTheNotarizedOne_NullifiesAtOnce()
    {
        _bench.Certified(1);
        _bench.Do(_bench.Propose(_bench.Header(2, _bench.GenesisBlock), 1));
        Assert.True(_bench.Casts(VoteKind.Nullify, 2));
    }

    [Fact]
    public void Proposal_OnBlockCertifiedFalse_NullifiesAtOnce()
    {
        Hash256 bad = _bench.Header(1).Hash;
        _bench.Do(
            new CertificateReceived(-1, _bench.Certificate(VoteKind.Notarize, 1, bad)),
            new BlockCertified(new View(1), bad, false));
        _bench.NullifyUpTo(2).Do(_bench.Propose(_bench.Header(2, bad), 1));
        Assert.True(_bench.Casts(VoteKind.Nullify, 2));
        Assert.Empty(_bench.Of<Verify>());
    }

    [Fact]
    public void Proposal_SkippedViewNotNullified_FetchesFromLeaderAndVotesOnlyThen()
    {
        // View 3 is entered by a nullification of 2 alone: nothing here covers view 1.
        _bench.Do(new CertificateReceived(-1, _bench.Certificate(VoteKind.Nullify, 2)));
        BlockHeader header = _bench.Header(3);
        _bench.Do(_bench.Propose(header, 0));
        Assert.Empty(_bench.Of<Verify>());
        Assert.Equal((1UL, 2UL, (int?)3), _bench.Fetched());

        _bench.Do(new CertificateReceived(-1, _bench.Certificate(VoteKind.Nullify, 1)));
        Assert.Single(_bench.Of<Verify>());
        Assert.Empty(_bench.Of<FetchCertificates>());
    }

    [Fact]
    public void Proposal_ParentUnknown_WaitsForItsCertification()
    {
        _bench.Do(new CertificateReceived(-1, _bench.Certificate(VoteKind.Nullify, 1)));
        Hash256 parent = _bench.Header(1).Hash;
        _bench.Do(_bench.Propose(_bench.Header(2, parent), 1));
        Assert.Equal((1UL, 1UL, (int?)2), _bench.Fetched());

        _bench.Do(new CertificateReceived(-1, _bench.Certificate(VoteKind.Notarize, 1, parent)));
        Assert.Single(_bench.Of<Certify>());
        Assert.Empty(_bench.Of<Verify>());
        _bench.Do(new BlockCertified(new View(1), parent, true));
        Assert.Single(_bench.Of<Verify>());
    }

    [Fact]
    public void Proposal_EvidenceMissing_IsAskedAtThePaceOfRetriesAndGivenUpInTime()
    {
        _bench.Do(new CertificateReceived(-1, _bench.Certificate(VoteKind.Nullify, 2)));
        _bench.Do(_bench.Propose(_bench.Header(3), 0));
        int asked = 0;
        for (int i = 0; i < 20; i++)
        {
            _bench.Do(new VoteReceived(1, _bench.Vote(1, VoteKind.Nullify, 3)));
            asked += _bench.Of<FetchCertificates>().Count();
        }

        Assert.Equal(0, asked);
        _bench.Advance(Bench.RetryMs);
        Assert.Contains(_bench.Of<FetchCertificates>(), fetch => fetch.Target == 3);
        Assert.DoesNotContain(_bench.Cast, subject => subject.Kind == VoteKind.Notarize);
        _bench.Advance(Bench.CertifyMs);
        Assert.True(_bench.HasCast(VoteKind.Nullify, 3));
    }

    [Fact]
    public void Proposal_ForNextView_WaitsUntilItIsEntered()
    {
        _bench.Do(_bench.Propose(_bench.Header(2), 0));
        Assert.Empty(_bench.Effects);
        _bench.Do(new CertificateReceived(-1, _bench.Certificate(VoteKind.Nullify, 1)));
        Assert.Single(_bench.Of<Verify>());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1_000_003)]
    public void Proposal_FartherAhead_IsDropped(ulong view)
    {
        int kept = _bench.Machine.ViewsKept;
        _bench.Do(_bench.Propose(_bench.Header(view), 0));
        Assert.Empty(_bench.Effects);
        Assert.Equal(kept, _bench.Machine.ViewsKept);
    }

    [Fact]
    public void Proposal_AtOddsWithItself_BlocksItsSender()
    {
        BlockHeader header = _bench.Header(1);
        Proposal good = _bench.Propose(header, 0).Proposal;
        Proposal[] bad =
        [
            good with { Header = header with { Timestamp = new TimestampMs(5) } },
            good with { LeaderVote = _bench.Vote(1, VoteKind.Finalize, 1, header.Hash) },
            good with { LeaderVote = _bench.Vote(2, VoteKind.Notarize, 1, header.Hash) },
            good with { LeaderVote = _bench.Vote(1, VoteKind.Notarize, 5, header.Hash) },
            WithHeader(header with { Proposer = _bench.Validators[2].Address }),
            WithHeader(header with { GenesisHash = default }),
            WithHeader(header with { Epoch = new Epoch(1) }),
            WithHeader(header with { ValidatorSetHash = default }),
        ];
        foreach (Proposal proposal in bad)
        {
            _bench.Do(new ProposalReceived(1, proposal));
            Assert.Equal(new BlockPeer(1, PeerFault.Malformed), Assert.Single(_bench.Effects));
        }

        _bench.Do(new ProposalReceived(2, good));
        Assert.Equal(new BlockPeer(2, PeerFault.Malformed), Assert.Single(_bench.Effects));

        Proposal WithHeader(BlockHeader other) =>
            new(other, default, _bench.Vote(1, VoteKind.Notarize, 1, other.Hash));
    }

    [Fact]
    public void Proposal_Forged_BlocksItsSenderAndLeavesTheSlotFree()
    {
        BlockHeader header = _bench.Header(1);
        var forged = new Proposal(header, default, _bench.Forge(1, VoteKind.Notarize, 1, header.Hash));
        _bench.Do(new ProposalReceived(1, forged));
        Assert.Equal(new BlockPeer(1, PeerFault.BadSignature), Assert.Single(_bench.Effects));
        _bench.Do(_bench.Propose(header, 0));
        Assert.Single(_bench.Of<Verify>());
    }

    [Fact]
    public void Proposal_Second_IsEvidenceAndNeitherIsNotarized()
    {
        BlockHeader first = _bench.Header(1);
        _bench.Do(_bench.Propose(first, 0), _bench.Propose(_bench.Header(1, salt: 1), 0));
        EquivocationEvidence proof = Assert.Single(_bench.Of<Evidence>()).Proof;
        Assert.True(proof.Verify(_bench.Validators, _bench.Config.GenesisHash, _bench.Scheme));
        Assert.Contains(new BlockPeer(1, PeerFault.Equivocation), _bench.Effects);
        _bench.Do(new BlockVerified(new View(1), first.Hash, true));
        Assert.Empty(_bench.Cast);
    }

    [Fact]
    public void Proposal_CanonicalForm_RoundTripsAndRefusesLeftovers()
    {
        Proposal proposal = _bench.Propose(_bench.Header(6), 4).Proposal;
        byte[] bytes = proposal.Encode();
        Proposal read = Proposal.Decode(bytes);
        Assert.Equal(bytes, read.Encode());
        Assert.Equal(proposal.Header, read.Header);
        Assert.Equal(proposal.ParentView, read.ParentView);
        Assert.Throws<CanonicalFormatException>(() => Proposal.Decode([.. bytes, 0]));
        Assert.Throws<CanonicalFormatException>(() => Proposal.Decode(bytes.AsSpan(1)));
    }
}
