// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Rules;

/// <summary>What becomes of an open proposal when its people or its time go.</summary>
public class OpenProposalTests
{
    private static readonly IssueUnits Issue = new(Bond, Alice, new Amount(10));

    private readonly TestLedger _ledger = TestLedger.Start();

    [Fact]
    public void Approve_MakerRevoked_IsRefused_AndNothingIsIssued()
    {
        ulong id = _ledger.Propose(MinistryMaker, Issue);
        Assert.True(_ledger.Approve(id, MinistryChecker).Succeeded);
        _ledger.Pass(TreasuryMaker, new RevokeOfficer(MinistryMaker, "captured"));

        Assert.Equal(RejectionCode.MakerInactive, _ledger.Approve(id, BankChecker).Code);

        ProposalState proposal = _ledger.View.Proposal(id)!;
        Assert.Equal((ProposalStatus.Open, 1), (proposal.Status, proposal.Approvals.Length));
        Assert.Equal(Amount.Zero, _ledger.View.Supply(Bond));
    }

    [Fact]
    public void Approve_MakerLostTheDuty_IsRefused_UntilItIsGivenBack()
    {
        ulong id = _ledger.Propose(MinistryMaker, Issue);
        Assert.True(_ledger.Approve(id, MinistryChecker).Succeeded);
        _ledger.Pass(TreasuryMaker, new GrantOfficer(Ministry, MinistryMaker, Duties.Registrar, "Moved"));
        Assert.Equal(RejectionCode.MakerInactive, _ledger.Approve(id, BankChecker).Code);

        _ledger.Pass(TreasuryMaker, new GrantOfficer(Ministry, MinistryMaker, Duties.Maker, "Back"));

        Assert.True(_ledger.Approve(id, BankChecker).Succeeded);
        Assert.Equal(ProposalStatus.Executed, _ledger.View.Proposal(id)!.Status);
    }

    [Fact]
    public void Approve_MakerRevokedEarlierInTheSameTransaction_FailsAltogether()
    {
        ulong id = _ledger.Propose(MinistryMaker, Issue);
        _ledger.Approve(id, MinistryChecker);
        ulong removal = _ledger.Propose(TreasuryMaker, new RevokeOfficer(MinistryMaker, "captured"));
        _ledger.Approve(removal, MinistryChecker);

        Receipt receipt = _ledger.Run(
            BankChecker,
            new ApproveProposal(removal, _ledger.View.Proposal(removal)!.PayloadHash),
            new ApproveProposal(id, _ledger.View.Proposal(id)!.PayloadHash));

        Assert.Equal((RejectionCode.MakerInactive, (byte)1), (receipt.Code, receipt.FailedOperation));
        Assert.Equal(ProposalStatus.Open, _ledger.View.Proposal(removal)!.Status);
    }

    [Fact]
    public void Approve_ApproverLostTheDuty_StopsCounting()
    {
        ulong id = _ledger.Propose(MinistryMaker, Issue);
        _ledger.Approve(id, BankChecker2);
        _ledger.Pass(TreasuryMaker, new GrantOfficer(Bank, BankChecker2, Duties.Registrar, "Moved"));

        _ledger.Approve(id, MinistryChecker);

        ProposalState proposal = _ledger.View.Proposal(id)!;
        Assert.Equal(ProposalStatus.Open, proposal.Status);
        Assert.Equal(MinistryChecker, Assert.Single(proposal.Approvals));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Approve_AtItsExpiry_Counts_AndAfterIt_IsRefused(ulong lateMs)
    {
        ulong id = _ledger.Propose(MinistryMaker, Issue);
        Assert.True(_ledger.Approve(id, MinistryChecker).Succeeded);
        _ledger.Wait(Left(id) - _ledger.Next.Time.Since(_ledger.Time) + lateMs);

        Receipt receipt = _ledger.Approve(id, BankChecker);

        Assert.Equal(lateMs == 0 ? null : RejectionCode.ProposalExpired, receipt.Code);
        ProposalState proposal = _ledger.View.Proposal(id)!;
        Assert.Equal(lateMs == 0 ? ProposalStatus.Executed : ProposalStatus.Open, proposal.Status);
        Assert.Equal(lateMs == 0 ? 10UL : 0UL, (ulong)_ledger.View.Supply(Bond).Units);
    }

    [Fact]
    public void Expired_StaysOpen_DoesNothingByItself_AndCanOnlyBeCancelled()
    {
        ulong id = _ledger.Propose(MinistryMaker, Issue);
        Assert.True(_ledger.Approve(id, MinistryChecker).Succeeded);
        _ledger.Wait(Left(id) + (30 * DayMs));

        _ledger.RunBlock();
        Assert.Empty(_ledger.Events);
        Assert.Equal(RejectionCode.ProposalExpired, _ledger.Approve(id, MinistryChecker).Code);
        Assert.Equal(RejectionCode.ProposalExpired, _ledger.Approve(id, BankChecker).Code);
        Assert.Equal(RejectionCode.NotAuthorised, _ledger.Run(BankChecker, new CancelProposal(id, "")).Code);
        Assert.Equal(ProposalStatus.Open, _ledger.View.Proposal(id)!.Status);
        Assert.Empty(InvariantChecker.FullCheck(_ledger.State));

        _ledger.MustRun(MinistryMaker, new CancelProposal(id, "too late"));
        Assert.Equal(ProposalStatus.Cancelled, _ledger.View.Proposal(id)!.Status);
        Assert.Equal(RejectionCode.ProposalClosed, _ledger.Approve(id, BankChecker).Code);
    }

    [Fact]
    public void Expired_WhileScheduled_TakesEffectAllTheSame()
    {
        ulong id = _ledger.Propose(MinistryMaker, new SetAssetCap(Bond, new Amount(500)));
        _ledger.Wait(Left(id) - 10_000);
        Assert.True(_ledger.Approve(id, MinistryChecker).Succeeded);
        Assert.True(_ledger.Approve(id, BankChecker).Succeeded);
        Assert.Equal(ProposalStatus.Scheduled, _ledger.View.Proposal(id)!.Status);
        _ledger.Wait(DayMs);

        _ledger.RunBlock();

        Assert.True(_ledger.View.Proposal(id)!.Expires < _ledger.Time);
        Assert.Equal(ProposalStatus.Executed, _ledger.View.Proposal(id)!.Status);
        Assert.Equal(new Amount(500), _ledger.View.Asset(Bond)!.Cap);
    }

    [Fact]
    public void Cancel_MakerRevoked_IsDoneByACheckerOfItsInstitution()
    {
        ulong id = _ledger.Propose(MinistryMaker, Issue);
        _ledger.Pass(TreasuryMaker, new RevokeOfficer(MinistryMaker, "captured"));

        _ledger.MustRun(MinistryChecker, new CancelProposal(id, "its maker left"));

        Assert.Equal(ProposalStatus.Cancelled, _ledger.View.Proposal(id)!.Status);
    }

    /// <summary>Milliseconds from the newest block to the proposal's expiry.</summary>
    private ulong Left(ulong id) => _ledger.View.Proposal(id)!.Expires.Since(_ledger.Time);
}
