// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Rules;

public class OfficerTests
{
    private readonly TestLedger _ledger = TestLedger.Start();

    [Fact]
    public void Grant_NewKey_GivesDutiesAndCounts()
    {
        _ledger.Pass(MinistryMaker, new GrantOfficer(Bank, Nobody, Duties.Checker, "Adviser"));

        Assert.Equal(Duties.Checker, _ledger.View.Officer(Nobody)!.Duties);
        Assert.Equal(3, _ledger.View.Institution(Bank)!.Officers);
        Assert.Empty(InvariantChecker.FullCheck(_ledger.State));
    }

    [Fact]
    public void Grant_KnownOfficer_ChangesDutiesWithoutCounting()
    {
        _ledger.Pass(MinistryMaker, new GrantOfficer(
            Bank, BankChecker, Duties.Checker | Duties.Registrar, "Governor"));

        Assert.Equal(2, _ledger.View.Institution(Bank)!.Officers);
        Assert.Equal(Duties.Checker | Duties.Registrar, _ledger.View.Officer(BankChecker)!.Duties);
    }

    [Fact]
    public void Grant_KeyInOtherUse_IsRefused()
    {
        Refused(RejectionCode.KeyInUse, new GrantOfficer(Bank, Alice, Duties.Checker, "x"));
        Refused(RejectionCode.KeyInUse, new GrantOfficer(Bank, TreasuryChecker, Duties.Checker, "x"));
        Refused(RejectionCode.KeyInUse, new GrantOfficer(Bank, Treasury, Duties.Checker, "x"));
    }

    [Fact]
    public void Grant_RevokedKey_NeverReturns()
    {
        _ledger.Pass(MinistryMaker, new RevokeOfficer(BankChecker2, "left"));

        Refused(RejectionCode.KeyInUse, new GrantOfficer(Bank, BankChecker2, Duties.Checker, "x"));
        Refused(RejectionCode.KeyInUse, new GrantOfficer(Treasury, BankChecker2, Duties.Checker, "x"));
        Assert.Equal(
            RejectionCode.KeyInUse,
            _ledger.Run(MinistryRegistrar, new RegisterAccount(
                BankChecker2, AccountKind.Citizen, Address.Zero)).Code);
    }

    [Fact]
    public void Grant_ToAuditor_IsARoleConflict() =>
        Refused(RejectionCode.RoleConflict, new GrantOfficer(Auditor, Nobody, Duties.Checker, "x"));

    [Fact]
    public void Grant_ToUnknownInstitution_IsRefused() =>
        Refused(RejectionCode.InstitutionUnknown, new GrantOfficer(Alice, Nobody, Duties.Checker, "x"));

    [Fact]
    public void Grant_ToFullInstitution_IsRefused()
    {
        int free = Limits.OfficersPerInstitution - _ledger.View.Institution(Bank)!.Officers;
        PrivilegedOperation[] grants =
            [.. Enumerable.Range(0, free).Select(i =>
                new GrantOfficer(Bank, Named($"new {i}"), Duties.Checker, "x"))];
        _ledger.Pass(MinistryMaker, grants);

        Refused(RejectionCode.OfficersFull, new GrantOfficer(Bank, Nobody, Duties.Checker, "x"));
    }

    [Fact]
    public void Revoke_Officer_EndsDutiesAndTheirRightToSend()
    {
        _ledger.Pass(MinistryMaker, new RevokeOfficer(BankChecker2, "left"));

        Assert.Equal(Duties.None, _ledger.View.Officer(BankChecker2)!.Duties);
        Assert.Equal(1, _ledger.View.Institution(Bank)!.Officers);
        Transaction draft = _ledger.Draft(BankChecker2, new CancelProposal(1, ""));
        Assert.Equal(RejectionCode.SenderUnknown, _ledger.WhyInvalid(draft)?.Code);
    }

    [Fact]
    public void Revoke_Nobody_IsRefused() =>
        Refused(RejectionCode.OfficerUnknown, new RevokeOfficer(Nobody, "x"));

    [Fact]
    public void Revoke_OfficerThatAPolicyNeeds_IsRefused() =>
        Refused(RejectionCode.LastOfficers, new RevokeOfficer(RegulatorChecker, "x"));

    [Fact]
    public void Grant_ThatTakesAwayANeededDuty_IsRefused() => Refused(
        RejectionCode.LastOfficers,
        new GrantOfficer(Regulator, RegulatorChecker, Duties.Registrar, "Commissioner"));

    [Fact]
    public void Revoke_WithReplacementInOnePayload_IsPossibleInAnyOrder()
    {
        _ledger.Pass(
            MinistryMaker,
            new RevokeOfficer(RegulatorChecker, "left"),
            new GrantOfficer(Regulator, Nobody, Duties.Checker, "Commissioner"));

        Assert.Equal(Duties.Checker, _ledger.View.Officer(Nobody)!.Duties);
    }

    private void Refused(RejectionCode code, PrivilegedOperation operation) => Assert.Equal(
        code, _ledger.Run(MinistryMaker, new Propose([operation], _ledger.Time.Plus(DayMs), "test")).Code);
}
