// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Rules;

public class TagTests
{
    private readonly TestLedger _ledger = TestLedger.Start();

    public TagTests() => _ledger.Issue(Alice, 1_000);

    [Fact]
    public void Transfer_WithTags_HandsThemOnInTheEvent()
    {
        _ledger.MustRun(
            Alice, new Transfer(Bond, ExchangeAccount, new Amount(300), Tag: ulong.MaxValue, SourceTag: 7));

        Assert.Equal(
            new Transferred(
                Bond, Alice, ExchangeAccount, new Amount(300), new Amount(700), new Amount(300),
                ulong.MaxValue, 7),
            Assert.Single(_ledger.Events).Event);
    }

    [Fact]
    public void Transfer_WithoutTheTagThatIsRequired_FailsAndMovesNothing()
    {
        _ledger.MustRun(ExchangeAccount, new RequireTag(ExchangeAccount, Required: true));

        Fails(RejectionCode.TagRequired, Alice, new Transfer(Bond, ExchangeAccount, new Amount(1)));
        Fails(
            RejectionCode.TagRequired, Alice,
            new Transfer(Bond, ExchangeAccount, new Amount(1), Tag: 0, SourceTag: 5));
        Assert.Equal(new Amount(1_000), _ledger.View.Balance(Alice, Bond));
        _ledger.MustRun(Alice, new Transfer(Bond, ExchangeAccount, new Amount(1), Tag: 1));

        _ledger.MustRun(ExchangeAccount, new RequireTag(ExchangeAccount, Required: false));
        _ledger.MustRun(Alice, new Transfer(Bond, ExchangeAccount, new Amount(1)));
        Assert.Empty(InvariantChecker.FullCheck(_ledger.State));
    }

    [Fact]
    public void Issue_ToAnAccountThatRequiresATag_IsRefused()
    {
        _ledger.MustRun(Alice, new RequireTag(Alice, Required: true));

        Receipt receipt = _ledger.Run(MinistryMaker, new Propose(
            [new IssueUnits(Bond, Alice, new Amount(1))], _ledger.Time.Plus(HourMs), "reserve"));
        Assert.Equal(RejectionCode.TagRequired, receipt.Code);
    }

    [Fact]
    public void RequireTag_ByTheAccountsRegistrar_IsSaidInTheEvent()
    {
        _ledger.MustRun(ExchangeRegistrar, new RequireTag(ExchangeAccount, Required: true));

        Assert.True(_ledger.View.Account(ExchangeAccount)!.TagRequired);
        Assert.Equal(
            new TagRequirementSet(ExchangeAccount, true, ExchangeRegistrar),
            Assert.Single(_ledger.Events).Event);

        // Saying it again changes nothing and is no failure.
        _ledger.MustRun(ExchangeAccount, new RequireTag(ExchangeAccount, Required: true));
        Assert.True(_ledger.View.Account(ExchangeAccount)!.TagRequired);
    }

    [Fact]
    public void RequireTag_OfACitizen_IsForTheRegistrarThatEnteredIt()
    {
        _ledger.MustRun(RegulatorRegistrar, new RegisterAccount(Nobody, AccountKind.Citizen, Address.Zero));

        Fails(RejectionCode.NotAuthorised, MinistryRegistrar, new RequireTag(Nobody, Required: true));
        _ledger.MustRun(RegulatorRegistrar, new RequireTag(Nobody, Required: true));
        Assert.True(_ledger.View.Account(Nobody)!.TagRequired);
    }

    [Fact]
    public void RequireTag_ByAnother_IsNotAuthorised()
    {
        Fails(RejectionCode.NotAuthorised, Alice, new RequireTag(Bob, Required: true));
        Fails(RejectionCode.NotAuthorised, MinistryRegistrar, new RequireTag(ExchangeAccount, true));

        // Genesis entered it, so it has no registrar: zero is nobody's institution.
        Fails(RejectionCode.NotAuthorised, MinistryRegistrar, new RequireTag(Bob, Required: true));
    }

    [Fact]
    public void RequireTag_OfNoAccount_IsRefused() =>
        Fails(RejectionCode.AccountUnknown, ExchangeRegistrar, new RequireTag(Nobody, Required: true));

    [Fact]
    public void RequireTag_OfAFrozenAccount_LeavesTheFreeze()
    {
        _ledger.Pass(RegulatorMaker, new FreezeAccount(Bob, FreezeMode.Send, "LHC 2026/7", Hash256.Zero));
        _ledger.MustRun(Bob, new RequireTag(Bob, Required: true));

        Assert.Equal(FreezeMode.Send, _ledger.View.Account(Bob)!.Freeze);
        _ledger.Pass(RegulatorMaker, new UnfreezeAccount(Bob, "LHC 2026/8"));
        Assert.True(_ledger.View.Account(Bob)!.TagRequired);
    }

    [Fact]
    public void Receivable_SaysWhatTheTransferWouldSay()
    {
        _ledger.MustRun(ExchangeAccount, new RequireTag(ExchangeAccount, Required: true));

        Assert.Null(Ask(ExchangeAccount, 5));
        Assert.Equal(RejectionCode.TagRequired, Ask(ExchangeAccount, 0)?.Code);
        Assert.Equal(RejectionCode.ReceiverNotRegistered, Ask(Nobody, 5)?.Code);
        _ledger.Pass(MinistryMaker, new PauseAsset(Bond, "review"));
        Assert.Equal(RejectionCode.AssetPaused, Ask(Bob, 0)?.Code);
        Rejection? Ask(Address to, ulong tag) => Receivable.Check(_ledger.View, Bond, to, new Amount(1), tag);
    }

    [Fact]
    public void Receivable_OfAnUnknownAssetOrMoreThanThereIs_IsRefused()
    {
        Assert.Equal(
            RejectionCode.AssetUnknown,
            Receivable.Check(_ledger.View, AssetId.Parse("NOTHING"), Bob, new Amount(1), 0)?.Code);
        Assert.Equal(
            RejectionCode.AmountZero, Receivable.Check(_ledger.View, Bond, Bob, Amount.Zero, 0)?.Code);
        Assert.Equal(
            RejectionCode.InsufficientAvailable,
            Receivable.Check(_ledger.View, Bond, Bob, new Amount(1_001), 0)?.Code);
    }

    private void Fails(RejectionCode code, Address sender, Operation operation)
    {
        Receipt receipt = _ledger.Run(sender, operation);
        Assert.Equal(code, receipt.Code);
        Assert.Empty(_ledger.Events);
    }
}
