// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution.Governance;

/// <summary>Giving and ending duties.</summary>
internal static class OfficerRules
{
    /// <summary>
    /// A key that was revoked never returns, in no institution: else approvals that it gave before would
    /// count again.
    /// </summary>
    public static Rejection? Grant(Session session, GrantOfficer operation)
    {
        LedgerView read = session.Read;
        if (read.Institution(operation.Institution) is not { } institution)
        {
            return new Rejection(
                RejectionCode.InstitutionUnknown, $"There is no institution {operation.Institution}.");
        }

        if (institution.Kind == InstitutionKind.Auditor)
        {
            return new Rejection(
                RejectionCode.RoleConflict, $"{institution.Name} is an auditor: it reads and has no duties.");
        }

        OfficerState? known = read.Officer(operation.Officer);
        bool foreign = known is not null
            && (known.Institution != operation.Institution || known.Duties == Duties.None);
        if (foreign || read.Account(operation.Officer) is not null
            || read.Institution(operation.Officer) is not null)
        {
            return new Rejection(
                RejectionCode.KeyInUse,
                $"{operation.Officer} is an account, an institution's name, another institution's officer, "
                + "or was revoked.");
        }

        if (known is null && institution.Officers >= Limits.OfficersPerInstitution)
        {
            return new Rejection(
                RejectionCode.OfficersFull,
                $"{institution.Name} has {institution.Officers} officers, the limit.");
        }

        if (known is null)
        {
            session.State.PutInstitution(
                operation.Institution, institution with { Officers = (ushort)(institution.Officers + 1) });
        }

        session.State.PutOfficer(
            operation.Officer, new OfficerState(operation.Institution, operation.Duties, operation.Name));
        session.Emit(new OfficerGranted(operation.Institution, operation.Officer, operation.Duties));
        return null;
    }

    public static Rejection? Revoke(Session session, RevokeOfficer operation)
    {
        if (session.Read.Officer(operation.Officer) is not { } officer || officer.Duties == Duties.None)
        {
            return new Rejection(RejectionCode.OfficerUnknown, $"{operation.Officer} is no active officer.");
        }

        InstitutionState? institution = session.Read.Institution(officer.Institution);
        Invariant.Require(
            institution is { Officers: > 0 }, "an active officer is counted by its institution");
        session.State.PutInstitution(
            officer.Institution, institution with { Officers = (ushort)(institution.Officers - 1) });
        session.State.PutOfficer(operation.Officer, officer with { Duties = Duties.None });
        session.Emit(new OfficerRevoked(officer.Institution, operation.Officer));
        return null;
    }

    /// <summary>
    /// After a payload that changed duties: every policy can still be met. Asked once, so that one payload
    /// may replace officers in any order.
    /// </summary>
    public static Rejection? CheckPolicies(Session session)
    {
        IReadOnlyList<RosterEntry> roster = Roster(session);
        foreach (PrivilegedKind kind in Enum.GetValues<PrivilegedKind>())
        {
            if (session.Read.Policy(kind) is { } policy && PolicyRules.Unmet(policy, roster) is { } problem)
            {
                return new Rejection(
                    RejectionCode.LastOfficers,
                    $"'{Words.Of(kind)}' could never be approved again: {problem}");
            }
        }

        return null;
    }

    private static List<RosterEntry> Roster(Session session)
    {
        var roster = new List<RosterEntry>();
        var kinds = new Dictionary<Address, InstitutionKind>();
        foreach (StateEntry entry in session.State.Overlay.Range(
            [(byte)Table.Officer], [(byte)Table.Officer + 1], int.MaxValue))
        {
            OfficerState officer = StateCodec.Decode(entry.Value.Span, StateCodec.ReadOfficer);
            if (officer.Duties == Duties.None)
            {
                continue;
            }

            if (!kinds.TryGetValue(officer.Institution, out InstitutionKind kind))
            {
                InstitutionState? institution = session.Read.Institution(officer.Institution);
                Invariant.Require(institution is not null, "an officer's institution exists");
                kind = institution.Kind;
                kinds.Add(officer.Institution, kind);
            }

            roster.Add(new RosterEntry(
                new Address(entry.Key.Span[1..]), officer.Institution, kind, officer.Duties));
        }

        return roster;
    }
}
