// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus.Tests;

/// <summary>SPEC.md §3.4: notarizations, certification, nullifications, finalizations.</summary>
public sealed class CertificateTests
{
    private readonly Bench _bench = new();

    [Fact]
    public void Notarization_Uncertified_DoesNotLeaveTheViewAndItsTimerStays()
    {
        BlockHeader header = _bench.Header(1);
        _bench.Do(new CertificateReceived(1, _bench.Certificate(VoteKind.Notarize, 1, header.Hash)));
        Assert.Equal(new Certify(new View(1), header.Hash), Assert.Single(_bench.Of<Certify>()));
        Assert.Equal(1UL, _bench.Machine.CurrentView.Value);
        _bench.Advance(Bench.CertifyMs + Bench.HeartbeatMs);
        Assert.True(_bench.HasCast(VoteKind.Nullify, 1));
    }

    [Fact]
    public void Notarization_IsRecordedAndBroadcastOnce()
    {
        Certificate held = _bench.Certificate(VoteKind.Notarize, 1, _bench.Header(1).Hash);
        Certificate same = _bench.Certificate(VoteKind.Notarize, 1, _bench.Header(1).Hash, 0, 1, 2);
        _bench.Do(new CertificateReceived(1, held));
        int checks = _bench.Scheme.Checks;
        Assert.Single(_bench.Of<AppendRecord>());
        Assert.Single(_bench.Of<BroadcastCertificate>());
        _bench.Do(new CertificateReceived(2, held), new CertificateReceived(3, same));
        Assert.Empty(_bench.Effects);
        Assert.Equal(checks, _bench.Scheme.Checks);
    }

    [Fact]
    public void Certified_IsRecordedThenFinalizedThenTheNextViewIsEntered()
    {
        Hash256 block = _bench.Certified(1);
        int record = _bench.Effects.FindIndex(
            e => e is AppendRecord { Record: CertificationRecord { Valid: true } });
        int entered = _bench.Effects.FindIndex(e => e is ViewEntered { View.Value: 2 });
        int cast = _bench.Effects.FindIndex(e => e is CastVote { Subject.Kind: VoteKind.Finalize });
        Assert.True(record >= 0 && record < cast && cast < entered);
        Assert.Equal(_bench.Subject(VoteKind.Finalize, 1, block), Assert.Single(_bench.Cast));
    }

    [Fact]
    public void Certified_WithoutOwnNotarize_IsFinalizedAllTheSame()
    {
        _bench.Certified(1);
        Assert.False(_bench.HasCast(VoteKind.Notarize, 1));
        Assert.True(_bench.HasCast(VoteKind.Finalize, 1));
    }

    [Fact]
    public void Certified_AfterOwnNullify_EntersAndNeverFinalizes()
    {
        _bench.Advance(Bench.LeaderMs + Bench.HeartbeatMs);
        Assert.True(_bench.HasCast(VoteKind.Nullify, 1));
        _bench.Certified(1);
        Assert.Equal(2UL, _bench.Machine.CurrentView.Value);
        _bench.Advance(60_000);
        Assert.False(_bench.HasCast(VoteKind.Finalize, 1));
    }

    [Fact]
    public void CertifiedFalse_IsRecordedAndNullified()
    {
        Hash256 block = _bench.Header(1).Hash;
        _bench.Do(
            new CertificateReceived(1, _bench.Certificate(VoteKind.Notarize, 1, block)),
            new BlockCertified(new View(1), block, false));
        Assert.Contains(new AppendRecord(new CertificationRecord(new View(1), block, false)), _bench.Effects);
        Assert.True(_bench.Casts(VoteKind.Nullify, 1));
        Assert.Equal(1UL, _bench.Machine.CurrentView.Value);
    }

    [Fact]
    public void CertifiedFalse_OfAViewAhead_IsNullifiedWhenEntered()
    {
        Hash256 block = _bench.Header(2).Hash;
        _bench.Do(
            new CertificateReceived(1, _bench.Certificate(VoteKind.Notarize, 2, block)),
            new BlockCertified(new View(2), block, false));
        Assert.Empty(_bench.Cast);
        _bench.NullifyUpTo(2);
        Assert.True(_bench.HasCast(VoteKind.Nullify, 2));
    }

    [Fact]
    public void CertifiedFalse_ThenFinalized_FinalityOverrides()
    {
        Hash256 block = _bench.Header(1).Hash;
        _bench.Do(
            new CertificateReceived(1, _bench.Certificate(VoteKind.Notarize, 1, block)),
            new BlockCertified(new View(1), block, false),
            new CertificateReceived(1, _bench.Certificate(VoteKind.Finalize, 1, block)),
            _bench.Propose(_bench.Header(2, block), 1));
        Assert.Single(_bench.Of<Finalize>());
        Assert.Single(_bench.Of<Verify>());
    }

    [Fact]
    public void Certification_OfAnotherBlockOrUnasked_IsIgnored()
    {
        Hash256 block = _bench.Header(1).Hash;
        _bench.Do(new BlockCertified(new View(1), block, true));
        Assert.Empty(_bench.Effects);
        _bench.Do(
            new CertificateReceived(1, _bench.Certificate(VoteKind.Notarize, 1, block)),
            new BlockCertified(new View(1), _bench.Header(1, salt: 1).Hash, true));
        Assert.Equal(1UL, _bench.Machine.CurrentView.Value);
    }

    [Fact]
    public void Nullification_DoesNotAbandonCertification()
    {
        // Two sub-quorums would else each refuse the other's ancestry, and the chain would halt.
        Hash256 block = _bench.Header(1).Hash;
        _bench.Do(
            new CertificateReceived(1, _bench.Certificate(VoteKind.Notarize, 1, block)),
            new CertificateReceived(1, _bench.Certificate(VoteKind.Nullify, 1)));
        Assert.Equal(2UL, _bench.Machine.CurrentView.Value);
        _bench.Do(_bench.Propose(_bench.Header(2, block), 1));
        Assert.Empty(_bench.Of<Verify>());

        _bench.Do(new BlockCertified(new View(1), block, true));
        Assert.Single(_bench.Of<Verify>());
        Assert.Equal(1UL, _bench.Machine.HighestCertifiedView.Value);
        Assert.Empty(_bench.Cast);
    }

    [Fact]
    public void Finalization_DeliversOnceEntersAndVoidsCertifications()
    {
        Hash256 one = _bench.Header(1).Hash;
        Hash256 two = _bench.Header(2, one).Hash;
        _bench.Do(
            new CertificateReceived(1, _bench.Certificate(VoteKind.Notarize, 1, one)),
            new CertificateReceived(1, _bench.Certificate(VoteKind.Finalize, 2, two)),
            new CertificateReceived(2, _bench.Certificate(VoteKind.Finalize, 2, two)));
        Assert.Equal(two, Assert.Single(_bench.Of<Finalize>()).Certificate.Subject.BlockHash);
        Assert.Equal((3UL, 2UL), (_bench.Machine.CurrentView.Value, _bench.Machine.LastFinalizedView.Value));
        Assert.Equal(two, _bench.Machine.LastFinalizedHash);

        _bench.Do(new BlockCertified(new View(1), one, true));
        Assert.Empty(_bench.Effects);
        Assert.Empty(_bench.Cast);
    }

    [Fact]
    public void Finalization_OfAnOlderView_IsDroppedUnverified()
    {
        Hash256 two = _bench.Header(2).Hash;
        _bench.Do(new CertificateReceived(1, _bench.Certificate(VoteKind.Finalize, 2, two)));
        int checks = _bench.Scheme.Checks;
        _bench.Do(
            new CertificateReceived(1, _bench.Certificate(VoteKind.Finalize, 1, _bench.Header(1).Hash)));
        Assert.Empty(_bench.Effects);
        Assert.Equal(checks, _bench.Scheme.Checks);
    }

    [Theory]
    [InlineData(VoteKind.Notarize)]
    [InlineData(VoteKind.Nullify)]
    [InlineData(VoteKind.Finalize)]
    public void Certificate_Wrong_BlocksTheSenderAndOnlyIt(VoteKind kind)
    {
        var bench = new Bench(validators: 5);
        Hash256 block = kind == VoteKind.Nullify ? default : bench.Header(1).Hash;
        Certificate good = bench.Certificate(kind, 1, block);
        Certificate[] bad =
        [
            bench.Certificate(kind, 1, block, 1, 2, 3),
            good with { Signers = good.Signers ^ 0b11 },
            good with { Signers = good.Signers | 0x8000_0000 },
            good with { Signatures = good.Signatures.RemoveAt(0) },
            good with { Signatures = good.Signatures.SetItem(1, good.Signatures[0]) },
            good with { Subject = good.Subject with { View = new View(2) } },
            good with { Signatures = [] , Signers = 0 },
        ];
        foreach (Certificate certificate in bad)
        {
            bench.Do(new CertificateReceived(2, certificate));
            Assert.Equal(new BlockPeer(2, PeerFault.BadCertificate), Assert.Single(bench.Effects));
            bench.Do(new CertificateReceived(-1, certificate));
            Assert.Empty(bench.Effects);
        }

        bench.Do(new CertificateReceived(2, good));
        Assert.Contains(bench.Effects, effect => effect is AppendRecord);
    }

    [Fact]
    public void Certificate_OfAnotherEpoch_IsDropped()
    {
        Certificate held = _bench.Certificate(VoteKind.Nullify, 1);
        _bench.Do(
            new CertificateReceived(1, held with { Subject = held.Subject with { Epoch = new Epoch(1) } }));
        Assert.Empty(_bench.Effects);
    }

    [Fact]
    public void Certificates_ThatExcludeEachOther_StopTheMachine()
    {
        Hash256 block = _bench.Header(1).Hash;
        Hash256 other = _bench.GenesisBlock;
        Certificate notarized = _bench.Certificate(VoteKind.Notarize, 1, block);
        Certificate nullified = _bench.Certificate(VoteKind.Nullify, 1);
        Certificate finalized = _bench.Certificate(VoteKind.Finalize, 1, block);
        (Certificate First, Certificate Second)[] pairs =
        [
            (notarized, _bench.Certificate(VoteKind.Notarize, 1, other)),
            (nullified, finalized),
            (finalized, nullified),
            (finalized, _bench.Certificate(VoteKind.Finalize, 1, other)),
            (notarized, _bench.Certificate(VoteKind.Finalize, 1, other)),
        ];
        foreach ((Certificate first, Certificate second) in pairs)
        {
            var bench = new Bench();
            bench.Do(new CertificateReceived(1, first), new CertificateReceived(1, second));
            Assert.Equal(new SafetyViolated(first, second), Assert.Single(bench.Of<SafetyViolated>()));
            Assert.True(bench.Machine.Stopped);
            Assert.Null(bench.Machine.NextWake);
            bench.Do(bench.Propose(bench.Header(2), 0));
            Assert.Empty(bench.Effects);
        }
    }

    [Fact]
    public void NullificationAndNotarization_OfOneView_AreLegal()
    {
        _bench.Do(
            new CertificateReceived(1, _bench.Certificate(VoteKind.Nullify, 1)),
            new CertificateReceived(1, _bench.Certificate(VoteKind.Notarize, 1, _bench.Header(1).Hash)));
        Assert.False(_bench.Machine.Stopped);
        Assert.Single(_bench.Of<Certify>());
    }
}
