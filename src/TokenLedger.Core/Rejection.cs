// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core;

/// <summary>
/// Why a transaction was refused, as a value. The registry with every code's meaning is Execution's SPEC.md.
/// </summary>
/// <param name="Code">The stable code.</param>
/// <param name="Detail">A sentence for people: what happened and, where it helps, which values met which
/// rule. Never part of anything hashed, so wording may change.</param>
/// <param name="Operation">Index of the operation that failed; −1 when the transaction as a whole
/// did.</param>
public sealed record Rejection(RejectionCode Code, string Detail, int Operation = -1)
{
    /// <summary>The code as programs read it, for example SUPPLY_CAP_EXCEEDED.</summary>
    public string Reason => RejectionCodes.Name(Code);

    /// <summary>True when the same bytes may be accepted later.</summary>
    public bool Retriable => RejectionCodes.IsRetriable(Code);

    /// <inheritdoc/>
    public override string ToString() =>
        Operation < 0 ? $"{Reason}: {Detail}" : $"{Reason} (operation {Operation}): {Detail}";
}
