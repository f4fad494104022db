// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Runtime.Signing;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Signing;

public sealed class ReadmissionTests
{
    private const int Own = 1;

    private static readonly Hash256 Genesis = Hashing.Hash(DomainTag.Genesis, [1]);
    private static readonly Signed Signing = new(Genesis);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(5, 4)]
    [InlineData(7, 5)]
    [InlineData(31, 21)]
    public void Needed_OfSoManyValidators_IsAQuorumOfOthersOrAllOfThem(int validators, int needed) =>
        Assert.Equal(needed, Of(validators).Needed);

    [Fact]
    public void First_OnlyWhenEnoughDifferentOnesAnswered_IsThreeViewsBehindTheHighestEntry()
    {
        ValidatorSet validators = KeyedHashScheme.Validators(4);
        Readmission readmission = Of(4);
        Assert.True(readmission.TryTake(0, Entered(validators, 10)));
        Assert.True(readmission.TryTake(2, Entered(validators, 40)));
        Assert.True(readmission.TryTake(2, Entered(validators, 41)));
        Assert.Null(readmission.First(new View(0)));
        Assert.True(readmission.TryTake(3, new GetHighestVoteResponse { Certain = true, View = 1 }));
        Assert.Equal(new View(44), readmission.First(new View(0)));
        Assert.Equal(new View(102), readmission.First(new View(100)));
    }

    [Fact]
    public void First_OfAOneValidatorNetwork_IsNever() => Assert.Null(Of(1).First(new View(9)));

    [Fact]
    public void TryTake_SeenVoteOfTheOwnKey_CountsWhenItsSignatureIsOwn()
    {
        ValidatorSet validators = KeyedHashScheme.Validators(4);
        Readmission readmission = Of(4);
        readmission.TryTake(0, With(Entered(validators, 5), Vote(validators, 90, Own)));
        readmission.TryTake(2, With(Entered(validators, 5), Vote(validators, 500, 2)));
        readmission.TryTake(3, Entered(validators, 5));
        Assert.Equal(new View(91), readmission.First(new View(0)));
    }

    [Fact]
    public void TryTake_WhatDoesNotHold_DoesNotCount()
    {
        ValidatorSet validators = KeyedHashScheme.Validators(4);
        Readmission readmission = Of(4);
        Assert.False(readmission.TryTake(0, new GetHighestVoteResponse()));
        Assert.False(readmission.TryTake(Own, Entered(validators, 5)));
        Assert.False(readmission.TryTake(0, Entered(validators, 5, 0, 1)));
        Assert.False(readmission.TryTake(0, new GetHighestVoteResponse { Certain = true, View = 9 }));
        GetHighestVoteResponse high = Entered(validators, 5);
        high.View = 9;
        Assert.False(readmission.TryTake(0, high));
        Assert.Throws<CanonicalFormatException>(() => readmission.TryTake(
            0, new GetHighestVoteResponse { Certain = true, Certificate = ByteString.CopyFrom(1, 2) }));
        Assert.Equal(0, readmission.Heard);
    }

    [Theory]
    [InlineData(ulong.MaxValue, ulong.MaxValue)]
    [InlineData(ulong.MaxValue, 0)]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    public void TryTake_ViewsAtTheEndOfNumbers_AreRefusedAndNothingOverflows(ulong certified, ulong told)
    {
        Certificate unsigned = Signing.Certify(
            KeyedHashScheme.Validators(4),
            new VoteSubject(VoteKind.Nullify, new Epoch(0), new View(certified), default), [0]);
        GetHighestVoteResponse answer = Readmission.Answer(
            new PeerSight(true, new View(told), unsigned, null));
        Assert.False(Of(4).TryTake(0, answer));
    }

    [Fact]
    public void Answer_OfOneThatCannotSay_IsEmpty()
    {
        ValidatorSet validators = KeyedHashScheme.Validators(4);
        Vote seen = Vote(validators, 3, Own);
        var uncertain = new PeerSight(false, new View(4), null, seen);
        Assert.Equal(new GetHighestVoteResponse(), Readmission.Answer(uncertain));
        GetHighestVoteResponse said = Readmission.Answer(new PeerSight(true, new View(1), null, seen));
        Assert.True(said.Certain && !said.Vote.IsEmpty);
    }

    private static Readmission Of(int validators) =>
        new(KeyedHashScheme.Validators(validators), Own, Genesis, new KeyedHashScheme());

    private static GetHighestVoteResponse Entered(ValidatorSet validators, ulong view, params int[] signers)
    {
        Certificate entry = Signing.Certify(
            validators, new VoteSubject(VoteKind.Nullify, new Epoch(0), new View(view), default),
            signers.Length > 0 ? signers : [0, 1, 2]);
        return Readmission.Answer(new PeerSight(true, new View(view + 1), entry, null));
    }

    private static Vote Vote(ValidatorSet validators, ulong view, int signer) => Signing.Vote(
        validators, new VoteSubject(VoteKind.Nullify, new Epoch(0), new View(view), default), signer);

    private static GetHighestVoteResponse With(GetHighestVoteResponse answer, Vote vote)
    {
        answer.Vote = Readmission.Answer(new PeerSight(true, new View(1), null, vote)).Vote;
        return answer;
    }
}
