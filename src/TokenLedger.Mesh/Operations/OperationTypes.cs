// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace TokenLedger.Mesh.Operations;

/// <summary>The types and statuses of operations, as the options list them.</summary>
internal static class OperationTypes
{
    /// <summary>Units moved between two accounts, a lock's and its escrow included: a debit and its
    /// credit.</summary>
    public const string Transfer = "transfer";

    /// <summary>Units were created.</summary>
    public const string Issue = "issue_units";

    /// <summary>Units were destroyed.</summary>
    public const string Burn = "burn_units";

    // The ones from here on move nothing, and have no amount.
    public const string Register = "register_account";
    public const string Freeze = "freeze_account";
    public const string Unfreeze = "unfreeze_account";
    public const string RequireTag = "require_tag";
    public const string BridgeLock = "bridge_lock";
    public const string BridgeRelease = "bridge_release";

    /// <summary>It took effect.</summary>
    public const string Success = "SUCCESS";

    /// <summary>Its transaction was included, and changed nothing.</summary>
    public const string Failure = "FAILURE";

    public static ImmutableArray<string> All { get; } =
        [Transfer, Issue, Burn, Register, Freeze, Unfreeze, RequireTag, BridgeLock, BridgeRelease];
}
