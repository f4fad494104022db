// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Rules;

public class ProposalTests
{
    private readonly TestLedger _ledger = TestLedger.Start();

    // One bond unit is 10 USD: 100,000 units are 1 million, 5,000,000 are 50 million.
    [Theory]
    [InlineData(100_000, 2, 1, 0, 0)]
    [InlineData(100_001, 3, 2, 0, 0)]
    [InlineData(5_000_000, 3, 2, 0, 0)]
    [InlineData(5_000_001, 3, 2, 1 << 4, HourMs)]
    public void Requirement_ByValue_PicksTheTier(
        ulong units, int approvals, int institutions, uint required, ulong delay)
    {
        ApprovalRequirement? needed = ApprovalRequirement.Of(
            _ledger.View, [new IssueUnits(Bond, Alice, new Amount(units))], out Rejection? rejection);

        Assert.Null(rejection);
        Assert.Equal(
            (approvals, institutions, required, delay),
            (needed!.Approvals, needed.Institutions, needed.RequiredKinds, needed.DelayMs));
    }

    [Fact]
    public void Requirement_SplitIntoManyOperations_SumsTheirValue()
    {
        ApprovalRequirement? needed = ApprovalRequirement.Of(
            _ledger.View,
            [new IssueUnits(Bond, Alice, new Amount(60_000)), new IssueUnits(Bond, Bob, new Amount(60_000))],
            out _);

        Assert.Equal((UInt128)1_200_000_000_000, needed!.ValueMicroUsd);
        Assert.Equal(3, needed.Approvals);
    }

    [Fact]
    public void Requirement_SeveralKinds_TakesTheStrictestOfEach()
    {
        ApprovalRequirement? needed = ApprovalRequirement.Of(
            _ledger.View,
            [new SetAssetCap(Bond, new Amount(9_000_000)), new IssueUnits(Bond, Alice, new Amount(100_001))],
            out _);

        Assert.Equal((3, 2, DayMs), (needed!.Approvals, needed.Institutions, needed.DelayMs));
    }

    [Fact]
    public void Approve_AtThreshold_ExecutesInTheSameTransaction()
    {
        ulong id = ProposeIssue(10);

        Assert.True(_ledger.Approve(id, MinistryChecker).Succeeded);
        Assert.Equal(ProposalStatus.Open, _ledger.View.Proposal(id)!.Status);
        Assert.True(_ledger.Approve(id, BankChecker).Succeeded);

        Assert.Equal(ProposalStatus.Executed, _ledger.View.Proposal(id)!.Status);
        Assert.Equal(
            [typeof(ProposalApproved), typeof(UnitsIssued), typeof(ProposalExecuted)],
            _ledger.Events.Select(e => e.Event.GetType()));
    }

    [Fact]
    public void Approve_ThatMeetsTheThresholdButFails_FailsWithThatCode_AndTheProposalStaysOpen()
    {
        ulong id = ProposeIssue(1);
        _ledger.Pass(
            RegulatorMaker,
            new FreezeAccount(Alice, FreezeMode.SendAndReceive, "Order 1", Document("o").Hash));
        _ledger.Approve(id, MinistryChecker);

        Receipt receipt = _ledger.Approve(id, BankChecker);

        Assert.Equal(RejectionCode.AccountFrozen, receipt.Code);
        ProposalState proposal = _ledger.View.Proposal(id)!;
        Assert.Equal((ProposalStatus.Open, 1), (proposal.Status, proposal.Approvals.Length));
    }

    [Fact]
    public void Approve_ByMaker_IsRefused()
    {
        ulong id = _ledger.Propose(MinistryChecker2, new IssueUnits(Bond, Alice, new Amount(1)));

        Assert.Equal(RejectionCode.SameMaker, _ledger.Approve(id, MinistryChecker2).Code);
    }

    [Fact]
    public void Approve_Twice_IsRefused()
    {
        ulong id = ProposeIssue(1);
        _ledger.Approve(id, MinistryChecker);

        Assert.Equal(RejectionCode.AlreadyApproved, _ledger.Approve(id, MinistryChecker).Code);
    }

    [Fact]
    public void Approve_AnotherHash_IsRefused()
    {
        ulong id = ProposeIssue(1);

        Receipt receipt = _ledger.Run(MinistryChecker, new ApproveProposal(id, Document("other").Hash));

        Assert.Equal(RejectionCode.HashMismatch, receipt.Code);
    }

    [Fact]
    public void Approve_ByOneWithoutDuty_OrOfAKindThatDoesNotCount_IsNotAuthorised()
    {
        ulong issue = ProposeIssue(1);
        Assert.Equal(RejectionCode.NotAuthorised, _ledger.Approve(issue, MinistryRegistrar).Code);
        Assert.Equal(RejectionCode.NotAuthorised, _ledger.Approve(issue, Alice).Code);

        ulong grant = _ledger.Propose(MinistryMaker, new GrantOfficer(Bank, Nobody, Duties.Checker, "x"));
        Assert.Equal(RejectionCode.NotAuthorised, _ledger.Approve(grant, TreasuryChecker).Code);
    }

    [Fact]
    public void Approve_Unknown_Closed_OrExpired_IsRefused()
    {
        Assert.Equal(
            RejectionCode.ProposalUnknown,
            _ledger.Run(MinistryChecker, new ApproveProposal(77, default)).Code);

        ulong done = _ledger.Pass(MinistryMaker, new IssueUnits(Bond, Alice, new Amount(1)));
        Assert.Equal(RejectionCode.ProposalClosed, _ledger.Approve(done, BankChecker2).Code);

        ulong late = ProposeIssue(1);
        _ledger.Wait(DayMs + 1);
        Assert.Equal(RejectionCode.ProposalExpired, _ledger.Approve(late, MinistryChecker).Code);
    }

    [Fact]
    public void Approve_OfficerRevokedMeanwhile_StopsCounting()
    {
        ulong id = ProposeIssue(1);
        _ledger.Approve(id, BankChecker2);
        _ledger.Pass(MinistryMaker, new RevokeOfficer(BankChecker2, "left"));

        _ledger.Approve(id, MinistryChecker);
        Assert.Equal(ProposalStatus.Open, _ledger.View.Proposal(id)!.Status);

        _ledger.Approve(id, BankChecker);
        Assert.Equal(ProposalStatus.Executed, _ledger.View.Proposal(id)!.Status);
    }

    [Fact]
    public void Approve_WithoutARequiredKind_WaitsForIt_ThenForTheTimeLock()
    {
        ulong id = ProposeIssue(6_000_000);
        foreach (Address checker in new[] { MinistryChecker, BankChecker, TreasuryChecker })
        {
            Assert.True(_ledger.Approve(id, checker).Succeeded);
        }

        Assert.Equal(ProposalStatus.Open, _ledger.View.Proposal(id)!.Status);
        Assert.True(_ledger.Approve(id, RegulatorChecker).Succeeded);
        ProposalState scheduled = _ledger.View.Proposal(id)!;
        Assert.Equal(
            (ProposalStatus.Scheduled, _ledger.Time.Plus(HourMs)), (scheduled.Status, scheduled.ExecuteAt));

        _ledger.Wait(HourMs - 1_001);
        _ledger.RunBlock();
        Assert.Equal(ProposalStatus.Scheduled, _ledger.View.Proposal(id)!.Status);
        _ledger.RunBlock();
        Assert.Equal(ProposalStatus.Executed, _ledger.View.Proposal(id)!.Status);
        Assert.All(_ledger.Events, e => Assert.Equal(EventRecord.Housekeeping, e.TransactionIndex));
        Assert.Empty(InvariantChecker.FullCheck(_ledger.State));
    }

    [Fact]
    public void Scheduled_WhosePayloadIsRefusedWhenItsTimeComes_Fails()
    {
        ulong id = _ledger.Pass(MinistryMaker, new SetAssetCap(Bond, new Amount(50)));
        _ledger.Issue(Alice, 51);
        _ledger.Wait(DayMs);

        _ledger.RunBlock();

        Assert.Equal(ProposalStatus.Failed, _ledger.View.Proposal(id)!.Status);
        Assert.Equal(
            new ProposalFailed(id, RejectionCode.CapBelowSupply), Assert.Single(_ledger.Events).Event);
        Assert.Equal(new Amount(10_000_000), _ledger.View.Asset(Bond)!.Cap);
    }

    [Fact]
    public void Scheduled_SeveralDue_ExecuteByTimeThenId()
    {
        ulong first = _ledger.Pass(MinistryMaker, new SetAssetCap(Bond, new Amount(500)));
        ulong second = _ledger.Pass(MinistryMaker, new SetAssetCap(Bond, new Amount(600)));
        _ledger.Wait(2 * DayMs);

        _ledger.RunBlock();

        Assert.Equal(
            [first, second],
            _ledger.Events.Select(e => e.Event).OfType<ProposalExecuted>().Select(e => e.ProposalId));
        Assert.Equal(new Amount(600), _ledger.View.Asset(Bond)!.Cap);
    }

    [Fact]
    public void Cancel_ByMakerOrChecker_ClosesOpenAndScheduled()
    {
        ulong open = ProposeIssue(1);
        _ledger.MustRun(MinistryMaker, new CancelProposal(open, "typing error"));
        Assert.Equal(ProposalStatus.Cancelled, _ledger.View.Proposal(open)!.Status);

        ulong scheduled = _ledger.Pass(MinistryMaker, new SetAssetCap(Bond, new Amount(50)));
        _ledger.MustRun(MinistryChecker2, new CancelProposal(scheduled, "contested"));
        _ledger.Wait(2 * DayMs);
        _ledger.RunBlock();
        Assert.Empty(_ledger.Events);
        Assert.Equal(ProposalStatus.Cancelled, _ledger.View.Proposal(scheduled)!.Status);
    }

    [Fact]
    public void Cancel_ByAnother_OrOfAClosedOrUnknown_IsRefused()
    {
        ulong id = ProposeIssue(1);
        Assert.Equal(RejectionCode.NotAuthorised, _ledger.Run(BankChecker, new CancelProposal(id, "")).Code);
        Assert.Equal(
            RejectionCode.ProposalUnknown, _ledger.Run(BankChecker, new CancelProposal(99, "")).Code);

        _ledger.MustRun(MinistryMaker, new CancelProposal(id, ""));
        Assert.Equal(
            RejectionCode.ProposalClosed, _ledger.Run(MinistryMaker, new CancelProposal(id, "")).Code);
    }

    [Fact]
    public void Propose_ByAChecker_IsNotAuthorised() => Assert.Equal(
        RejectionCode.NotAuthorised,
        _ledger.Run(
            MinistryChecker, new Propose([new PauseAsset(Bond, "x")], _ledger.Time.Plus(DayMs), "")).Code);

    [Fact]
    public void Propose_ExpiryOutsideItsWindow_IsRefused()
    {
        Assert.Equal(RejectionCode.InvalidField, Expiring(_ledger.Next.Time));
        Assert.Equal(
            RejectionCode.InvalidField, Expiring(_ledger.Next.Time.Plus(Limits.ProposalLifetimeMs + 1)));
        Assert.Null(Expiring(_ledger.Next.Time.Plus(Limits.ProposalLifetimeMs)));
    }

    [Fact]
    public void Propose_WithoutPolicy_IsRefused()
    {
        var genesis = TestNetwork.Genesis();
        var ledger = new TestLedger(genesis with
        {
            Policies = genesis.Policies.RemoveAll(policy => policy.Kind == PrivilegedKind.PauseAsset),
        });

        Receipt receipt = ledger.Run(
            MinistryMaker, new Propose([new PauseAsset(Bond, "x")], ledger.Time.Plus(DayMs), ""));

        Assert.Equal(RejectionCode.NoPolicy, receipt.Code);
    }

    [Fact]
    public void Propose_DryRun_LeavesNothingBehind()
    {
        _ledger.MustRun(
            MinistryMaker, new Propose([new PauseAsset(Bond, "x")], _ledger.Time.Plus(DayMs), ""));

        Assert.False(_ledger.View.Asset(Bond)!.Paused);
        Assert.IsType<ProposalOpened>(Assert.Single(_ledger.Events).Event);
    }

    private ulong ProposeIssue(ulong units) =>
        _ledger.Propose(MinistryMaker, new IssueUnits(Bond, Alice, new Amount(units)));

    private RejectionCode? Expiring(TimestampMs expires) =>
        _ledger.Run(MinistryMaker, new Propose([new PauseAsset(Bond, "x")], expires, "")).Code;
}
