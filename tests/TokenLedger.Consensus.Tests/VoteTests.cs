// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus.Tests;

/// <summary>SPEC.md §3.3: admission and counting of votes, lazily verified.</summary>
public sealed class VoteTests
{
    private readonly Bench _bench = new();
    private readonly Hash256 _block = Hashing.Hash(DomainTag.Header, [1]);

    [Theory]
    [InlineData(4, 3)]
    [InlineData(5, 4)]
    [InlineData(6, 5)]
    [InlineData(7, 5)]
    [InlineData(10, 7)]
    [InlineData(31, 21)]
    public void Votes_OfQuorum_MakeACertificateAndOneFewerDoesNot(int validators, int quorum)
    {
        // n − f: 2f + 1 would make 3 of 5, 3 of 6 and 21 of 31.
        var bench = new Bench(validators);
        for (int signer = 1; signer < quorum; signer++)
        {
            bench.Do(bench.FromPeer(bench.Vote(signer, VoteKind.Notarize, 1, _block)));
            Assert.Empty(bench.Of<Certify>());
        }

        bench.Do(bench.FromPeer(bench.Vote(quorum, VoteKind.Notarize, 1, _block)));
        Certificate made = Assert.Single(bench.Of<BroadcastCertificate>()).Certificate;
        Assert.Equal(quorum, made.Count);
        Assert.True(made.Verify(bench.Validators, bench.Config.GenesisHash, bench.Scheme));
        Assert.Equal(new CertificateRecord(made), Assert.Single(bench.Of<AppendRecord>()).Record);
    }

    [Fact]
    public void Votes_BelowQuorum_AreNotVerified()
    {
        _bench.Do(
            _bench.FromPeer(_bench.Vote(1, VoteKind.Finalize, 1, _block)),
            _bench.FromPeer(_bench.Forge(2, VoteKind.Finalize, 1, _block)));
        Assert.Equal(0, _bench.Scheme.Checks);
        _bench.Do(_bench.FromPeer(_bench.Vote(3, VoteKind.Finalize, 1, _block)));
        Assert.Equal(3, _bench.Scheme.Checks);
    }

    [Fact]
    public void Votes_Forged_AreThrownOutBlamedAndReplaceable()
    {
        _bench.Do(
            _bench.FromPeer(_bench.Vote(1, VoteKind.Finalize, 1, _block)),
            _bench.FromPeer(_bench.Forge(2, VoteKind.Finalize, 1, _block)),
            _bench.FromPeer(_bench.Vote(3, VoteKind.Finalize, 1, _block)));
        Assert.Equal(new BlockPeer(2, PeerFault.BadSignature), Assert.Single(_bench.Effects));
        _bench.Do(_bench.FromPeer(_bench.Vote(2, VoteKind.Finalize, 1, _block)));
        Assert.Single(_bench.Of<Finalize>());
    }

    [Fact]
    public void Votes_AfterTheCertificate_AreNotVerified()
    {
        _bench.Do(new CertificateReceived(1, _bench.Certificate(VoteKind.Notarize, 1, _block)));
        int checks = _bench.Scheme.Checks;
        _bench.Do(
            _bench.FromPeer(_bench.Vote(1, VoteKind.Notarize, 1, _block)),
            _bench.FromPeer(_bench.Vote(2, VoteKind.Notarize, 1, _block)),
            _bench.FromPeer(_bench.Vote(3, VoteKind.Notarize, 1, _block)));
        Assert.Equal(checks, _bench.Scheme.Checks);
        Assert.Empty(_bench.Effects);
    }

    [Fact]
    public void Votes_ForDifferentBlocks_AreNotCountedTogether()
    {
        Hash256 other = Hashing.Hash(DomainTag.Header, [2]);
        _bench.Do(
            _bench.FromPeer(_bench.Vote(1, VoteKind.Notarize, 1, _block)),
            _bench.FromPeer(_bench.Vote(2, VoteKind.Notarize, 1, _block)),
            _bench.FromPeer(_bench.Vote(3, VoteKind.Notarize, 1, other)));
        Assert.Empty(_bench.Effects);
    }

    [Fact]
    public void Vote_OfAnother_BlocksItsSender()
    {
        _bench.Do(new VoteReceived(2, _bench.Vote(1, VoteKind.Nullify, 1)));
        Assert.Equal(new BlockPeer(2, PeerFault.Malformed), Assert.Single(_bench.Effects));
    }

    [Fact]
    public void Vote_OfNobodyOrOurselves_IsDropped()
    {
        Vote ours = _bench.Vote(0, VoteKind.Nullify, 1);
        _bench.Do(new VoteReceived(0, ours), new VoteReceived(-1, ours), new VoteReceived(4, ours));
        Assert.Empty(_bench.Effects);
    }

    [Fact]
    public void Vote_OfOldEpoch_IsDroppedWithoutBlame()
    {
        VoteSubject subject = _bench.Subject(VoteKind.Nullify, 1) with { Epoch = new Epoch(9) };
        _bench.Do(_bench.FromPeer(_bench.Sign(1, subject)));
        Assert.Empty(_bench.Effects);
    }

    [Fact]
    public void Votes_OutsideTheWindow_TakeNoMemory()
    {
        // Unbounded memory from invented round numbers took Besu down.
        var bench = new Bench(with: config => config with { RetentionViews = 4, VoteWindowViews = 8 });
        bench.NullifyUpTo(49);
        bench.Do(new CertificateReceived(-1, bench.Certificate(VoteKind.Finalize, 49, _block)));
        int kept = bench.Machine.ViewsKept;
        for (ulong i = 0; i < 500; i++)
        {
            bench.Do(
                bench.FromPeer(bench.Vote(1, VoteKind.Notarize, 52 + (i * i), _block)),
                bench.FromPeer(bench.Vote(2, VoteKind.Finalize, ulong.MaxValue - i, _block)),
                bench.FromPeer(bench.Vote(3, VoteKind.Finalize, i % 42, _block)));
            Assert.DoesNotContain(bench.Effects, effect => effect is not SendCertificate);
        }

        Assert.Equal(kept, bench.Machine.ViewsKept);
    }

    [Fact]
    public void Votes_ForTheNextView_CountBeforeItIsEntered()
    {
        _bench.Do(
            _bench.FromPeer(_bench.Vote(1, VoteKind.Nullify, 2)),
            _bench.FromPeer(_bench.Vote(2, VoteKind.Nullify, 2)),
            _bench.FromPeer(_bench.Vote(3, VoteKind.Nullify, 2)));
        Assert.Equal(3UL, _bench.Machine.CurrentView.Value);
    }

    [Fact]
    public void FinalizeVotes_ForOldViews_KeepCounting()
    {
        Hash256 block = _bench.Certified(1);
        _bench.NullifyUpTo(9);
        _bench.Do(
            _bench.FromPeer(_bench.Vote(1, VoteKind.Finalize, 1, block)),
            _bench.FromPeer(_bench.Vote(2, VoteKind.Finalize, 1, block)));
        Assert.Equal(block, Assert.Single(_bench.Of<Finalize>()).Certificate.Subject.BlockHash);
        Assert.Equal(9UL, _bench.Machine.CurrentView.Value);
    }

    [Fact]
    public void Nullify_ForAViewThatWeLeft_IsAnsweredWithWhatBroughtUsOn()
    {
        Hash256 block = _bench.Certified(1);
        _bench.NullifyUpTo(3);
        Certificate final = _bench.Certificate(VoteKind.Finalize, 1, block);

        _bench.Do(_bench.FromPeer(_bench.Vote(1, VoteKind.Nullify, 1)));
        SendCertificate help = Assert.Single(_bench.Of<SendCertificate>());
        Assert.Equal((1, VoteKind.Notarize), (help.To, help.Certificate.Subject.Kind));

        _bench.Do(_bench.FromPeer(_bench.Vote(1, VoteKind.Nullify, 2)));
        Assert.Empty(_bench.Of<SendCertificate>());

        _bench.Do(_bench.FromPeer(_bench.Vote(2, VoteKind.Nullify, 2)));
        Assert.Equal(VoteKind.Nullify, Assert.Single(_bench.Of<SendCertificate>()).Certificate.Subject.Kind);

        _bench.Do(new CertificateReceived(-1, final));
        _bench.Advance(Bench.RetryMs);
        _bench.Do(_bench.FromPeer(_bench.Vote(3, VoteKind.Nullify, 1)));
        Assert.Equal(final, Assert.Single(_bench.Of<SendCertificate>()).Certificate);
    }

    [Fact]
    public void Observer_FollowsAndNeverVotes()
    {
        var bench = new Bench(own: ConsensusConfig.Observer);
        BlockHeader header = bench.Header(1);
        bench.Do(
            bench.Propose(header, 0),
            new CertificateReceived(2, bench.Certificate(VoteKind.Notarize, 1, header.Hash)),
            new BlockCertified(new View(1), header.Hash, true),
            new CertificateReceived(2, bench.Certificate(VoteKind.Finalize, 1, header.Hash)));
        Assert.Single(bench.Of<Certify>());
        Assert.Single(bench.Of<Finalize>());
        bench.Advance(60_000);
        Assert.NotEmpty(bench.Of<FetchCertificates>());
        Assert.DoesNotContain(
            bench.Effects, e => e is BroadcastCertificate or BroadcastVote or Verify or Build);
        Assert.Empty(bench.Cast);
    }
}
