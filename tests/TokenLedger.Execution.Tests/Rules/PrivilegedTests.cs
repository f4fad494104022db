// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Rules;

public class PrivilegedTests
{
    private static readonly AssetId Sukuk = AssetId.Parse("PK-SUKUK");

    private readonly TestLedger _ledger = TestLedger.Start();

    [Fact]
    public void CreateAsset_ThenIssueInOnePayload_TakesEffectTogether()
    {
        _ledger.Pass(
            MinistryMaker,
            new CreateAsset(BondDefinition(Sukuk)),
            new IssueUnits(Sukuk, Alice, new Amount(5)));

        Assert.Equal(new Amount(5), _ledger.View.Supply(Sukuk));
        Assert.Contains(_ledger.Events, e => e.Event is AssetCreated created && created.Asset == Sukuk);
    }

    [Fact]
    public void CreateAsset_TakenSymbol_IsRefused() =>
        Refused(RejectionCode.AssetExists, MinistryMaker, new CreateAsset(BondDefinition(Bond)));

    [Fact]
    public void CreateAsset_IssuedByAnother_IsRefused() =>
        Refused(RejectionCode.NotAuthorised, TreasuryMaker, new CreateAsset(BondDefinition(Sukuk)));

    [Fact]
    public void CreateAsset_UnknownIssuer_IsRefused() => Refused(
        RejectionCode.InstitutionUnknown,
        MinistryMaker,
        new CreateAsset(BondDefinition(Sukuk) with { Issuer = Nobody }));

    [Fact]
    public void IssueUnits_WithinCap_CreditsAndRaisesSupply()
    {
        _ledger.Issue(Alice, 250);

        Assert.Equal(new Amount(250), _ledger.View.Balance(Alice, Bond));
        Assert.Equal(new Amount(250), _ledger.View.Supply(Bond));
        Assert.Contains(
            new UnitsIssued(Bond, Alice, new Amount(250), new Amount(250), new Amount(250)),
            _ledger.Events.Select(e => e.Event));
    }

    [Fact]
    public void IssueUnits_OverCap_IsRefusedAtProposal() =>
        Refused(RejectionCode.SupplyCapExceeded, MinistryMaker, new IssueUnits(
            Bond, Alice, new Amount(10_000_001)));

    [Fact]
    public void IssueUnits_NearMaximum_IsCapExceededNotOverflow() => Refused(
        RejectionCode.SupplyCapExceeded,
        MinistryMaker,
        new IssueUnits(Bond, Alice, new Amount(UInt128.MaxValue)));

    [Fact]
    public void IssueUnits_ToUnregistered_IsRefusedAtProposal() =>
        Refused(
            RejectionCode.ReceiverNotRegistered, MinistryMaker, new IssueUnits(Bond, Nobody, new Amount(1)));

    [Fact]
    public void IssueUnits_ByAnotherIssuer_IsRefused() =>
        Refused(RejectionCode.NotAuthorised, TreasuryMaker, new IssueUnits(Bond, Alice, new Amount(1)));

    [Fact]
    public void IssueUnits_UnknownAsset_IsRefused() =>
        Refused(RejectionCode.AssetUnknown, MinistryMaker, new IssueUnits(Sukuk, Alice, new Amount(1)));

    [Fact]
    public void IssueUnits_WhilePaused_IsRefused()
    {
        _ledger.Pass(MinistryMaker, new PauseAsset(Bond, "halt"));

        Refused(RejectionCode.AssetPaused, MinistryMaker, new IssueUnits(Bond, Alice, new Amount(1)));
    }

    [Fact]
    public void BurnUnits_FromIssuersAccount_LowersSupply_EvenWhilePaused()
    {
        _ledger.Issue(MinistryAccount, 100);
        _ledger.Pass(MinistryMaker, new PauseAsset(Bond, "halt"));

        _ledger.Pass(MinistryMaker, new BurnUnits(Bond, MinistryAccount, new Amount(40), "redeemed"));

        Assert.Equal(new Amount(60), _ledger.View.Supply(Bond));
        Assert.Equal(new Amount(60), _ledger.View.Balance(MinistryAccount, Bond));
    }

    [Fact]
    public void BurnUnits_OfAnotherHolder_IsNotRedeemable()
    {
        _ledger.Issue(Alice, 100);

        Refused(RejectionCode.NotRedeemable, MinistryMaker, new BurnUnits(Bond, Alice, new Amount(1), "x"));
    }

    [Fact]
    public void BurnUnits_MoreThanThere_IsRefused() => Refused(
        RejectionCode.InsufficientAvailable,
        MinistryMaker,
        new BurnUnits(Bond, MinistryAccount, new Amount(1), "x"));

    [Fact]
    public void BurnUnits_UnknownAccount_IsRefused() =>
        Refused(RejectionCode.AccountUnknown, MinistryMaker, new BurnUnits(Bond, Nobody, new Amount(1), "x"));

    [Fact]
    public void BurnUnits_FrozenAccount_IsRefused()
    {
        _ledger.Issue(MinistryAccount, 100);
        _ledger.Pass(
            RegulatorMaker,
            new FreezeAccount(MinistryAccount, FreezeMode.Send, "Order 1", Document("o").Hash));

        Refused(RejectionCode.AccountFrozen, MinistryMaker, new BurnUnits(
            Bond, MinistryAccount, new Amount(1), "x"));
    }

    [Fact]
    public void AttachDocument_New_IsListed_SameHashAgain_IsRefused()
    {
        _ledger.Pass(MinistryMaker, new AttachDocument(Bond, Document("annex")));

        Assert.Equal(["prospectus", "annex"], _ledger.View.Documents(Bond).Select(d => d.Title));
        Refused(RejectionCode.DocumentExists, MinistryMaker, new AttachDocument(Bond, Document("annex")));
    }

    [Fact]
    public void AttachDocument_ToFullList_IsRefused()
    {
        PrivilegedOperation[] documents =
            [.. Enumerable.Range(1, Limits.DocumentsPerAsset - 1).Select(i =>
                new AttachDocument(Bond, Document($"d{i}")))];
        _ledger.Pass(MinistryMaker, documents);

        Refused(RejectionCode.DocumentsFull, MinistryMaker, new AttachDocument(Bond, Document("one-more")));
    }

    [Fact]
    public void SetAssetCap_AtSupply_Works_BelowSupply_IsRefused()
    {
        _ledger.Issue(Alice, 100);
        Refused(RejectionCode.CapBelowSupply, MinistryMaker, new SetAssetCap(Bond, new Amount(99)));

        ulong id = _ledger.Pass(MinistryMaker, new SetAssetCap(Bond, new Amount(100)));
        _ledger.Wait(DayMs);
        _ledger.RunBlock();

        Assert.Equal(ProposalStatus.Executed, _ledger.View.Proposal(id)!.Status);
        Assert.Equal(new Amount(100), _ledger.View.Asset(Bond)!.Cap);
        Refused(RejectionCode.SupplyCapExceeded, MinistryMaker, new IssueUnits(Bond, Alice, new Amount(1)));
    }

    [Fact]
    public void SetAssetCap_WhoseValueLeaves128Bits_Overflows() =>
        Refused(
            RejectionCode.Overflow, MinistryMaker, new SetAssetCap(Bond, new Amount(UInt128.MaxValue / 2)));

    [Fact]
    public void PauseAsset_Twice_AndResumeTwice_AreRefused()
    {
        Refused(RejectionCode.AssetNotPaused, MinistryMaker, new ResumeAsset(Bond, "x"));
        _ledger.Pass(MinistryMaker, new PauseAsset(Bond, "x"));

        Refused(RejectionCode.AssetPaused, MinistryMaker, new PauseAsset(Bond, "x"));
    }

    [Fact]
    public void Freeze_ThenUnfreeze_KeepsAndClearsTheReference()
    {
        _ledger.Pass(
            RegulatorMaker, new FreezeAccount(Alice, FreezeMode.Send, "Order 7", Document("o").Hash));
        Assert.Equal("Order 7", _ledger.View.Account(Alice)!.LegalReference);

        _ledger.Pass(RegulatorMaker, new UnfreezeAccount(Alice, "Order 8"));
        Assert.Equal(FreezeMode.None, _ledger.View.Account(Alice)!.Freeze);
        Refused(RejectionCode.AccountNotFrozen, RegulatorMaker, new UnfreezeAccount(Alice, "Order 9"));
    }

    [Fact]
    public void Freeze_UnknownAccount_IsRefused()
    {
        Refused(
            RejectionCode.AccountUnknown,
            RegulatorMaker,
            new FreezeAccount(Nobody, FreezeMode.Send, "Order 7", Document("o").Hash));
        Refused(RejectionCode.AccountUnknown, RegulatorMaker, new UnfreezeAccount(Nobody, "Order 7"));
    }

    [Fact]
    public void Freeze_ByAMinistryMaker_IsNotAuthorised() => Refused(
        RejectionCode.NotAuthorised,
        MinistryMaker,
        new FreezeAccount(Alice, FreezeMode.Send, "Order 7", Document("o").Hash));

    private void Refused(RejectionCode code, Address maker, PrivilegedOperation operation) =>
        Assert.Equal(
            code, _ledger.Run(maker, new Propose([operation], _ledger.Time.Plus(DayMs), "test")).Code);
}
