// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Bridge;

/// <summary>What becomes of units that were burned abroad.</summary>
public sealed class BridgeReleaseTests : BridgeFixture
{
    [Fact]
    public void Burn_SeenByTheQuorum_IsReleasedWithItsTag()
    {
        Mint(100);
        See(Burn(1, 60, tag: 77), votes: 2);
        Assert.Null(Ledger.View.BridgeBurn(Chain, 1));

        Vote(Signers[2], Burn(1, 60, tag: 77));

        Assert.Equal(
            [
                new Transferred(Bond, Escrow, Bob, new Amount(60), new Amount(40), new Amount(60), 77),
                new BridgeReleased(Chain, 1, Bond, Bob, 77, new Amount(60)),
            ],
            Happened);
        Assert.Equal(
            new BridgeBurnState(Burn(1, 60, tag: 77), Bond, BridgeBurnStatus.Released, 0, Bob), BurnOf(1));
        Assert.Equal(
            (new Amount(60), new Amount(60), new Amount(40), 2UL),
            (Books.Burned, Books.Released, Books.InEscrow, State.NextBurn));
        See(Burn(1, 60), votes: 4);
        Assert.Equal(new Amount(60), Balance(Bob));
    }

    [Fact]
    public void Burn_WithoutTheTagThatItsReceiverRequires_IsSuspended_AndGoesWhereOfficersSay()
    {
        Mint(100);
        Ledger.MustRun(Bob, new RequireTag(Bob, Required: true));
        See(Burn(1, 60));
        Assert.Equal(
            (BridgeBurnStatus.Suspended, RejectionCode.TagRequired), (BurnOf(1).Status, BurnOf(1).Hindrance));
        See(Burn(2, 10, tag: 5));
        Assert.Equal(new Amount(10), Balance(Bob));

        Ledger.MustRun(Bob, new RequireTag(Bob, Required: false));
        Ledger.MustRun(Alice, new RetryBridgeRelease(Chain, 1));
        Assert.Equal(new Amount(70), Balance(Bob));
    }

    [Fact]
    public void Burn_AgreedOnOutOfOrder_WaitsForItsTurn()
    {
        Mint(100);
        See(Burn(3, 30));
        See(Burn(2, 20));
        Assert.Equal((BridgeBurnStatus.Waiting, Amount.Zero), (BurnOf(3).Status, Balance(Bob)));

        See(Burn(1, 10));

        Assert.Equal(
            [1UL, 2UL, 3UL], Happened.OfType<BridgeReleased>().Select(released => released.BurnNonce));
        Assert.Equal((new Amount(60), 4UL), (Balance(Bob), State.NextBurn));
    }

    [Theory]
    [InlineData("stranger", RejectionCode.ReceiverNotRegistered)]
    [InlineData("frozen", RejectionCode.AccountFrozen)]
    [InlineData("paused asset", RejectionCode.AssetPaused)]
    [InlineData("paused releases", RejectionCode.BridgePaused)]
    [InlineData("bucket", RejectionCode.BridgeLimit)]
    [InlineData("mint unknown", RejectionCode.BridgeBacking)]
    public void Burn_WithAHindrance_IsSuspended_AndReleasedOnceByWhoeverAsksLater(
        string what, RejectionCode code)
    {
        Mint(100);
        ulong late = LockAndGather(500);
        Address to = what == "stranger" ? Nobody : Bob;
        Set(what);
        ulong amount = what == "mint unknown" ? 300UL : 60;

        See(Burn(1, amount, to));

        Assert.Equal((BridgeBurnStatus.Suspended, code), (BurnOf(1).Status, BurnOf(1).Hindrance));
        Assert.Contains(new BridgeSuspended(Chain, 1, code), Happened);
        Assert.Equal((new Amount(amount), Amount.Zero), (Books.Burned, Books.Released));
        Assert.Equal(BridgeStops.None, State.Stops & BridgeStops.Halted);
        var retry = new RetryBridgeRelease(Chain, 1);
        Fails(code, ExchangeAccount, retry);
        Lift(what, late);
        Ledger.MustRun(ExchangeAccount, retry);
        Assert.Equal(new Amount(amount), Balance(to));
        Assert.Equal((BridgeBurnStatus.Released, (RejectionCode)0), (BurnOf(1).Status, BurnOf(1).Hindrance));
        Assert.Equal((new Amount(amount), new Amount(amount)), (Books.Burned, Books.Released));
        Fails(RejectionCode.BridgeBurnUnknown, ExchangeAccount, retry);
    }

    [Fact]
    public void Burn_OfATokenThatIsJoinedLater_CanBeReleasedThen()
    {
        var token = Named("carbon token");
        Ledger.Pass(TreasuryMaker, new IssueUnits(Carbon, Alice, new Amount(50)));
        See(Burn(1, 10, token: token));
        Assert.Equal(RejectionCode.BridgeTokenUnknown, BurnOf(1).Hindrance);
        Fails(RejectionCode.BridgeTokenUnknown, Bob, new RetryBridgeRelease(Chain, 1));

        Ledger.Pass(TreasuryMaker, new MapBridgeToken(Chain, Carbon, token, Wide));
        ulong nonce = Lock(20, asset: Carbon);
        Gather();
        See(new MintObserved(nonce, Place()));
        Ledger.MustRun(Bob, new RetryBridgeRelease(Chain, 1));

        Assert.Equal(new Amount(10), Ledger.View.Balance(Bob, Carbon));
        BridgeTokenState books = Ledger.View.BridgeToken(Chain, Carbon)!;
        Assert.Equal((new Amount(10), new Amount(10)), (books.Burned, books.Released));
    }

    [Fact]
    public void Burn_ThatNamesNoAccount_IsForOfficersToDecide()
    {
        Mint(100);
        See(Burn(1, 60) with { Recipient = Hash("no account") });
        Assert.Equal(RejectionCode.InvalidField, BurnOf(1).Hindrance);
        Fails(RejectionCode.InvalidField, Bob, new RetryBridgeRelease(Chain, 1));

        Ledger.Pass(RegulatorMaker, new RedirectBridgeRelease(Chain, 1, Bob, "court order"));

        Assert.Equal((new Amount(60), Bob), (Balance(Bob), BurnOf(1).To));
        Refuses(
            RejectionCode.BridgeBurnUnknown, RegulatorMaker, new RedirectBridgeRelease(Chain, 1, Alice, ""));
    }

    [Fact]
    public void Redirect_WhatIsNotSuspendedOrToWhoMayNotHaveIt_IsRefused()
    {
        Mint(100);
        var redirect = new RedirectBridgeRelease(Chain, 1, Bob, "");
        Refuses(RejectionCode.BridgeBurnUnknown, RegulatorMaker, redirect);
        Refuses(RejectionCode.BridgeLaneUnknown, RegulatorMaker, redirect with { ChainId = 1 });
        See(Burn(2, 10));
        Refuses(RejectionCode.BridgeBurnUnknown, RegulatorMaker, redirect with { BurnNonce = 2 });
        See(Burn(1, 60, Nobody));
        Refuses(RejectionCode.ReceiverNotRegistered, RegulatorMaker, redirect with { To = Nobody });
        Refuses(RejectionCode.BridgeEscrowAccount, RegulatorMaker, redirect with { To = Escrow });
        Fails(RejectionCode.BridgeLaneUnknown, Bob, new RetryBridgeRelease(1, 1));
        Fails(RejectionCode.BridgeBurnUnknown, Bob, new RetryBridgeRelease(Chain, 9));
    }

    [Fact]
    public void Burn_OfMoreThanTheEscrowHolds_HaltsTheLane()
    {
        Mint(100);
        See(Burn(2, 1));
        See(Burn(1, 101));

        Assert.Equal(BridgeStops.Halted, State.Stops);
        Assert.Equal(RejectionCode.BridgeBacking, BurnOf(1).Hindrance);
        Assert.Equal(RejectionCode.BridgePaused, BurnOf(2).Hindrance);
        Assert.Single(Happened.OfType<BridgeStopsSet>());
        Ledger.Pass(MinistryMaker, new ResumeBridge(Chain, BridgeStops.Halted, ""));
        Fails(RejectionCode.BridgeBacking, Bob, new RetryBridgeRelease(Chain, 1));
        Ledger.MustRun(Bob, new RetryBridgeRelease(Chain, 2));
    }

    /// <summary>Signers that lie can take what was minted, and nothing that is on its way: its owners may
    /// have it back at any time.</summary>
    [Fact]
    public void Burn_ThatNobodyCanHaveMade_LeavesWhatIsNotMinted()
    {
        ulong first = LockAndGather(100);
        ulong second = Lock(50);
        See(Burn(1, 120));
        Assert.Equal(RejectionCode.BridgeBacking, BurnOf(1).Hindrance);

        Ledger.MustRun(Alice, new CancelBridgeLock(Chain, second));
        See(new ExpiryObserved(first));

        Assert.Equal(new Amount(1_000_000), Balance(Alice));
    }

    /// <summary>A token that lies about its burns must stop its lane, and not the ledger.</summary>
    [Fact]
    public void Burn_SumsOver128Bits_HaltsTheLane()
    {
        Mint(100);
        BurnObserved huge = Burn(1, 1) with { Amount = new Amount(UInt128.MaxValue) };
        See(huge);
        Ledger.Pass(MinistryMaker, new ResumeBridge(Chain, BridgeStops.Halted, ""));
        See(huge with { Nonce = 2 });

        Assert.Equal(BridgeStops.Halted, State.Stops);
        Assert.Equal(new Amount(UInt128.MaxValue), Books.Burned);
    }

    private void Set(string what)
    {
        switch (what)
        {
            case "frozen":
                Ledger.Pass(
                    RegulatorMaker, new FreezeAccount(Bob, FreezeMode.SendAndReceive, "order", default));
                break;
            case "paused asset":
                Ledger.Pass(MinistryMaker, new PauseAsset(Bond, ""));
                break;
            case "paused releases":
                Ledger.Pass(MinistryMaker, new PauseBridge(Chain, BridgeStops.Releases, ""));
                break;
            case "bucket":
                Ledger.Pass(MinistryMaker, Inbound(59));
                break;
        }
    }

    private void Lift(string what, ulong late)
    {
        switch (what)
        {
            case "stranger":
                Ledger.MustRun(RegulatorRegistrar, new RegisterAccount(Nobody, AccountKind.Citizen, default));
                break;
            case "frozen":
                Ledger.Pass(RegulatorMaker, new UnfreezeAccount(Bob, "order 2"));
                break;
            case "paused asset":
                Ledger.Pass(MinistryMaker, new ResumeAsset(Bond, ""));
                break;
            case "paused releases":
                Ledger.Pass(MinistryMaker, new ResumeBridge(Chain, BridgeStops.Releases, ""));
                break;
            case "bucket":
                Ledger.Pass(MinistryMaker, Inbound(60));
                Ledger.Wait(1_000);
                break;
            default:
                See(new MintObserved(late, Place()));
                break;
        }
    }

    private static MapBridgeToken Inbound(ulong capacity) => new(
        Chain, Bond, Token, Wide with { Inbound = new BridgeRate(new Amount(capacity), new Amount(1)) });
}
