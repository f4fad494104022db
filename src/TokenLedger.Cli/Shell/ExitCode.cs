// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Cli.Shell;

/// <summary>How `tl` ends. Numbers are part of its contract with scripts.</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>It failed, and trying again may help.</summary>
    Failed = 1,

    /// <summary>What was typed makes no sense.</summary>
    Usage = 2,
    NotFound = 3,

    /// <summary>Wrong key, password, signature or duty.</summary>
    Auth = 4,

    /// <summary>A rule of the ledger forbids it.</summary>
    RefusedByPolicy = 5,

    /// <summary>Something else was first, or its time has passed.</summary>
    Conflict = 6,

    /// <summary>It was sent, and nothing tells whether it will happen.</summary>
    OutcomeUnknown = 7,

    /// <summary>The person did not confirm.</summary>
    NotConfirmed = 8,

    /// <summary>A signature, hash or proof does not hold.</summary>
    VerificationFailed = 9,
}

/// <summary>The one table from the ledger's rejection codes to exit codes.</summary>
internal static class ExitCodes
{
    /// <summary>The exit code of a refusal.</summary>
    /// <exception cref="InvariantException">A code was added to the ledger and not here.</exception>
    public static ExitCode Of(RejectionCode code) => code switch
    {
        RejectionCode.Malformed or RejectionCode.NotCanonical or RejectionCode.TooLarge
            or RejectionCode.InvalidField or RejectionCode.ValidityTooLong or RejectionCode.AmountInvalid
            or RejectionCode.AmountZero or RejectionCode.LegalReferenceRequired or RejectionCode.SelfTransfer
            or RejectionCode.LaneUnknown or RejectionCode.BridgeRecipientInvalid
            => ExitCode.Usage,

        RejectionCode.AccountUnknown or RejectionCode.AssetUnknown or RejectionCode.ProposalUnknown
            or RejectionCode.InstitutionUnknown or RejectionCode.OfficerUnknown
            or RejectionCode.BridgeLaneUnknown or RejectionCode.BridgeTokenUnknown
            or RejectionCode.BridgeLockUnknown or RejectionCode.BridgeMessageUnknown
            or RejectionCode.BridgeBurnUnknown
            => ExitCode.NotFound,

        RejectionCode.BadSignature or RejectionCode.HighS or RejectionCode.SenderUnknown
            or RejectionCode.NotAuthorised or RejectionCode.BridgeNotSigner
            => ExitCode.Auth,

        RejectionCode.ReceiverNotRegistered or RejectionCode.AccountFrozen
            or RejectionCode.InsufficientAvailable or RejectionCode.TagRequired
            or RejectionCode.Overflow or RejectionCode.SupplyCapExceeded or RejectionCode.AssetPaused
            or RejectionCode.NotRedeemable or RejectionCode.DocumentsFull or RejectionCode.CapBelowSupply
            or RejectionCode.SameMaker or RejectionCode.NoPolicy or RejectionCode.LastOfficers
            or RejectionCode.OfficersFull or RejectionCode.RoleConflict or RejectionCode.MakerInactive
            or RejectionCode.BridgePaused or RejectionCode.BridgeLimit or RejectionCode.BridgeItemLimit
            or RejectionCode.BridgeCeiling or RejectionCode.BridgeTooFarAhead
            or RejectionCode.BridgeEscrowAccount or RejectionCode.BridgeSeats or RejectionCode.BridgeBacking
            => ExitCode.RefusedByPolicy,

        RejectionCode.NonceUsed or RejectionCode.NonceGap or RejectionCode.NonceOccupied
            or RejectionCode.Expired
            or RejectionCode.IdempotencyConflict or RejectionCode.AccountNotFrozen
                or RejectionCode.AccountExists
            or RejectionCode.AssetExists or RejectionCode.AssetNotPaused or RejectionCode.DocumentExists
            or RejectionCode.ProposalClosed or RejectionCode.ProposalExpired or RejectionCode.HashMismatch
            or RejectionCode.AlreadyApproved or RejectionCode.KeyInUse
            or RejectionCode.BridgeLaneExists or RejectionCode.BridgeTokenTaken
            or RejectionCode.BridgeNotPaused or RejectionCode.BridgeLockClosed
            or RejectionCode.BridgeMessageClosed or RejectionCode.BridgeEpoch
            or RejectionCode.BridgeAlreadyAttested or RejectionCode.BridgeRotationOpen
            => ExitCode.Conflict,

        RejectionCode.PoolFull or RejectionCode.Unavailable => ExitCode.Failed,

        _ => throw new InvariantException($"{code} has no exit code"),
    };

    /// <summary>The exit code of a reason as it comes over the wire; a node may be newer than this
    /// program.</summary>
    public static ExitCode? OfReason(string reason)
    {
        foreach (RejectionCode code in Enum.GetValues<RejectionCode>())
        {
            if (RejectionCodes.Name(code) == reason)
            {
                return Of(code);
            }
        }

        return null;
    }
}
