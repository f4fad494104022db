// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Core.State;

/// <summary>A registered account.</summary>
/// <param name="Kind">Whose it is.</param>
/// <param name="Institution">The owning institution; zero for a citizen's.</param>
/// <param name="Registrar">The institution that entered it; zero when genesis did.</param>
/// <param name="Freeze">What a freeze forbids.</param>
/// <param name="LegalReference">The freezing order's reference; empty when free.</param>
/// <param name="TagRequired">True when units may come to it with a tag only.</param>
public sealed record AccountState(
    AccountKind Kind, Address Institution, Address Registrar, FreezeMode Freeze, string LegalReference,
    bool TagRequired = false);

/// <summary>A request id in use.</summary>
/// <param name="TransactionId">The transaction that it stands for.</param>
/// <param name="ValidUntil">When it is forgotten.</param>
public sealed record RequestState(Hash256 TransactionId, TimestampMs ValidUntil);

/// <summary>An instrument as it stands.</summary>
/// <param name="Definition">As created, but for the cap.</param>
/// <param name="Cap">The authorised amount now.</param>
/// <param name="Paused">True while paused.</param>
/// <param name="DocumentCount">How many documents are attached.</param>
public sealed record AssetState(AssetDefinition Definition, Amount Cap, bool Paused, ushort DocumentCount);

/// <summary>
/// What an institution is. Values are part of the format; a set of them is a bit mask, bit = value.
/// </summary>
public enum InstitutionKind : byte
{
    /// <summary>Finance ministry.</summary>
    Ministry = 1,

    /// <summary>Treasury.</summary>
    Treasury = 2,

    /// <summary>Central bank.</summary>
    CentralBank = 3,

    /// <summary>Digital-assets regulator.</summary>
    Regulator = 4,

    /// <summary>Auditor: reads, never writes.</summary>
    Auditor = 5,

    /// <summary>Exchange.</summary>
    Exchange = 6,

    /// <summary>Custodian.</summary>
    Custodian = 7,
}

/// <summary>An institution.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Name in English.</param>
/// <param name="NameUrdu">Name in Urdu.</param>
/// <param name="Officers">How many active officers it has.</param>
public sealed record InstitutionState(InstitutionKind Kind, string Name, string NameUrdu, ushort Officers);

/// <summary>An officer of an institution.</summary>
/// <param name="Institution">Whose.</param>
/// <param name="Duties">What the officer may do; none when revoked.</param>
/// <param name="Name">Office held, for people; not a person's name.</param>
public sealed record OfficerState(Address Institution, Duties Duties, string Name);

/// <summary>Who may propose and approve a kind of operation, by value.</summary>
/// <param name="Kind">The operation.</param>
/// <param name="Makers">Kinds of institution whose makers may propose it: a mask.</param>
/// <param name="Checkers">Kinds of institution whose checkers count: a mask.</param>
/// <param name="Tiers">By rising value; the last has no upper bound.</param>
public sealed record ApprovalPolicy(
    PrivilegedKind Kind, uint Makers, uint Checkers, ImmutableArray<ApprovalTier> Tiers)
{
    /// <summary>The bit of a kind in a mask.</summary>
    public static uint Bit(InstitutionKind kind) => 1u << (byte)kind;

    /// <summary>Same content: lists are compared item by item.</summary>
    public bool Equals(ApprovalPolicy? other) =>
        other is not null
        && Kind == other.Kind
        && Makers == other.Makers
        && Checkers == other.Checkers
        && Tiers.AsSpan().SequenceEqual(other.Tiers.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Makers, Checkers, Tiers.Length);
}

/// <summary>What a proposal needs up to a value.</summary>
/// <param name="UpToMicroUsd">The highest value in millionths of a US dollar that this tier covers.</param>
/// <param name="Approvals">Distinct officers who must approve, the maker not among them; at least 1.</param>
/// <param name="Institutions">From how many distinct institutions the approvals must come; at least
/// 1.</param>
/// <param name="RequiredKinds">Kinds of institution of which at least one approval is needed: a mask, 0 for
/// none.</param>
/// <param name="DelayMs">Time-lock between threshold and effect; 0 for the same block.</param>
public sealed record ApprovalTier(
    UInt128 UpToMicroUsd, byte Approvals, byte Institutions, uint RequiredKinds, ulong DelayMs);

/// <summary>Where a proposal stands. Values are part of the format.</summary>
public enum ProposalStatus : byte
{
    /// <summary>It can be approved until it expires.</summary>
    Open = 1,

    /// <summary>It met its threshold and waits for its time-lock.</summary>
    Scheduled = 2,

    /// <summary>Its payload took effect.</summary>
    Executed = 3,

    /// <summary>It was withdrawn.</summary>
    Cancelled = 4,

    /// <summary>It was refused when its time came: its maker, its approvals or its payload.</summary>
    Failed = 5,
}

/// <summary>A proposal.</summary>
/// <param name="Maker">Officer who opened it.</param>
/// <param name="Institution">The maker's institution then.</param>
/// <param name="Payload">What it would do.</param>
/// <param name="PayloadHash">What approvers approve.</param>
/// <param name="Reason">A sentence for the approvers.</param>
/// <param name="Opened">Block time of opening.</param>
/// <param name="Expires">Block time after which it can no longer be approved.</param>
/// <param name="Status">Where it stands. An open one that has expired stays open here and cannot be
/// approved.</param>
/// <param name="ExecuteAt">When it takes effect; 0 unless scheduled.</param>
/// <param name="Approvals">Officers who approved, in that order.</param>
public sealed record ProposalState(
    Address Maker,
    Address Institution,
    ImmutableArray<PrivilegedOperation> Payload,
    Hash256 PayloadHash,
    string Reason,
    TimestampMs Opened,
    TimestampMs Expires,
    ProposalStatus Status,
    TimestampMs ExecuteAt,
    ImmutableArray<Address> Approvals)
{
    /// <summary>Same content: lists are compared item by item.</summary>
    public bool Equals(ProposalState? other) =>
        other is not null
        && Maker == other.Maker
        && Institution == other.Institution
        && PayloadHash == other.PayloadHash
        && Reason == other.Reason
        && Opened == other.Opened
        && Expires == other.Expires
        && Status == other.Status
        && ExecuteAt == other.ExecuteAt
        && Payload.AsSpan().SequenceEqual(other.Payload.AsSpan())
        && Approvals.AsSpan().SequenceEqual(other.Approvals.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Maker, PayloadHash, Opened, Status, Approvals.Length);
}
