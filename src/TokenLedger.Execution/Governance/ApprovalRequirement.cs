// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Execution;

/// <summary>What a proposal needs to take effect.</summary>
/// <param name="ValueMicroUsd">Value of its payload, in millionths of a US dollar, rounded up.</param>
/// <param name="Approvals">Distinct officers.</param>
/// <param name="Institutions">Distinct institutions among them.</param>
/// <param name="RequiredKinds">Kinds of institution of which at least one approval is needed: a mask.</param>
/// <param name="Makers">Kinds of institution whose makers may propose it: a mask.</param>
/// <param name="Checkers">Kinds of institution whose checkers count: a mask.</param>
/// <param name="DelayMs">Time-lock between threshold and effect.</param>
public sealed record ApprovalRequirement(
    UInt128 ValueMicroUsd,
    int Approvals,
    int Institutions,
    uint RequiredKinds,
    uint Makers,
    uint Checkers,
    ulong DelayMs)
{
    /// <summary>What a payload needs by the policies of a state.</summary>
    /// <param name="state">The state; an asset that the payload itself creates is taken from the payload.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="rejection">Why it cannot be said: no policy, an unknown asset, a value over 128 bits.</param>
    /// <returns>Null exactly when there is a rejection.</returns>
    public static ApprovalRequirement? Of(
        LedgerView state, ImmutableArray<PrivilegedOperation> payload, out Rejection? rejection) =>
        throw new NotImplementedException();
}
