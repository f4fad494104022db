// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus.Tests;

/// <summary>SPEC.md §6: proofs of misbehaviour, against the guilty only.</summary>
public sealed class EvidenceTests
{
    private readonly Bench _bench = new();
    private readonly Hash256 _one = Hashing.Hash(DomainTag.Header, [1]);
    private readonly Hash256 _two = Hashing.Hash(DomainTag.Header, [2]);

    [Theory]
    [InlineData(VoteKind.Notarize)]
    [InlineData(VoteKind.Finalize)]
    public void TwoBlocks_InOneView_AreEvidenceOnce(VoteKind kind)
    {
        _bench.Do(
            _bench.FromPeer(_bench.Vote(2, kind, 1, _one)),
            _bench.FromPeer(_bench.Vote(2, kind, 1, _two)),
            _bench.FromPeer(_bench.Vote(2, kind, 1, Hashing.Hash(DomainTag.Header, [3]))));
        EquivocationEvidence proof = Assert.Single(_bench.Of<Evidence>()).Proof;
        Assert.Equal((2, 1UL), (proof.Signer, proof.View.Value));
        Assert.True(proof.Verify(_bench.Validators, _bench.Config.GenesisHash, _bench.Scheme));
        Assert.Equal(new BlockPeer(2, PeerFault.Equivocation), Assert.Single(_bench.Of<BlockPeer>()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NullifyAndFinalize_InEitherOrder_AreEvidence(bool nullifyFirst)
    {
        Vote nullify = _bench.Vote(2, VoteKind.Nullify, 1);
        Vote finalize = _bench.Vote(2, VoteKind.Finalize, 1, _one);
        _bench.Do(
            _bench.FromPeer(nullifyFirst ? nullify : finalize),
            _bench.FromPeer(nullifyFirst ? finalize : nullify));
        EquivocationEvidence proof = Assert.Single(_bench.Of<Evidence>()).Proof;
        Assert.True(proof.Verify(_bench.Validators, _bench.Config.GenesisHash, _bench.Scheme));
    }

    [Fact]
    public void NotarizeAndNullify_AreLegal()
    {
        _bench.Do(
            _bench.FromPeer(_bench.Vote(2, VoteKind.Notarize, 1, _one)),
            _bench.FromPeer(_bench.Vote(2, VoteKind.Nullify, 1)));
        Assert.Empty(_bench.Effects);
    }

    [Fact]
    public void NotarizeAndFinalize_OfTwoBlocks_IsNoEvidence()
    {
        // Finalize needs no own notarize: whoever voted for a losing block finalizes the notarized one.
        _bench.Do(
            _bench.FromPeer(_bench.Vote(2, VoteKind.Notarize, 1, _one)),
            _bench.FromPeer(_bench.Vote(2, VoteKind.Finalize, 1, _two)));
        Assert.Empty(_bench.Effects);
    }

    [Fact]
    public void SameVote_OtherSignatureBytes_IsNoEvidence()
    {
        _bench.Do(
            _bench.FromPeer(_bench.Vote(2, VoteKind.Finalize, 1, _one)),
            _bench.FromPeer(_bench.Forge(2, VoteKind.Finalize, 1, _one)));
        Assert.Empty(_bench.Effects);
    }

    [Fact]
    public void Conflict_WithAForgedVote_BlamesTheForgeryAndAccusesNobody()
    {
        _bench.Do(
            _bench.FromPeer(_bench.Vote(2, VoteKind.Finalize, 1, _one)),
            _bench.FromPeer(_bench.Forge(2, VoteKind.Finalize, 1, _two)));
        Assert.Equal(new BlockPeer(2, PeerFault.BadSignature), Assert.Single(_bench.Effects));

        _bench.Do(
            _bench.FromPeer(_bench.Forge(3, VoteKind.Finalize, 1, _one)),
            _bench.FromPeer(_bench.Vote(3, VoteKind.Finalize, 1, _two)));
        Assert.Equal(new BlockPeer(3, PeerFault.BadSignature), Assert.Single(_bench.Effects));
    }

    [Fact]
    public void NotarizationOfAnotherBlock_ConvictsTheLeaderAndWithholdsFinalize()
    {
        BlockHeader shown = _bench.Header(1);
        BlockHeader notarized = _bench.Header(1, salt: 1);
        _bench.Do(
            _bench.Propose(shown, 0),
            new CertificateReceived(2, _bench.Certificate(VoteKind.Notarize, 1, notarized.Hash)));
        Assert.Contains(new BlockPeer(1, PeerFault.Equivocation), _bench.Effects);
        EquivocationEvidence proof = Assert.Single(_bench.Of<Evidence>()).Proof;
        Assert.True(proof.Verify(_bench.Validators, _bench.Config.GenesisHash, _bench.Scheme));
        Assert.Equal(new Certify(new View(1), notarized.Hash), Assert.Single(_bench.Of<Certify>()));

        _bench.Do(new BlockCertified(new View(1), notarized.Hash, true));
        Assert.Equal(2UL, _bench.Machine.CurrentView.Value);
        Assert.False(_bench.HasCast(VoteKind.Finalize, 1));
        Assert.False(_bench.HasCast(VoteKind.Notarize, 1));
    }

    [Fact]
    public void ProposalAfterNotarizationOfAnother_ConvictsTheLeaderToo()
    {
        BlockHeader notarized = _bench.Header(1, salt: 1);
        _bench.Do(
            new CertificateReceived(2, _bench.Certificate(VoteKind.Notarize, 1, notarized.Hash)),
            _bench.Propose(_bench.Header(1), 0));
        Assert.Equal(1, Assert.Single(_bench.Of<Evidence>()).Proof.Signer);
        Assert.Empty(_bench.Of<Verify>());
    }

    [Fact]
    public void NotarizationOfAnother_WithoutTheLeadersVote_BlocksButCannotProve()
    {
        var bench = new Bench(own: 0);
        Hash256 other = bench.Header(1, salt: 1).Hash;
        bench.Do(
            bench.Propose(bench.Header(1), 0),
            new CertificateReceived(2, bench.Certificate(VoteKind.Notarize, 1, other, 0, 2, 3)));
        Assert.Empty(bench.Of<Evidence>());
        Assert.Contains(new BlockPeer(1, PeerFault.Equivocation), bench.Effects);
    }

    [Fact]
    public void Evidence_Tampered_DoesNotVerify()
    {
        Vote first = _bench.Vote(2, VoteKind.Finalize, 1, _one);
        EquivocationEvidence[] bad =
        [
            new(first, _bench.Vote(3, VoteKind.Finalize, 1, _two)),
            new(first, _bench.Vote(2, VoteKind.Finalize, 2, _two)),
            new(first, _bench.Vote(2, VoteKind.Notarize, 1, _two)),
            new(first, _bench.Forge(2, VoteKind.Finalize, 1, _two)),
            new(first, first),
        ];
        Assert.DoesNotContain(
            bad, proof => proof.Verify(_bench.Validators, _bench.Config.GenesisHash, _bench.Scheme));
    }

    [Fact]
    public void Evidence_CanonicalForm_RoundTrips()
    {
        var proof = new EquivocationEvidence(
            _bench.Vote(2, VoteKind.Finalize, 1, _one), _bench.Vote(2, VoteKind.Nullify, 1));
        var writer = new CanonicalWriter();
        proof.Write(writer);
        var reader = new CanonicalReader(writer.Written);
        EquivocationEvidence read = EquivocationEvidence.Read(ref reader);
        reader.End();
        Assert.True(read.Verify(_bench.Validators, _bench.Config.GenesisHash, _bench.Scheme));
    }
}
