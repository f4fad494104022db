// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core.Ledger;

/// <summary>
/// Something that happened. Every change of a balance has an event that carries the balance after it, so the
/// events from genesis on reproduce all balances.
/// </summary>
public abstract record LedgerEvent;

/// <summary>Units were created.</summary>
public sealed record UnitsIssued(
    AssetId Asset, Address To, Amount Amount, Amount BalanceAfter, Amount SupplyAfter) : LedgerEvent;

/// <summary>Units were destroyed.</summary>
public sealed record UnitsBurned(
    AssetId Asset, Address From, Amount Amount, Amount BalanceAfter, Amount SupplyAfter) : LedgerEvent;

/// <summary>Units moved.</summary>
/// <param name="Asset">Units of what.</param>
/// <param name="From">Who had them.</param>
/// <param name="To">Who has them.</param>
/// <param name="Amount">How many arrived: always all that were sent.</param>
/// <param name="FromAfter">The sender's balance.</param>
/// <param name="ToAfter">The receiver's balance.</param>
/// <param name="Tag">Whom the receiver keeps them for, in the receiver's own numbering; 0 for none.</param>
/// <param name="SourceTag">The tag that a return to the sender should carry; 0 for none.</param>
public sealed record Transferred(
    AssetId Asset, Address From, Address To, Amount Amount, Amount FromAfter, Amount ToAfter,
    ulong Tag = 0, ulong SourceTag = 0) : LedgerEvent;

/// <summary>It was said whether units may come to an account without a tag.</summary>
/// <param name="Account">The account.</param>
/// <param name="Required">True: they may not.</param>
/// <param name="By">Who said it: the account, or its registrar.</param>
public sealed record TagRequirementSet(Address Account, bool Required, Address By) : LedgerEvent;

/// <summary>An account was entered in the register.</summary>
public sealed record AccountRegistered(
    Address Account, AccountKind Kind, Address Institution, Address Registrar) : LedgerEvent;

/// <summary>An account was frozen, or its freeze changed.</summary>
public sealed record AccountFrozen(
    Address Account, FreezeMode Mode, string LegalReference, Hash256 DocumentHash) : LedgerEvent;

/// <summary>A freeze was lifted.</summary>
public sealed record AccountUnfrozen(Address Account, string LegalReference) : LedgerEvent;

/// <summary>An instrument was entered in the register.</summary>
public sealed record AssetCreated(AssetId Asset, AssetClass Class, Amount Cap, Address Issuer) : LedgerEvent;

/// <summary>A document was attached.</summary>
public sealed record DocumentAttached(AssetId Asset, Hash256 DocumentHash) : LedgerEvent;

/// <summary>The authorised amount changed.</summary>
public sealed record AssetCapSet(AssetId Asset, Amount Cap) : LedgerEvent;

/// <summary>An asset was paused.</summary>
public sealed record AssetPaused(AssetId Asset, string Reason) : LedgerEvent;

/// <summary>A pause was lifted.</summary>
public sealed record AssetResumed(AssetId Asset, string Reason) : LedgerEvent;

/// <summary>An officer was given duties.</summary>
public sealed record OfficerGranted(Address Institution, Address Officer, Duties Duties) : LedgerEvent;

/// <summary>An officer's duties ended.</summary>
public sealed record OfficerRevoked(Address Institution, Address Officer) : LedgerEvent;

/// <summary>A proposal was opened.</summary>
public sealed record ProposalOpened(ulong ProposalId, Address Maker, Hash256 PayloadHash) : LedgerEvent;

/// <summary>An officer approved a proposal.</summary>
public sealed record ProposalApproved(ulong ProposalId, Address Checker) : LedgerEvent;

/// <summary>A proposal met its threshold and waits for its time-lock.</summary>
public sealed record ProposalScheduled(ulong ProposalId, TimestampMs ExecuteAt) : LedgerEvent;

/// <summary>A proposal's payload took effect.</summary>
public sealed record ProposalExecuted(ulong ProposalId) : LedgerEvent;

/// <summary>A proposal was withdrawn.</summary>
public sealed record ProposalCancelled(ulong ProposalId, Address By, string Reason) : LedgerEvent;

/// <summary>A scheduled proposal could not take effect when its time came.</summary>
public sealed record ProposalFailed(ulong ProposalId, RejectionCode Code) : LedgerEvent;

/// <summary>An event and what caused it.</summary>
/// <param name="TransactionIndex">The transaction's index in its block; <see cref="Housekeeping"/> for what a
/// block does by itself at its start.</param>
/// <param name="Event">What happened.</param>
public sealed record EventRecord(uint TransactionIndex, LedgerEvent Event)
{
    /// <summary>Not a transaction: the block's own work.</summary>
    public const uint Housekeeping = uint.MaxValue;
}
