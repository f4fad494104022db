// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Rules;

public class RegisterAccountTests
{
    private readonly TestLedger _ledger = TestLedger.Start();

    [Fact]
    public void Register_Citizen_ByAnyRegistrar_EntersIt()
    {
        _ledger.MustRun(RegulatorRegistrar, new RegisterAccount(Nobody, AccountKind.Citizen, Address.Zero));

        Assert.Equal(Regulator, _ledger.View.Account(Nobody)!.Registrar);
        Assert.Equal(
            new AccountRegistered(Nobody, AccountKind.Citizen, Address.Zero, Regulator),
            Assert.Single(_ledger.Events).Event);
    }

    [Fact]
    public void Register_OwnExchangeAccount_EntersIt()
    {
        _ledger.MustRun(ExchangeRegistrar, new RegisterAccount(Nobody, AccountKind.Exchange, ExchangeA));

        Assert.Equal(ExchangeA, _ledger.View.Account(Nobody)!.Institution);
    }

    [Fact]
    public void Register_ByAccountHolder_IsNotAuthorised() =>
        Fails(RejectionCode.NotAuthorised, Alice, new(Nobody, AccountKind.Citizen, Address.Zero));

    [Fact]
    public void Register_ByOfficerWithoutTheDuty_IsNotAuthorised() =>
        Fails(RejectionCode.NotAuthorised, MinistryChecker, new(Nobody, AccountKind.Citizen, Address.Zero));

    [Fact]
    public void Register_ForAnotherInstitution_IsNotAuthorised() =>
        Fails(RejectionCode.NotAuthorised, ExchangeRegistrar, new(Nobody, AccountKind.Exchange, ExchangeB));

    [Fact]
    public void Register_ForUnknownInstitution_IsRefused() =>
        Fails(RejectionCode.InstitutionUnknown, ExchangeRegistrar, new(Nobody, AccountKind.Exchange, Alice));

    [Fact]
    public void Register_KindThatDoesNotFitTheOwner_IsRefused() =>
        Fails(RejectionCode.InvalidField, ExchangeRegistrar, new(Nobody, AccountKind.Institution, ExchangeA));

    [Fact]
    public void Register_Existing_IsRefused() =>
        Fails(RejectionCode.AccountExists, MinistryRegistrar, new(Alice, AccountKind.Citizen, Address.Zero));

    [Fact]
    public void Register_OfficersKey_IsRefused() =>
        Fails(RejectionCode.KeyInUse, MinistryRegistrar, new(BankChecker, AccountKind.Citizen, Address.Zero));

    [Fact]
    public void Register_InstitutionsName_IsRefused() =>
        Fails(RejectionCode.KeyInUse, MinistryRegistrar, new(Bank, AccountKind.Citizen, Address.Zero));

    private void Fails(RejectionCode code, Address sender, RegisterAccount operation) =>
        Assert.Equal(code, _ledger.Run(sender, operation).Code);
}
