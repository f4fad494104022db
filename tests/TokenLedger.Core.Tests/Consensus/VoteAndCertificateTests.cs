// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Tests.Golden;

namespace TokenLedger.Core.Tests.Consensus;

public sealed class VoteAndCertificateTests
{
    private static readonly Hash256 Genesis = Samples.Hash(1);
    private static readonly ToyScheme Scheme = new();

    [Fact]
    public void Verify_EveryChange_IsRefused()
    {
        ValidatorSet set = Set(4, epoch: 2);
        Vote vote = Sign(Samples.Notarize, 1);

        Assert.True(vote.Verify(set, Genesis, Scheme));
        Assert.False(vote.Verify(set, Samples.Hash(2), Scheme));
        Assert.False(vote.Verify(Set(4, epoch: 3), Genesis, Scheme));
        Assert.False((vote with { Signer = 2 }).Verify(set, Genesis, Scheme));
        Assert.False((vote with { Signer = 4 }).Verify(set, Genesis, Scheme));
        Assert.False((vote with { Signer = -1 }).Verify(set, Genesis, Scheme));
        Assert.False((vote with { Subject = Samples.Finalize }).Verify(set, Genesis, Scheme));
        Assert.False((vote with { Signature = default }).Verify(set, Genesis, Scheme));
    }

    [Fact]
    public void SigningDigest_AnyFieldChanged_IsAnother()
    {
        VoteSubject subject = Samples.Notarize;
        Hash256[] digests =
        [
            subject.SigningDigest(Genesis),
            subject.SigningDigest(Samples.Hash(2)),
            (subject with { Kind = VoteKind.Finalize }).SigningDigest(Genesis),
            (subject with { Kind = VoteKind.Nullify }).SigningDigest(Genesis),
            (subject with { Epoch = new Epoch(3) }).SigningDigest(Genesis),
            (subject with { View = new View(3) }).SigningDigest(Genesis),
            (subject with { BlockHash = Samples.Hash(3) }).SigningDigest(Genesis),
        ];

        Assert.Equal(digests.Length, digests.Distinct().Count());
    }

    [Fact]
    public void Certificate_Quorum_VerifiesAndOneLessDoesNot()
    {
        for (int count = 1; count <= Limits.Validators; count++)
        {
            ValidatorSet set = Set(count, epoch: 2);
            Vote[] votes = [.. Enumerable.Range(0, count).Select(i => Sign(Samples.Notarize, i)).Reverse()];

            Assert.True(
                Certificate.FromVotes(Samples.Notarize, votes[..set.Quorum]).Verify(set, Genesis, Scheme));
            Assert.False(
                Certificate.FromVotes(Samples.Notarize, votes[..(set.Quorum - 1)]).Verify(
                    set, Genesis, Scheme));
        }
    }

    [Fact]
    public void Certificate_Forged_IsRefused()
    {
        ValidatorSet set = Set(4, epoch: 2);
        Certificate right = Certificate.FromVotes(
            Samples.Notarize, Enumerable.Range(0, 3).Select(i => Sign(Samples.Notarize, i)));

        Assert.True(right.Verify(set, Genesis, Scheme));
        Assert.False(right.Verify(Set(4, epoch: 1), Genesis, Scheme));
        Assert.False((right with { Signers = 0b1110 }).Verify(set, Genesis, Scheme));
        Assert.False((right with { Signers = 0b1_0011 }).Verify(set, Genesis, Scheme));
        Assert.False((right with { Signers = 0x8000_0003 }).Verify(set, Genesis, Scheme));
        Assert.False((right with { Subject = Samples.Finalize }).Verify(set, Genesis, Scheme));
        Assert.False((right with { Signatures = right.Signatures.RemoveAt(0) }).Verify(set, Genesis, Scheme));
        Assert.False((right with { Signatures = right.Signatures.Reverse().ToImmutableArray() })
            .Verify(set, Genesis, Scheme));

        // One validator's signature thrice is not a quorum.
        ImmutableArray<byte> one = right.Signatures[0];
        Assert.False((right with { Signatures = [one, one, one] }).Verify(set, Genesis, Scheme));
    }

    [Fact]
    public void FromVotes_TwiceTheSameSignerOrOutOfRange_Throws()
    {
        Vote vote = Sign(Samples.Notarize, 1);

        Assert.Throws<InvariantException>(() => Certificate.FromVotes(Samples.Notarize, [vote, vote]));
        Assert.Throws<InvariantException>(
            () => Certificate.FromVotes(Samples.Notarize, [vote with { Signer = 33 }]));
        Assert.Throws<InvariantException>(() => Certificate.FromVotes(Samples.Finalize, [vote]));
    }

    [Fact]
    public void Equals_SameContentOtherArrays_IsEqual()
    {
        Vote one = Sign(Samples.Notarize, 1);
        Vote two = Sign(Samples.Notarize, 1);

        Assert.Equal(one, two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
        Assert.NotEqual(one, two with { Signature = Samples.Signature(1) });
        Assert.Equal(Certificate.FromVotes(one.Subject, [one]), Certificate.FromVotes(one.Subject, [two]));
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(2, 0, 2)]
    [InlineData(3, 0, 3)]
    [InlineData(4, 1, 3)]
    [InlineData(5, 1, 4)]
    [InlineData(6, 1, 5)]
    [InlineData(7, 2, 5)]
    [InlineData(31, 10, 21)]
    public void ValidatorSet_Quorum_IsCountLessFaulty(int count, int faulty, int quorum)
    {
        ValidatorSet set = Set(count, epoch: 0);

        Assert.Equal(faulty, set.MaxFaulty);
        Assert.Equal(quorum, set.Quorum);

        // Two quorums share more validators than may be faulty.
        Assert.True((2 * set.Quorum) - count > faulty);
    }

    [Fact]
    public void ValidatorSet_EmptyTooLargeOrRepeated_Throws()
    {
        Validator one = Member(0);
        Assert.Throws<ArgumentException>(() => new ValidatorSet(new Epoch(0), default));
        Assert.Throws<ArgumentException>(() => new ValidatorSet(new Epoch(0), []));
        Assert.Throws<ArgumentException>(() => Set(Limits.Validators + 1, epoch: 0));
        Assert.Throws<ArgumentException>(
            () => new ValidatorSet(new Epoch(0), [one, Member(1) with { Name = one.Name }]));
        Assert.Throws<ArgumentException>(
            () => new ValidatorSet(new Epoch(0), [one, Member(1) with { Address = one.Address }]));
        Assert.Throws<ArgumentException>(
            () => new ValidatorSet(new Epoch(0), [one, Member(1) with { TlsKeyHash = one.TlsKeyHash }]));
    }

    [Fact]
    public void ValidatorSet_LeaderOf_IsEachInTurn()
    {
        ValidatorSet set = Set(4, epoch: 0);

        Assert.Equal(
            [0, 1, 2, 3, 0], Enumerable.Range(0, 5).Select(view => set.LeaderOf(new View((ulong)view))));
        Assert.Equal(3, set.LeaderOf(new View(ulong.MaxValue)));
        Assert.Equal(2, set.IndexOf(Member(2).Address));
        Assert.Equal(-1, set.IndexOf(Member(9).Address));
    }

    private static ValidatorSet Set(int count, ulong epoch) =>
        new(new Epoch(epoch), [.. Enumerable.Range(0, count).Select(Member)]);

    private static Validator Member(int index) =>
        new($"v{index}", Samples.Address((byte)(index + 1)), Samples.Hash((byte)(index + 1)));

    private static Vote Sign(VoteSubject subject, int index) => new(
        subject, index, ToyScheme.Sign(subject.SigningDigest(Genesis), Member(index).Address));

    /// <summary>Digest, then address, then zeros: no secret, but bound to both.</summary>
    private sealed class ToyScheme : ISignatureScheme
    {
        public static ImmutableArray<byte> Sign(Hash256 digest, Address signer) =>
            [.. digest.ToArray(), .. signer.ToArray(), .. new byte[13]];

        public bool TryRecover(in Hash256 digest, ReadOnlySpan<byte> signature, out Address signer)
        {
            bool right = signature.Length == 65 && new Hash256(signature[..32]) == digest;
            signer = right ? new Address(signature[32..52]) : default;
            return right;
        }
    }
}
