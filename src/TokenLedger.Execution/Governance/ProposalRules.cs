// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution.Governance;

/// <summary>Maker and checker: opening, approving and withdrawing proposals.</summary>
internal static class ProposalRules
{
    public static Rejection? Open(Session session, Propose operation)
    {
        LedgerView read = session.Read;
        if (Officers.Active(read, session.Sender, Duties.Maker) is not { } maker)
        {
            return Officers.NotAuthorised(session.Sender, Duties.Maker);
        }

        if (operation.Expires <= session.Now
            || operation.Expires.Since(session.Now) > Limits.ProposalLifetimeMs)
        {
            return new Rejection(
                RejectionCode.InvalidField,
                $"The proposal expires at {Words.Utc(operation.Expires)}; it must be after "
                + $"{Words.Utc(session.Now)} by at most {Words.Days(Limits.ProposalLifetimeMs)}.");
        }

        if (CheckMayPropose(read, maker.Institution, operation) is { } unfit)
        {
            return unfit;
        }

        // A payload that cannot take effect now is refused now, with the code that it would meet.
        var payload = new Payload(maker.Institution, operation.Payload);
        if (session.Try(payload, PayloadRules.Apply) is { } hopeless)
        {
            return hopeless;
        }

        if (ApprovalRequirement.Of(read, operation.Payload, out Rejection? unmeasured) is not { } needed)
        {
            return unmeasured;
        }

        if (needed.Checkers == 0 || (needed.RequiredKinds & ~needed.Checkers) != 0)
        {
            return new Rejection(
                RejectionCode.NoPolicy,
                "No kind of institution may check all of these operations: propose them apart.");
        }

        ulong id = read.NextProposal();
        Hash256 hash = PrivilegedCodec.PayloadHash(session.GenesisHash, operation.Payload);
        session.State.PutNextProposal(id + 1);
        session.State.PutProposal(id, new ProposalState(
            session.Sender, maker.Institution, operation.Payload, hash, operation.Reason, session.Now,
            operation.Expires, ProposalStatus.Open, ExecuteAt: default, Approvals: []));
        session.Emit(new ProposalOpened(id, session.Sender, hash));
        return null;
    }

    public static Rejection? Approve(Session session, ApproveProposal operation)
    {
        LedgerView read = session.Read;
        if (Officers.Active(read, session.Sender, Duties.Checker) is not { } checker)
        {
            return Officers.NotAuthorised(session.Sender, Duties.Checker);
        }

        if (CheckApprovable(session, operation, out ProposalState proposal) is { } rejection)
        {
            return rejection;
        }

        if (ApprovalRequirement.Of(read, proposal.Payload, out Rejection? unmeasured) is not { } needed)
        {
            return unmeasured;
        }

        if (!PolicyRules.Has(needed.Checkers, KindOf(read, checker.Institution)))
        {
            return new Rejection(
                RejectionCode.NotAuthorised,
                $"A checker of {checker.Institution} does not count for proposal {operation.ProposalId}.");
        }

        // Approvals of officers who lost their duty stop counting; they make room, too.
        var approvals = proposal.Approvals.RemoveAll(key =>
            Officers.Active(read, key, Duties.Checker) is null);
        if (approvals.Length >= Limits.ApprovalsPerProposal)
        {
            return new Rejection(
                RejectionCode.TooLarge,
                $"Proposal {operation.ProposalId} has {approvals.Length} approvals, the limit.");
        }

        proposal = proposal with { Approvals = approvals.Add(session.Sender) };
        session.Emit(new ProposalApproved(operation.ProposalId, session.Sender));
        if (!IsMet(read, needed, proposal))
        {
            session.State.PutProposal(operation.ProposalId, proposal);
            return null;
        }

        return needed.DelayMs == 0
            ? Execute(session, operation.ProposalId, proposal)
            : Schedule(session, operation.ProposalId, proposal, needed.DelayMs);
    }

    public static Rejection? Cancel(Session session, CancelProposal operation)
    {
        if (session.Read.Proposal(operation.ProposalId) is not { } proposal)
        {
            return Unknown(operation.ProposalId);
        }

        if (!MayCancel(session.Read, session.Sender, proposal))
        {
            return new Rejection(
                RejectionCode.NotAuthorised,
                $"Proposal {operation.ProposalId} is withdrawn by its maker or by a checker of "
                + $"{proposal.Institution}; while it is scheduled also by a checker of a regulator or of a "
                + "kind of institution that had to approve it.");
        }

        if (proposal.Status is not (ProposalStatus.Open or ProposalStatus.Scheduled))
        {
            return Closed(operation.ProposalId, proposal);
        }

        if (proposal.Status == ProposalStatus.Scheduled)
        {
            session.State.RemoveSchedule(proposal.ExecuteAt, operation.ProposalId);
        }

        session.State.PutProposal(operation.ProposalId, proposal with { Status = ProposalStatus.Cancelled });
        session.Emit(new ProposalCancelled(operation.ProposalId, session.Sender, operation.Reason));
        return null;
    }

    /// <summary>
    /// Executes a proposal whose time-lock ran out, if it would still come about: the delay is there so that
    /// a maker or approvers who turn out to be captured can be removed before harm is done.
    /// </summary>
    public static Rejection? ExecuteScheduled(Session session, ulong id, ProposalState proposal)
    {
        LedgerView read = session.Read;
        if (CheckMaker(read, id, proposal) is { } orphaned)
        {
            return orphaned;
        }

        if (ApprovalRequirement.Of(read, proposal.Payload, out Rejection? unmeasured) is not { } needed)
        {
            return unmeasured;
        }

        return IsMet(read, needed, proposal)
            ? Execute(session, id, proposal)
            : new Rejection(
                RejectionCode.OfficerUnknown,
                $"Proposal {id} was approved by officers who are no active checkers any more; the approvals "
                + "that are left do not suffice.");
    }

    /// <summary>The state must show the proposal as executed before the payload runs: it runs once.</summary>
    private static Rejection? Execute(Session session, ulong id, ProposalState proposal)
    {
        session.State.PutProposal(id, proposal with { Status = ProposalStatus.Executed });
        if (PayloadRules.Apply(session, new Payload(proposal.Institution, proposal.Payload)) is { } rejection)
        {
            return rejection;
        }

        session.Emit(new ProposalExecuted(id));
        return null;
    }

    private static Rejection? Schedule(Session session, ulong id, ProposalState proposal, ulong delayMs)
    {
        // At the end of time the sum saturates: no header's time may make a rule throw.
        TimestampMs executeAt = session.Now.Plus(Math.Min(delayMs, ulong.MaxValue - session.Now.Value));
        session.State.PutSchedule(executeAt, id);
        session.State.PutProposal(
            id, proposal with { Status = ProposalStatus.Scheduled, ExecuteAt = executeAt });
        session.Emit(new ProposalScheduled(id, executeAt));
        return null;
    }

    /// <summary>
    /// Once only time stands between a proposal and its effect, outsiders may stop it, too: all officers of
    /// the maker's institution may be captured.
    /// </summary>
    private static bool MayCancel(LedgerView read, in Address sender, ProposalState proposal)
    {
        if (sender == proposal.Maker)
        {
            return true;
        }

        if (Officers.Active(read, sender, Duties.Checker) is not { } checker)
        {
            return false;
        }

        if (checker.Institution == proposal.Institution)
        {
            return true;
        }

        if (proposal.Status != ProposalStatus.Scheduled)
        {
            return false;
        }

        uint required = ApprovalRequirement.Of(read, proposal.Payload, out _)?.RequiredKinds ?? 0;
        return PolicyRules.Has(
            required | ApprovalPolicy.Bit(InstitutionKind.Regulator), KindOf(read, checker.Institution));
    }

    private static Rejection? CheckMayPropose(LedgerView read, in Address institution, Propose operation)
    {
        InstitutionKind kind = KindOf(read, institution);
        for (int i = 0; i < operation.Payload.Length; i++)
        {
            PrivilegedKind what = operation.Payload[i].Kind;
            if (read.Policy(what) is not { } policy)
            {
                return new Rejection(
                    RejectionCode.NoPolicy,
                    $"Payload operation {i}: no approval policy covers '{Words.Of(what)}'.");
            }

            if (!PolicyRules.Has(policy.Makers, kind))
            {
                return new Rejection(
                    RejectionCode.NotAuthorised,
                    $"Payload operation {i}: no maker of a {Words.Of(kind)} may propose '{Words.Of(what)}'.");
            }
        }

        return null;
    }

    private static Rejection? CheckApprovable(
        Session session, ApproveProposal operation, out ProposalState proposal)
    {
        ProposalState? found = session.Read.Proposal(operation.ProposalId);
        proposal = found!;
        if (found is null)
        {
            return Unknown(operation.ProposalId);
        }

        if (found.Status != ProposalStatus.Open)
        {
            return Closed(operation.ProposalId, found);
        }

        if (found.Expires < session.Now)
        {
            return new Rejection(
                RejectionCode.ProposalExpired,
                $"Proposal {operation.ProposalId} expired at {Words.Utc(found.Expires)}.");
        }

        if (CheckMaker(session.Read, operation.ProposalId, found) is { } orphaned)
        {
            return orphaned;
        }

        if (found.PayloadHash != operation.PayloadHash)
        {
            return new Rejection(
                RejectionCode.HashMismatch,
                $"Proposal {operation.ProposalId} has the payload {found.PayloadHash}, not "
                + $"{operation.PayloadHash}.");
        }

        if (found.Maker == session.Sender)
        {
            return new Rejection(
                RejectionCode.SameMaker,
                $"{session.Sender} opened proposal {operation.ProposalId}: another must approve.");
        }

        return found.Approvals.Contains(session.Sender)
            ? new Rejection(
                RejectionCode.AlreadyApproved,
                $"{session.Sender} approved proposal {operation.ProposalId} already.")
            : null;
    }

    /// <summary>A proposal stands only as long as its maker may make one: whoever removes a captured maker
    /// need not hunt for what it left open.</summary>
    private static Rejection? CheckMaker(LedgerView read, ulong id, ProposalState proposal) =>
        Officers.Active(read, proposal.Maker, Duties.Maker) is null
            ? new Rejection(
                RejectionCode.MakerInactive,
                $"{proposal.Maker} made proposal {id} and is no active maker any more.")
            : null;

    private static bool IsMet(LedgerView read, ApprovalRequirement needed, ProposalState proposal)
    {
        var institutions = new HashSet<Address>();
        uint kinds = 0;
        int count = 0;
        foreach (Address key in proposal.Approvals)
        {
            if (Officers.Active(read, key, Duties.Checker) is { } officer
                && KindOf(read, officer.Institution) is var kind
                && PolicyRules.Has(needed.Checkers, kind))
            {
                count++;
                institutions.Add(officer.Institution);
                kinds |= ApprovalPolicy.Bit(kind);
            }
        }

        return count >= needed.Approvals
            && institutions.Count >= needed.Institutions
            && (needed.RequiredKinds & ~kinds) == 0;
    }

    private static InstitutionKind KindOf(LedgerView read, in Address institution)
    {
        InstitutionState? found = read.Institution(institution);
        Invariant.Require(found is not null, "an officer's institution exists");
        return found.Kind;
    }

    private static Rejection Unknown(ulong id) =>
        new(RejectionCode.ProposalUnknown, $"There is no proposal {id}.");

    private static Rejection Closed(ulong id, ProposalState proposal) =>
        new(RejectionCode.ProposalClosed, $"Proposal {id} is {Words.Of(proposal.Status)}.");
}
