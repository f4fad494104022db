// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Rules;

/// <summary>What can stop a proposal between its threshold and its effect.</summary>
public class ScheduledProposalTests
{
    private static readonly SetAssetCap NewCap = new(Bond, new Amount(500));

    // Worth 60 million USD: three approvals of two institutions, the regulator among them, and an hour.
    private static readonly IssueUnits LargeIssue = new(Bond, Alice, new Amount(6_000_000));

    private readonly TestLedger _ledger = TestLedger.Start();

    [Fact]
    public void ExecuteDue_MakerRevokedDuringDelay_Fails()
    {
        ulong id = Schedule(NewCap, MinistryChecker, BankChecker);
        _ledger.Pass(TreasuryMaker, new RevokeOfficer(MinistryMaker, "captured"));

        BecomesDue();

        RequireFailed(id, RejectionCode.MakerInactive);
        Assert.Equal(new Amount(10_000_000), _ledger.View.Asset(Bond)!.Cap);
    }

    [Fact]
    public void ExecuteDue_MoreThanABlockWorksOff_LeavesTheRest()
    {
        const int More = 3;
        ulong[] ids =
        [
            .. Enumerable.Range(0, Limits.HousekeepingPerBlock + More)
                .Select(_ => Schedule(NewCap, MinistryChecker, BankChecker)),
        ];

        BecomesDue();

        Assert.Equal(ids[^More..], Waiting());
        _ledger.RunBlock();
        Assert.Empty(Waiting());

        IEnumerable<ulong> Waiting() =>
            ids.Where(id => _ledger.View.Proposal(id)!.Status == ProposalStatus.Scheduled);
    }

    [Fact]
    public void ExecuteDue_MakerLostTheMakersDuty_Fails()
    {
        ulong id = Schedule(NewCap, MinistryChecker, BankChecker);
        _ledger.Pass(TreasuryMaker, new GrantOfficer(Ministry, MinistryMaker, Duties.Registrar, "Moved"));

        BecomesDue();

        RequireFailed(id, RejectionCode.MakerInactive);
    }

    [Fact]
    public void ExecuteDue_MakerGotAnotherDutyToo_Executes()
    {
        ulong id = Schedule(NewCap, MinistryChecker, BankChecker);
        _ledger.Pass(
            TreasuryMaker,
            new GrantOfficer(Ministry, MinistryMaker, Duties.Maker | Duties.Registrar, "Debt office"));

        BecomesDue();

        RequireExecuted(id);
        Assert.Equal(new Amount(500), _ledger.View.Asset(Bond)!.Cap);
    }

    [Fact]
    public void ExecuteDue_TooFewApprovalsLeft_Fails()
    {
        ulong id = Schedule(LargeIssue, MinistryChecker, BankChecker, RegulatorChecker);
        _ledger.Pass(TreasuryMaker, new RevokeOfficer(MinistryChecker, "captured"));

        BecomesDue();

        RequireFailed(id, RejectionCode.OfficerUnknown);
        Assert.Equal(Amount.Zero, _ledger.View.Supply(Bond));
    }

    [Fact]
    public void ExecuteDue_ApproverIsNoCheckerAnyMore_Fails()
    {
        ulong id = Schedule(NewCap, MinistryChecker, BankChecker);
        _ledger.Pass(TreasuryMaker, new GrantOfficer(Bank, BankChecker, Duties.Registrar, "Moved"));

        BecomesDue();

        RequireFailed(id, RejectionCode.OfficerUnknown);
    }

    [Fact]
    public void ExecuteDue_TooFewInstitutionsLeft_Fails()
    {
        ulong id = Schedule(NewCap, MinistryChecker, MinistryChecker2, BankChecker);
        _ledger.Pass(TreasuryMaker, new RevokeOfficer(BankChecker, "left"));

        BecomesDue();

        RequireFailed(id, RejectionCode.OfficerUnknown);
    }

    [Fact]
    public void ExecuteDue_ApproverRevokedAndTheRestSuffices_Executes()
    {
        ulong id = Schedule(NewCap, MinistryChecker, MinistryChecker2, BankChecker);
        _ledger.Pass(TreasuryMaker, new RevokeOfficer(MinistryChecker, "left"));

        BecomesDue();

        RequireExecuted(id);
    }

    [Fact]
    public void ExecuteDue_RequiredKindRevoked_FailsThoughASuccessorExists()
    {
        ulong id = Schedule(LargeIssue, MinistryChecker, BankChecker, TreasuryChecker, RegulatorChecker);
        _ledger.Pass(
            TreasuryMaker,
            new RevokeOfficer(RegulatorChecker, "left"),
            new GrantOfficer(Regulator, Nobody, Duties.Checker, "Commissioner"));

        BecomesDue();

        RequireFailed(id, RejectionCode.OfficerUnknown);
    }

    [Fact]
    public void ExecuteDue_AnotherThanTheRequiredKindRevoked_Executes()
    {
        ulong id = Schedule(LargeIssue, MinistryChecker, BankChecker, TreasuryChecker, RegulatorChecker);
        _ledger.Pass(TreasuryMaker, new RevokeOfficer(BankChecker, "left"));

        BecomesDue();

        RequireExecuted(id);
        Assert.Equal(new Amount(6_000_000), _ledger.View.Balance(Alice, Bond));
    }

    [Fact]
    public void Cancel_ScheduledByARegulatorsChecker_Closes()
    {
        ulong id = Schedule(NewCap, MinistryChecker, BankChecker);

        _ledger.MustRun(RegulatorChecker, new CancelProposal(id, "captured"));
        BecomesDue();

        Assert.Equal(ProposalStatus.Cancelled, _ledger.View.Proposal(id)!.Status);
        Assert.Empty(_ledger.Events);
        Assert.Empty(InvariantChecker.FullCheck(_ledger.State));
    }

    [Fact]
    public void Cancel_ScheduledByACheckerOfARequiredKind_Closes()
    {
        TestLedger ledger = WithCentralBankRequiredForCaps();
        ulong id = ledger.Pass(MinistryMaker, NewCap);

        ledger.MustRun(BankChecker2, new CancelProposal(id, "captured"));

        Assert.Equal(ProposalStatus.Cancelled, ledger.View.Proposal(id)!.Status);
    }

    [Fact]
    public void Cancel_ScheduledByAnotherKind_OrWithoutTheCheckersDuty_IsNotAuthorised()
    {
        ulong id = Schedule(NewCap, MinistryChecker, BankChecker);
        foreach (Address sender in new[] { BankChecker, TreasuryChecker, RegulatorMaker, Alice })
        {
            Assert.Equal(RejectionCode.NotAuthorised, _ledger.Run(sender, new CancelProposal(id, "")).Code);
        }

        BecomesDue();
        RequireExecuted(id);
    }

    [Fact]
    public void Cancel_OpenByARegulatorOrARequiredKind_IsNotAuthorised()
    {
        TestLedger ledger = WithCentralBankRequiredForCaps();
        ulong id = ledger.Propose(MinistryMaker, NewCap);

        Assert.Equal(
            RejectionCode.NotAuthorised, ledger.Run(RegulatorChecker, new CancelProposal(id, "")).Code);
        Assert.Equal(RejectionCode.NotAuthorised, ledger.Run(BankChecker, new CancelProposal(id, "")).Code);
        Assert.Equal(ProposalStatus.Open, ledger.View.Proposal(id)!.Status);
    }

    private static TestLedger WithCentralBankRequiredForCaps()
    {
        var genesis = TestNetwork.Genesis();
        uint bank = ApprovalPolicy.Bit(InstitutionKind.CentralBank);
        ImmutableArray<ApprovalPolicy> policies =
        [
            .. genesis.Policies.Select(policy => policy.Kind != PrivilegedKind.SetAssetCap
                ? policy
                : policy with { Tiers = [policy.Tiers[0] with { RequiredKinds = bank }] }),
        ];
        return new TestLedger(genesis with { Policies = policies });
    }

    /// <summary>Has exactly these approve; the last approval meets the requirement.</summary>
    private ulong Schedule(PrivilegedOperation operation, params ReadOnlySpan<Address> checkers)
    {
        ulong id = _ledger.Propose(MinistryMaker, operation);
        foreach (Address checker in checkers)
        {
            Assert.Equal(ProposalStatus.Open, _ledger.View.Proposal(id)!.Status);
            Assert.True(_ledger.Approve(id, checker).Succeeded);
        }

        Assert.Equal(ProposalStatus.Scheduled, _ledger.View.Proposal(id)!.Status);
        return id;
    }

    /// <summary>Every time-lock of the test network is a day at most.</summary>
    private void BecomesDue()
    {
        _ledger.Wait(DayMs);
        _ledger.RunBlock();
    }

    private void RequireFailed(ulong id, RejectionCode code)
    {
        Assert.Equal(ProposalStatus.Failed, _ledger.View.Proposal(id)!.Status);
        Assert.Equal(new ProposalFailed(id, code), Assert.Single(_ledger.Events).Event);
        Assert.Empty(InvariantChecker.FullCheck(_ledger.State));
    }

    private void RequireExecuted(ulong id)
    {
        Assert.Equal(ProposalStatus.Executed, _ledger.View.Proposal(id)!.Status);
        Assert.Contains(new ProposalExecuted(id), _ledger.Events.Select(record => record.Event));
    }
}
