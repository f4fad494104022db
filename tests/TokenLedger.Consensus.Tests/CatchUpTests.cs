// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus.Tests;

/// <summary>SPEC.md §3.5: laggards, fetches and answers.</summary>
public sealed class CatchUpTests
{
    private readonly Bench _bench = new();

    [Theory]
    [InlineData(VoteKind.Nullify)]
    [InlineData(VoteKind.Finalize)]
    public void Certificate_FarAhead_BringsALaggardThere(VoteKind kind)
    {
        Hash256 block = kind == VoteKind.Nullify ? default : _bench.Header(1_000).Hash;
        _bench.Do(new CertificateReceived(2, _bench.Certificate(kind, 1_000, block)));
        Assert.Equal(1_001UL, _bench.Machine.CurrentView.Value);
    }

    [Fact]
    public void Nullification_FarAhead_HasTheGapFetched()
    {
        _bench.Do(new CertificateReceived(2, _bench.Certificate(VoteKind.Nullify, 1_000)));
        Assert.Contains(new FetchCertificates(new View(1), new View(1_000), null), _bench.Effects);
        _bench.Do(
            new CertificateReceived(-1, _bench.Certificate(VoteKind.Finalize, 999, _bench.GenesisBlock)));
        _bench.Advance(Bench.RetryMs);
        Assert.Empty(_bench.Of<FetchCertificates>());
    }

    [Fact]
    public void Notarization_Ahead_IsCertifiedAndHasTheGapFetched()
    {
        Hash256 block = _bench.Header(9).Hash;
        _bench.Do(new CertificateReceived(2, _bench.Certificate(VoteKind.Notarize, 9, block)));
        Assert.Equal(1UL, _bench.Machine.CurrentView.Value);
        Assert.Equal(new Certify(new View(9), block), Assert.Single(_bench.Of<Certify>()));
        Assert.Equal((1UL, 8UL, (int?)null), _bench.Fetched());
        _bench.Do(new BlockCertified(new View(9), block, true));
        Assert.Equal(10UL, _bench.Machine.CurrentView.Value);
    }

    [Fact]
    public void NotarizationsAhead_AreBounded_AndTheHighestAreKept()
    {
        // Replayed valid certificates have grown another Simplex's memory in catch-up.
        var bench = new Bench(with: config => config with { FutureNotarizations = 4 });
        for (ulong view = 100; view < 200; view++)
        {
            Hash256 block = bench.Header(view).Hash;
            bench.Do(new CertificateReceived(2, bench.Certificate(VoteKind.Notarize, view, block)));
        }

        Assert.InRange(bench.Machine.ViewsKept, 4, 6);
        bench.Do(new BlockCertified(new View(100), bench.Header(100).Hash, true));
        Assert.Equal(1UL, bench.Machine.CurrentView.Value);
        int checks = bench.Scheme.Checks;
        bench.Do(new CertificateReceived(2, bench.Certificate(VoteKind.Notarize, 50, bench.Header(50).Hash)));
        Assert.Empty(bench.Effects);
        Assert.Equal(checks, bench.Scheme.Checks);
        bench.Do(new BlockCertified(new View(199), bench.Header(199).Hash, true));
        Assert.Equal(200UL, bench.Machine.CurrentView.Value);
    }

    [Fact]
    public void UselessAnswers_BlameNobodyAndMakeNoStorm()
    {
        _bench.Do(new CertificateReceived(2, _bench.Certificate(VoteKind.Nullify, 20)));
        int asked = 0;
        for (ulong view = 10; view < 20; view++)
        {
            _bench.Do(new CertificateReceived(3, _bench.Certificate(VoteKind.Nullify, view)));
            asked += _bench.Of<FetchCertificates>().Count() + _bench.Of<BlockPeer>().Count();
        }

        Assert.Equal(0, asked);
        _bench.Advance(Bench.RetryMs);
        Assert.Equal((1UL, 20UL, (int?)null), _bench.Fetched());
    }

    [Fact]
    public void FetchedCertificates_AreNotRelayed()
    {
        _bench.Do(new CertificateReceived(-1, _bench.Certificate(VoteKind.Nullify, 1)));
        Assert.Empty(_bench.Of<BroadcastCertificate>());
        _bench.Do(new CertificateReceived(2, _bench.Certificate(VoteKind.Nullify, 2)));
        Assert.Single(_bench.Of<BroadcastCertificate>());
    }

    [Fact]
    public void Synced_MovesTheFloorAndFinalityWithoutDeliveringAgain()
    {
        Certificate final = _bench.Certificate(VoteKind.Finalize, 70, _bench.Header(70).Hash);
        _bench.Do(new Synced(final));
        Assert.Equal((71UL, 70UL, 70UL), (
            _bench.Machine.CurrentView.Value,
            _bench.Machine.LastFinalizedView.Value,
            _bench.Machine.Floor.Value));
        Assert.Empty(_bench.Of<Finalize>());
        Assert.Empty(_bench.Of<BroadcastCertificate>());
        Assert.Equal([final], _bench.Machine.Answer(new View(3), new View(9), 10));
    }

    [Fact]
    public void Answer_PrefersFinalizationThenCertifiedNotarizationAndNullification()
    {
        Hash256 two = _bench.NullifyUpTo(2).Certified(2);
        Certificate final = _bench.Certificate(VoteKind.Finalize, 2, two);
        _bench.Do(new CertificateReceived(-1, final));
        Hash256 three = _bench.Certified(3, two);
        _bench.Do(new CertificateReceived(-1, _bench.Certificate(VoteKind.Nullify, 3)));
        _bench.NullifyUpTo(5);
        Hash256 five = _bench.Header(5, three).Hash;
        _bench.Do(new CertificateReceived(-1, _bench.Certificate(VoteKind.Notarize, 5, five)));

        Assert.Equal(
            [
                (VoteKind.Finalize, 2UL), (VoteKind.Notarize, 3UL),
                (VoteKind.Nullify, 3UL), (VoteKind.Nullify, 4UL),
            ],
            Asked(1, ulong.MaxValue, 100));
        Assert.Equal([(VoteKind.Nullify, 4UL)], Asked(4, 4, 100));
        Assert.Equal([(VoteKind.Finalize, 2UL), (VoteKind.Notarize, 3UL)], Asked(0, 5, 2));
        Assert.Empty(Asked(6, ulong.MaxValue, 100));
        Assert.Empty(Asked(ulong.MaxValue, ulong.MaxValue, 100));
        Assert.Empty(Asked(5, 3, 100));

        (VoteKind, ulong)[] Asked(ulong from, ulong to, int limit) =>
            [.. _bench.Machine.Answer(new View(from), new View(to), limit)
                .Select(held => (held.Subject.Kind, held.Subject.View.Value))];
    }

    [Fact]
    public void Answer_OfUncertifiedNotarization_IsNotGiven()
    {
        _bench.Do(
            new CertificateReceived(-1, _bench.Certificate(VoteKind.Notarize, 1, _bench.Header(1).Hash)));
        Assert.Empty(_bench.Machine.Answer(new View(1), new View(1), 10));
    }

    [Fact]
    public void LongTimeWithoutFinality_KeepsNoVotesOfOldViews()
    {
        var bench = new Bench(with: config => config with { RetentionViews = 4, VoteWindowViews = 8 });
        for (ulong view = 1; view <= 100; view++)
        {
            bench.Do(bench.FromPeer(bench.Vote(1, VoteKind.Finalize, view, bench.GenesisBlock)));
            bench.NullifyUpTo(view + 1);
        }

        Assert.InRange(bench.Machine.VoteViewsKept, 1, 8 + 2);

        // A quorum's finalize of view 1, which is nullified, would stop the machine if those votes still counted.
        bench.Do([.. Enumerable.Range(1, 3).Select(signer =>
            bench.FromPeer(bench.Vote(signer, VoteKind.Finalize, 1, bench.GenesisBlock)))]);
        Assert.Empty(bench.Of<SafetyViolated>());
        Assert.Empty(bench.Of<Finalize>());
    }
}
