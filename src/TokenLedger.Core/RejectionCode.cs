// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core;

/// <summary>
/// Stable codes of refusals. Numbers stand in receipts and are never used again for another meaning.
/// 1–99 shape and admission · 100–199 accounts and balances · 200–299 assets · 300–399 proposals and duties
/// · 400–499 bridge.
/// </summary>
public enum RejectionCode : ushort
{
    /// <summary>The bytes are not a transaction.</summary>
    Malformed = 1,

    /// <summary>Decoding and encoding again gives other bytes.</summary>
    NotCanonical = 2,

    /// <summary>Over a size or count limit.</summary>
    TooLarge = 3,

    /// <summary>The signature is not the sender's over these bytes, for this network.</summary>
    BadSignature = 4,

    /// <summary>The signature's s is in the upper half of the order.</summary>
    HighS = 5,

    /// <summary>The nonce was used.</summary>
    NonceUsed = 6,

    /// <summary>The nonce is further ahead than the pool keeps.</summary>
    NonceGap = 7,

    /// <summary>validUntilMs has passed.</summary>
    Expired = 8,

    /// <summary>validUntilMs is more than seven days ahead.</summary>
    ValidityTooLong = 9,

    /// <summary>The sender's request id stands for another body.</summary>
    IdempotencyConflict = 10,

    /// <summary>The pool, or the sender's share of it, is full.</summary>
    PoolFull = 11,

    /// <summary>The sender is neither a registered account nor an officer.</summary>
    SenderUnknown = 12,

    /// <summary>A field's value is outside what its meaning allows.</summary>
    InvalidField = 13,

    /// <summary>The node is not taking transactions now.</summary>
    Unavailable = 14,

    /// <summary>Another waiting transaction has this sender, lane and nonce.</summary>
    NonceOccupied = 15,

    /// <summary>The sender has no such lane: their numbers are bounded.</summary>
    LaneUnknown = 16,

    /// <summary>No such account.</summary>
    AccountUnknown = 100,

    /// <summary>The receiver is not a registered account.</summary>
    ReceiverNotRegistered = 101,

    /// <summary>The account is frozen.</summary>
    AccountFrozen = 102,

    /// <summary>The account is not frozen.</summary>
    AccountNotFrozen = 103,

    /// <summary>The account exists already.</summary>
    AccountExists = 104,

    /// <summary>An amount of zero moves nothing.</summary>
    AmountZero = 105,

    /// <summary>The amount's text is not a canonical decimal of at most 128 bits.</summary>
    AmountInvalid = 106,

    /// <summary>The available balance is smaller than the amount.</summary>
    InsufficientAvailable = 107,

    /// <summary>A result is over 128 bits.</summary>
    Overflow = 108,

    /// <summary>Sender and receiver are the same account.</summary>
    SelfTransfer = 109,

    /// <summary>The receiving account takes units with a tag only.</summary>
    TagRequired = 110,

    /// <summary>No such asset.</summary>
    AssetUnknown = 200,

    /// <summary>The symbol is taken.</summary>
    AssetExists = 201,

    /// <summary>The amount would pass the asset's cap.</summary>
    SupplyCapExceeded = 202,

    /// <summary>The asset is paused.</summary>
    AssetPaused = 203,

    /// <summary>The asset is not paused.</summary>
    AssetNotPaused = 204,

    /// <summary>The units stand in an account that is not the issuer's.</summary>
    NotRedeemable = 205,

    /// <summary>A document with this hash is attached already.</summary>
    DocumentExists = 206,

    /// <summary>The asset's list of documents is full.</summary>
    DocumentsFull = 207,

    /// <summary>The cap would fall below what is outstanding.</summary>
    CapBelowSupply = 208,

    /// <summary>The sender's duties do not include this operation.</summary>
    NotAuthorised = 300,

    /// <summary>No such proposal.</summary>
    ProposalUnknown = 301,

    /// <summary>The proposal is no longer open.</summary>
    ProposalClosed = 302,

    /// <summary>The proposal's time has passed.</summary>
    ProposalExpired = 303,

    /// <summary>The approved hash is not the payload's.</summary>
    HashMismatch = 304,

    /// <summary>The maker cannot approve.</summary>
    SameMaker = 305,

    /// <summary>This officer approved already.</summary>
    AlreadyApproved = 306,

    /// <summary>No approval policy covers this operation.</summary>
    NoPolicy = 307,

    /// <summary>A freeze or unfreeze needs a legal reference.</summary>
    LegalReferenceRequired = 308,

    /// <summary>No such institution.</summary>
    InstitutionUnknown = 309,

    /// <summary>The key is an officer or an account already.</summary>
    KeyInUse = 310,

    /// <summary>The officer is not known or not active.</summary>
    OfficerUnknown = 311,

    /// <summary>The last officers that a policy needs cannot be removed.</summary>
    LastOfficers = 312,

    /// <summary>The institution has as many officers as it may.</summary>
    OfficersFull = 313,

    /// <summary>The institution may not have these duties: an auditor never writes.</summary>
    RoleConflict = 314,

    /// <summary>The proposal's maker is no active officer with the maker's duty any more.</summary>
    MakerInactive = 315,

    /// <summary>No lane to this chain.</summary>
    BridgeLaneUnknown = 400,

    /// <summary>A lane to this chain exists, or there are as many as may be.</summary>
    BridgeLaneExists = 401,

    /// <summary>The asset is not joined to a token on this lane.</summary>
    BridgeTokenUnknown = 402,

    /// <summary>The token stands for another asset, or the asset for another token.</summary>
    BridgeTokenTaken = 403,

    /// <summary>This direction of the lane stands still.</summary>
    BridgePaused = 404,

    /// <summary>Nothing of this is stopped.</summary>
    BridgeNotPaused = 405,

    /// <summary>The amount is over what may pass now.</summary>
    BridgeLimit = 406,

    /// <summary>The amount is over what one lock may hold.</summary>
    BridgeItemLimit = 407,

    /// <summary>With the amount more would be abroad than may be.</summary>
    BridgeCeiling = 408,

    /// <summary>The address abroad cannot receive.</summary>
    BridgeRecipientInvalid = 409,

    /// <summary>No such lock.</summary>
    BridgeLockUnknown = 410,

    /// <summary>The lock is minted, refunded or being cancelled.</summary>
    BridgeLockClosed = 411,

    /// <summary>The sender is no signer of this lane.</summary>
    BridgeNotSigner = 412,

    /// <summary>No such message.</summary>
    BridgeMessageUnknown = 413,

    /// <summary>Nothing of the message is open any more.</summary>
    BridgeMessageClosed = 414,

    /// <summary>The signature is of another epoch than the signers' present one.</summary>
    BridgeEpoch = 415,

    /// <summary>This signer has signed the message already.</summary>
    BridgeAlreadyAttested = 416,

    /// <summary>The burn is too far ahead of the next.</summary>
    BridgeTooFarAhead = 417,

    /// <summary>No such suspended burn.</summary>
    BridgeBurnUnknown = 418,

    /// <summary>The account is the bridge's: units come to it by locks only.</summary>
    BridgeEscrowAccount = 419,

    /// <summary>One institution would operate more signers than may fail.</summary>
    BridgeSeats = 420,

    /// <summary>A change of signers is under way.</summary>
    BridgeRotationOpen = 421,

    /// <summary>More was burned abroad than the ledger knows to be minted there.</summary>
    BridgeBacking = 422,
}

/// <summary>Names and properties of <see cref="RejectionCode"/>.</summary>
public static class RejectionCodes
{
    /// <summary>Upper-case words with underscores, for example NONCE_USED. Stable.</summary>
    public static string Name(RejectionCode code)
    {
        string pascal = code.ToString();
        var name = new System.Text.StringBuilder(pascal.Length + 4);
        for (int i = 0; i < pascal.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(pascal[i]))
            {
                name.Append('_');
            }

            name.Append(char.ToUpperInvariant(pascal[i]));
        }

        return name.ToString();
    }

    /// <summary>True when the same bytes may be accepted later, without anything being signed
    /// again.</summary>
    public static bool IsRetriable(RejectionCode code) => code is RejectionCode.NonceGap
        or RejectionCode.PoolFull
        or RejectionCode.Unavailable
        or RejectionCode.AccountFrozen
        or RejectionCode.AssetPaused
        or RejectionCode.InsufficientAvailable
        or RejectionCode.ReceiverNotRegistered
        or RejectionCode.BridgePaused
        or RejectionCode.BridgeLimit
        or RejectionCode.BridgeCeiling
        or RejectionCode.BridgeTooFarAhead
        or RejectionCode.BridgeRotationOpen;
}
