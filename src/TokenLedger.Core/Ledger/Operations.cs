// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace TokenLedger.Core.Ledger;

/// <summary>One thing that a transaction does.</summary>
public abstract record Operation;

/// <summary>Moves units from the sender to a registered account.</summary>
/// <param name="Asset">Units of what.</param>
/// <param name="To">Who gets them.</param>
/// <param name="Amount">How many, in atomic units; above zero.</param>
/// <param name="Tag">Whom the receiver keeps them for, in the receiver's own numbering; 0 for none.</param>
/// <param name="SourceTag">The tag that a return to the sender should carry; 0 for none.</param>
public sealed record Transfer(
    AssetId Asset, Address To, Amount Amount, ulong Tag = 0, ulong SourceTag = 0) : Operation;

/// <summary>
/// Says whether units may come to an account without a tag. The account itself may, or a registrar of its
/// institution; for a citizen's account, of the one that entered it.
/// </summary>
/// <param name="Account">The account.</param>
/// <param name="Required">True: transfers and releases to it carry a tag; nothing is issued to it.</param>
public sealed record RequireTag(Address Account, bool Required) : Operation;

/// <summary>
/// Enters an account in the register. Only an officer with the registrar's duty may; an account of an
/// institution is entered by that institution's own registrar.
/// </summary>
/// <param name="Account">The new account.</param>
/// <param name="Kind">Whose it is.</param>
/// <param name="Institution">The owning institution; zero exactly for a citizen's.</param>
public sealed record RegisterAccount(Address Account, AccountKind Kind, Address Institution) : Operation;

/// <summary>
/// Opens a proposal: privileged operations that take effect when enough others approve them.
/// </summary>
/// <param name="Payload">1 to <see cref="Limits.OperationsPerProposal"/> operations, applied all or
/// none.</param>
/// <param name="Expires">Block time after which it can no longer be approved; at most 30 days ahead.</param>
/// <param name="Reason">A sentence for the approvers.</param>
public sealed record Propose(
    ImmutableArray<PrivilegedOperation> Payload, TimestampMs Expires, string Reason) : Operation
{
    /// <summary>Same content: lists are compared item by item.</summary>
    public bool Equals(Propose? other) =>
        other is not null
        && Expires == other.Expires
        && Reason == other.Reason
        && Payload.AsSpan().SequenceEqual(other.Payload.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Expires, Reason, Payload.Length);
}

/// <summary>
/// Approves exactly the payload with this hash. The approval that meets the threshold executes it.
/// </summary>
public sealed record ApproveProposal(ulong ProposalId, Hash256 PayloadHash) : Operation;

/// <summary>Withdraws an open or scheduled proposal: its maker, or a checker of the maker's institution; a
/// scheduled one also a checker of a regulator or of a kind of institution that it requires.</summary>
public sealed record CancelProposal(ulong ProposalId, string Reason) : Operation;

/// <summary>Whose an account is. Values are part of the format.</summary>
public enum AccountKind : byte
{
    /// <summary>A person's. Nothing about the person is on the ledger.</summary>
    Citizen = 1,

    /// <summary>A state institution's.</summary>
    Institution = 2,

    /// <summary>An exchange's or custodian's.</summary>
    Exchange = 3,

    /// <summary>What is locked for another chain: nobody has its key.</summary>
    BridgeEscrow = 4,

    /// <summary>A key that signs and observes for the bridge.</summary>
    BridgeSigner = 5,
}
