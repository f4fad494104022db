// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Bridge;

/// <summary>Opening lanes, joining tokens, stopping and resuming, replacing signers.</summary>
public sealed class BridgeLaneTests : BridgeFixture
{
    private const ulong Other = 5;

    [Fact]
    public void Open_NewLane_RegistersEscrowAndSigners()
    {
        Ledger.Pass(MinistryMaker, Lane(Other) with { Signers = Others });

        Assert.Equal(AccountKind.BridgeEscrow, Ledger.View.Account(BridgeEscrow.Of(Other))!.Kind);
        Assert.All(Others, signer => Assert.Equal(
            (AccountKind.BridgeSigner, signer.Institution),
            (Ledger.View.Account(signer.Key)!.Kind, Ledger.View.Account(signer.Key)!.Institution)));
        Assert.Equal(5, Happened.OfType<AccountRegistered>().Count());
        Assert.Equal(new BridgeSignersSet(Other, 1, 4), Assert.Single(Happened.OfType<BridgeSignersSet>()));
        BridgeLaneState lane = Ledger.View.BridgeLane(Other)!;
        Assert.Equal((1UL, 1UL, 1UL, 1UL), (lane.Epoch, lane.NextLock, lane.NextMessage, lane.NextBurn));
        Assert.Equal((3, 1), (lane.Quorum, lane.MaxFaulty));
    }

    [Fact]
    public void Open_SameSignersForAnotherChain_IsTaken()
    {
        Ledger.Pass(MinistryMaker, Lane(Other));
        Assert.NotNull(Ledger.View.BridgeLane(Other));
    }

    [Fact]
    public void Open_ExistingLane_IsRefused() =>
        Refuses(RejectionCode.BridgeLaneExists, MinistryMaker, Lane());

    [Fact]
    public void Open_MoreLanesThanMayBe_IsRefused()
    {
        for (ulong chain = 1; chain < Limits.BridgeLanes; chain++)
        {
            Ledger.Pass(MinistryMaker, Lane(chain));
        }

        Refuses(RejectionCode.BridgeLaneExists, MinistryMaker, Lane(Limits.BridgeLanes + 1));
    }

    [Fact]
    public void Open_InstitutionWithMoreSeatsThanMayFail_IsRefused()
    {
        Refuses(RejectionCode.BridgeSeats, MinistryMaker, Lane(Other) with
        {
            Signers = Set("x", Ministry, Ministry, Bank, Regulator),
        });
        Refuses(RejectionCode.BridgeSeats, MinistryMaker, Lane(Other) with
        {
            Signers = Set("x", Ministry, Ministry, Bank, Bank, Regulator, Treasury),
        });
        Ledger.Propose(MinistryMaker, Lane(Other) with
        {
            Signers = Set("x", Ministry, Ministry, Bank, Bank, Regulator, Treasury, Regulator),
        });
    }

    [Fact]
    public void Open_SignerOfUnknownInstitution_IsRefused() =>
        Refuses(RejectionCode.InstitutionUnknown, MinistryMaker, Lane(Other) with
        {
            Signers = Set("x", Nobody, Treasury, Bank, Regulator),
        });

    [Fact]
    public void Open_SignerKeyThatIsSomethingElse_IsRefused()
    {
        foreach (Address key in new[] { Alice, BankChecker, Auditor, Escrow })
        {
            Refuses(RejectionCode.KeyInUse, MinistryMaker, Lane(Other) with { Signers = With(key, Bank) });
        }
    }

    /// <summary>Seats are counted by institution, so a key cannot be counted for one and then for
    /// another.</summary>
    [Fact]
    public void Open_SignerOfAnotherInstitution_IsRefused()
    {
        BridgeSigner known = Signers.Single(signer => signer.Institution == Ministry);
        Refuses(RejectionCode.KeyInUse, MinistryMaker, Lane(Other) with { Signers = With(known.Key, Bank) });
    }

    [Fact]
    public void Open_EscrowThatIsAnAccount_IsRefused()
    {
        Ledger.MustRun(
            RegulatorRegistrar, new RegisterAccount(BridgeEscrow.Of(Other), AccountKind.Citizen, default));
        Refuses(RejectionCode.KeyInUse, MinistryMaker, Lane(Other));
    }

    [Theory]
    [InlineData("chain 0")]
    [InlineData("no contract")]
    [InlineData("one contract")]
    [InlineData("no genesis")]
    [InlineData("short life")]
    [InlineData("long life")]
    [InlineData("long gathering")]
    [InlineData("three signers")]
    [InlineData("signers out of order")]
    [InlineData("signer twice")]
    public void Open_TermsOutsideTheirMeaning_AreNotIncludable(string what)
    {
        OpenBridgeLane lane = Lane(Other);
        lane = what switch
        {
            "chain 0" => lane with { ChainId = 0 },
            "no contract" => lane with { Contract = default },
            "one contract" => lane with { SignerContract = lane.Contract },
            "no genesis" => lane with { RemoteGenesis = default },
            "short life" => lane with { LockLifetimeMs = Limits.BridgeLockMinMs - 1, GatherMs = 0 },
            "long life" => lane with { LockLifetimeMs = Limits.BridgeLockMaxMs + 1 },
            "long gathering" => lane with { GatherMs = (LifetimeMs / 2) + 1 },
            "three signers" => lane with { Signers = lane.Signers[..3] },
            "signers out of order" => lane with { Signers = [.. lane.Signers.Reverse()] },
            _ => lane with { Signers = [lane.Signers[0], .. lane.Signers] },
        };
        var propose = new Propose([lane], Ledger.Time.Plus(HourMs), "test");
        Assert.Equal(
            RejectionCode.InvalidField, Ledger.WhyInvalid(Ledger.Draft(MinistryMaker, propose))?.Code);
    }

    [Fact]
    public void Map_AssetOfAnotherIssuer_UnknownLaneOrAsset_IsRefused()
    {
        var map = new MapBridgeToken(Chain, Carbon, Named("carbon"), Wide);
        Refuses(RejectionCode.NotAuthorised, MinistryMaker, map);
        Refuses(RejectionCode.BridgeLaneUnknown, TreasuryMaker, map with { ChainId = Other });
        Refuses(RejectionCode.AssetUnknown, MinistryMaker, map with { Asset = AssetId.Parse("GHOST") });
    }

    [Fact]
    public void Map_TokenOrAssetThatIsJoined_IsRefused()
    {
        Refuses(
            RejectionCode.BridgeTokenTaken, TreasuryMaker, new MapBridgeToken(Chain, Carbon, Token, Wide));
        Refuses(
            RejectionCode.BridgeTokenTaken, MinistryMaker,
            new MapBridgeToken(Chain, Bond, Named("another"), Wide));
    }

    [Fact]
    public void Map_Again_ChangesTheQuotaAndKeepsTheBooks()
    {
        Lock(300);
        BridgeQuota narrow = Wide with { PerItem = new Amount(50), Ceiling = new Amount(1) };

        Ledger.Pass(MinistryMaker, new MapBridgeToken(Chain, Bond, Token, narrow));

        Assert.Equal(narrow, Books.Quota);
        Assert.Equal(new Amount(300), Books.Locked);
        Assert.Equal(1, State.Tokens);
        Assert.Contains(new BridgeTokenMapped(Chain, Bond, Token), Happened);
    }

    [Fact]
    public void Map_MoreTokensThanALaneHolds_IsRefused()
    {
        for (int done = 1; done < Limits.BridgeTokensPerLane;)
        {
            int count = Math.Min(Limits.BridgeTokensPerLane - done, 40);
            PrivilegedOperation[] payload =
            [
                .. Enumerable.Range(done, count).Select(i => new CreateAsset(BondDefinition(Numbered(i)))),
                .. Enumerable.Range(done, count)
                    .Select(i => new MapBridgeToken(Chain, Numbered(i), Named($"token {i}"), Wide)),
            ];
            Ledger.Pass(MinistryMaker, payload);
            done += count;
        }

        Ledger.Pass(MinistryMaker, new CreateAsset(BondDefinition(Numbered(0))));
        Refuses(
            RejectionCode.TooLarge, MinistryMaker,
            new MapBridgeToken(Chain, Numbered(0), Named("one"), Wide));
    }

    [Fact]
    public void Pause_OfBothSides_SaysSoOnce()
    {
        Refuses(
            RejectionCode.BridgeLaneUnknown, MinistryMaker, new PauseBridge(Other, BridgeStops.Locks, ""));
        Ledger.Pass(RegulatorMaker, new PauseBridge(Chain, BridgeStops.Locks, "look"));
        Assert.Contains(new BridgeStopsSet(Chain, BridgeStops.Locks, "look"), Happened);
        Refuses(RejectionCode.BridgePaused, MinistryMaker, new PauseBridge(Chain, BridgeStops.Locks, ""));

        Ledger.Pass(MinistryMaker, new PauseBridge(Chain, BridgeStops.Locks | BridgeStops.Releases, ""));

        Assert.Equal(BridgeStops.Locks | BridgeStops.Releases, State.Stops);
    }

    [Fact]
    public void Resume_OfOneSide_LeavesTheOther()
    {
        Refuses(
            RejectionCode.BridgeLaneUnknown, MinistryMaker, new ResumeBridge(Other, BridgeStops.Locks, ""));
        Refuses(
            RejectionCode.BridgeNotPaused, MinistryMaker, new ResumeBridge(Chain, BridgeStops.Locks, ""));
        Ledger.Pass(MinistryMaker, new PauseBridge(Chain, BridgeStops.Locks | BridgeStops.Releases, ""));

        Ledger.Pass(MinistryMaker, new ResumeBridge(Chain, BridgeStops.Locks, "looked"));

        Assert.Equal(BridgeStops.Releases, State.Stops);
    }

    [Fact]
    public void Pause_OfNothingOrAHalt_IsNotIncludable()
    {
        foreach (BridgeStops stops in new[] { BridgeStops.None, BridgeStops.Halted })
        {
            var propose = new Propose([new PauseBridge(Chain, stops, "")], Ledger.Time.Plus(HourMs), "");
            Assert.Equal(
                RejectionCode.InvalidField, Ledger.WhyInvalid(Ledger.Draft(MinistryMaker, propose))?.Code);
        }
    }

    [Fact]
    public void Rotate_WhileOneIsUnderWay_UnknownLaneOrBadSet_IsRefused()
    {
        var rotate = new RotateBridgeSigners(Chain, Ledger.Time, Others);
        Refuses(RejectionCode.BridgeLaneUnknown, MinistryMaker, rotate with { ChainId = Other });
        Refuses(RejectionCode.BridgeSeats, MinistryMaker, rotate with
        {
            Signers = Set("x", Ministry, Ministry, Bank, Regulator),
        });
        Ledger.Pass(MinistryMaker, rotate);
        Refuses(RejectionCode.BridgeRotationOpen, MinistryMaker, rotate);
    }

    /// <summary>One that never begins would be the last; and no moment may break the arithmetic.</summary>
    [Fact]
    public void Rotate_TooFarAhead_IsRefused()
    {
        TimestampMs late = Ledger.Next.Time.Plus(Limits.BridgeRotationAheadMs + 1);
        foreach (TimestampMs begin in new[] { late, new TimestampMs(ulong.MaxValue) })
        {
            var propose = new Propose(
                [new RotateBridgeSigners(Chain, begin, Others)], Ledger.Time.Plus(HourMs), "");
            Assert.Equal(
                RejectionCode.InvalidField,
                Ledger.Machine.Simulate(Ledger.State, Ledger.Next, Ledger.Draft(MinistryMaker, propose))
                    .Rejection?.Code);
        }

        Ledger.Propose(
            MinistryMaker,
            new RotateBridgeSigners(Chain, Ledger.Time.Plus(Limits.BridgeRotationAheadMs), Others));
    }

    private static AssetId Numbered(int i) => AssetId.Parse($"B-{i}");

    private static ImmutableArray<BridgeSigner> With(Address key, Address owner) =>
    [
        .. Set("x", Ministry, Treasury, Regulator).Append(new BridgeSigner(key, owner))
            .OrderBy(signer => signer.Key),
    ];
}
