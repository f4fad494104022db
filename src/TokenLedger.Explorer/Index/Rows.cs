// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Explorer.Index;

/// <summary>A final block.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Hash">The header's hash.</param>
/// <param name="Certificate">Its own finalization; null when a later block's covers it.</param>
/// <param name="Transactions">How many it has.</param>
/// <param name="Events">How many it has.</param>
internal sealed record BlockRow(
    BlockHeader Header, Hash256 Hash, Certificate? Certificate, uint Transactions, uint Events)
{
    /// <summary>The header's height.</summary>
    public Height Height => Header.Height;
}

/// <summary>A final transaction, as it was signed, and what became of it.</summary>
internal sealed record TransactionRow(
    Height Height, uint Index, TimestampMs Time, Address Sender, SignedTransaction Signed, Receipt Receipt);

/// <summary>Something that happened; (height, index) names it for ever.</summary>
internal sealed record EventRow(Height Height, uint Index, EventRecord Record)
{
    /// <summary>Its type's name, which columns and files have.</summary>
    public string Kind => Record.Event.GetType().Name;

    /// <summary>Whether it is about a bridge to another chain.</summary>
    public bool IsOfBridge => Kind.StartsWith("Bridge", StringComparison.Ordinal);
}

/// <summary>How units came to an account, or left it. Values are part of the index's format.</summary>
internal enum PostingKind : byte
{
    /// <summary>They were created there.</summary>
    Issued = 1,

    /// <summary>They were destroyed there.</summary>
    Burned = 2,

    /// <summary>They went to the counterparty.</summary>
    Sent = 3,

    /// <summary>They came from the counterparty.</summary>
    Received = 4,
}

/// <summary>One account's side of one event.</summary>
/// <param name="Account">Whose.</param>
/// <param name="Place">The event.</param>
/// <param name="Kind">Which way the units went.</param>
/// <param name="Asset">Units of what.</param>
/// <param name="Amount">How many.</param>
/// <param name="BalanceAfter">The account's units of the asset after the event.</param>
/// <param name="Counterparty">The other account; zero when units were created or destroyed.</param>
/// <param name="TransactionIndex">Of the block's transactions, the one that did it, or
/// <see cref="EventRecord.Housekeeping"/>.</param>
/// <param name="Time">The block's time.</param>
internal sealed record PostingRow(
    Address Account,
    EventPlace Place,
    PostingKind Kind,
    AssetId Asset,
    Amount Amount,
    Amount BalanceAfter,
    Address Counterparty,
    uint TransactionIndex,
    TimestampMs Time);

/// <summary>Where an event or a transaction stands.</summary>
internal readonly record struct EventPlace(Height Height, uint Index);

/// <summary>An account's units of an asset; never zero.</summary>
internal sealed record BalanceRow(Address Account, AssetId Asset, Amount Amount);

/// <summary>How a block changed a balance; before and after differ.</summary>
internal sealed record BalanceChange(Address Account, AssetId Asset, Amount Before, Amount After);

/// <summary>An account of the register.</summary>
/// <param name="Account">The account.</param>
/// <param name="Kind">Whose it is.</param>
/// <param name="Institution">The owning institution; zero for a citizen's.</param>
/// <param name="Registrar">Who entered it; zero when genesis did.</param>
/// <param name="Freeze">What a freeze forbids now.</param>
/// <param name="LegalReference">The freezing order; empty when free.</param>
/// <param name="FreezeDocument">SHA-256 of the order; zero when free.</param>
/// <param name="FrozenAt">Since which block; 0 when free.</param>
/// <param name="RegisteredAt">Since which block it is there; 0 for genesis.</param>
/// <param name="Registered">That block's time.</param>
/// <param name="TagRequired">Whether units come to it with a tag only.</param>
internal sealed record AccountRow(
    Address Account,
    AccountKind Kind,
    Address Institution,
    Address Registrar,
    FreezeMode Freeze,
    string LegalReference,
    Hash256 FreezeDocument,
    Height FrozenAt,
    Height RegisteredAt,
    TimestampMs Registered,
    bool TagRequired = false);

/// <summary>An asset as it stands.</summary>
/// <param name="Definition">As it was created.</param>
/// <param name="Cap">The authorised amount now.</param>
/// <param name="Supply">The outstanding amount now.</param>
/// <param name="Paused">Whether transfers and issuance are stopped.</param>
/// <param name="PauseReason">Why; empty when they are not.</param>
/// <param name="Documents">How many are attached.</param>
/// <param name="Holders">How many accounts have units.</param>
/// <param name="CreatedAt">Since which block it is there; 0 for genesis.</param>
/// <param name="Created">That block's time.</param>
internal sealed record AssetRow(
    AssetDefinition Definition,
    Amount Cap,
    Amount Supply,
    bool Paused,
    string PauseReason,
    ushort Documents,
    ulong Holders,
    Height CreatedAt,
    TimestampMs Created)
{
    /// <summary>The symbol.</summary>
    public AssetId Id => Definition.Id;
}

/// <summary>A document of an asset.</summary>
internal sealed record DocumentRow(
    AssetId Asset, ushort Index, AssetDocument Document, Height AttachedAt, TimestampMs Attached);

/// <summary>An institution.</summary>
internal sealed record InstitutionRow(
    Address Institution, InstitutionKind Kind, string Name, string NameUrdu);

/// <summary>An officer; without duties when revoked.</summary>
internal sealed record OfficerRow(
    Address Officer, Address Institution, Duties Duties, string Name, Height ChangedAt, TimestampMs Changed);

/// <summary>A proposal as it stands.</summary>
/// <param name="Id">Its number, from 1.</param>
/// <param name="Maker">Who opened it.</param>
/// <param name="Institution">The maker's institution then.</param>
/// <param name="Payload">What it would do.</param>
/// <param name="PayloadHash">What officers approve.</param>
/// <param name="Reason">The maker's sentence.</param>
/// <param name="Opened">The event that opened it.</param>
/// <param name="OpenedTime">That block's time.</param>
/// <param name="Expires">After which it can no longer be approved.</param>
/// <param name="Status">Where it stands; an open one that has expired stays open here.</param>
/// <param name="ExecuteAt">When it takes effect; 0 unless it was scheduled.</param>
/// <param name="ChangedAt">The block of its last change.</param>
/// <param name="Changed">That block's time.</param>
/// <param name="CancelledBy">Who withdrew it; zero when nobody did.</param>
/// <param name="CancelReason">Why; empty when nobody did.</param>
/// <param name="Failure">Why it could not take effect when its time came; null unless failed.</param>
/// <param name="Approvals">How many approvals were given.</param>
internal sealed record ProposalRow(
    ulong Id,
    Address Maker,
    Address Institution,
    ImmutableArray<PrivilegedOperation> Payload,
    Hash256 PayloadHash,
    string Reason,
    EventPlace Opened,
    TimestampMs OpenedTime,
    TimestampMs Expires,
    ProposalStatus Status,
    TimestampMs ExecuteAt,
    Height ChangedAt,
    TimestampMs Changed,
    Address CancelledBy,
    string CancelReason,
    RejectionCode? Failure,
    uint Approvals);

/// <summary>An approval of a proposal.</summary>
internal sealed record ApprovalRow(
    ulong ProposalId, EventPlace Place, Address Officer, Address Institution, TimestampMs Time);

/// <summary>A freeze that was laid, changed or lifted (mode none).</summary>
internal sealed record FreezeRow(
    EventPlace Place, Address Account, FreezeMode Mode, string LegalReference, Hash256 Document,
    TimestampMs Time);

/// <summary>What one day, by block time in UTC, was for an asset. A day on which nothing happened has no
/// row.</summary>
/// <param name="Asset">The asset.</param>
/// <param name="Day">Days since 1970-01-01.</param>
/// <param name="Issued">Units created.</param>
/// <param name="Burned">Units destroyed.</param>
/// <param name="Transferred">Units moved; the most that 128 bits hold when it is more.</param>
/// <param name="Transfers">How often units moved.</param>
/// <param name="Supply">The outstanding amount at the end of the day, as far as it went.</param>
internal sealed record DayRow(
    AssetId Asset, uint Day, Amount Issued, Amount Burned, Amount Transferred, ulong Transfers,
    Amount Supply);

/// <summary>How much of an asset was out, as a block left it; only blocks that changed it have one.</summary>
/// <param name="Asset">The asset.</param>
/// <param name="Height">The block.</param>
/// <param name="Supply">The outstanding amount after it.</param>
/// <param name="Holders">How many accounts had units after it.</param>
internal sealed record SupplyRow(AssetId Asset, Height Height, Amount Supply, ulong Holders);

/// <summary>Some of an asset's holders after a height, by account.</summary>
/// <param name="Rows">They.</param>
/// <param name="Next">After which account to go on; null when all have been looked at. A page may have few
/// rows, or none, and still go on.</param>
internal sealed record PastHolders(IReadOnlyList<BalanceRow> Rows, Address? Next);

/// <summary>A bridge to another chain, as it stands.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Contract">The contract there.</param>
/// <param name="Proposal">The proposal that opened it.</param>
/// <param name="Epoch">Which set of signers acts, from 1.</param>
/// <param name="Signers">How many they are.</param>
/// <param name="Stops">What stands still.</param>
/// <param name="StopReason">Why; empty before the first stop.</param>
/// <param name="OpenedAt">Since which block it is there.</param>
/// <param name="Opened">That block's time.</param>
/// <param name="ChangedAt">The block of its last change.</param>
/// <param name="Changed">That block's time.</param>
internal sealed record LaneRow(
    ulong ChainId,
    Address Contract,
    ulong Proposal,
    ulong Epoch,
    uint Signers,
    BridgeStops Stops,
    string StopReason,
    Height OpenedAt,
    TimestampMs Opened,
    Height ChangedAt,
    TimestampMs Changed);

/// <summary>How much is indexed.</summary>
internal sealed record IndexCounts(
    ulong Transactions, ulong Events, ulong Postings, ulong Accounts, ulong Assets, ulong Proposals)
{
    /// <summary>Nothing.</summary>
    public static IndexCounts None { get; } = new(0, 0, 0, 0, 0, 0);
}

/// <summary>The newest block that is indexed, and how much is up to there.</summary>
internal sealed record IndexCursor(Height Height, Hash256 Hash, TimestampMs Time, IndexCounts Counts);
