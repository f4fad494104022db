// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution.Governance;

/// <summary>Who may do what.</summary>
internal static class Officers
{
    /// <summary>The officer behind a key when it is active and has the duty.</summary>
    public static OfficerState? Active(LedgerView read, in Address key, Duties duty) =>
        read.Officer(key) is { } officer && (officer.Duties & duty) != 0 ? officer : null;

    public static Rejection NotAuthorised(in Address key, Duties duty) =>
        new(RejectionCode.NotAuthorised, $"{key} is no active {Words.Of(duty)}.");
}

/// <summary>An active officer with what policies ask of one.</summary>
internal readonly record struct RosterEntry(
    Address Key, Address Institution, InstitutionKind Kind, Duties Duties);
