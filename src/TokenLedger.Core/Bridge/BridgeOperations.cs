// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Core.Bridge;

/// <summary>Locks the sender's units, to be minted abroad.</summary>
/// <param name="ChainId">The lane, by the EIP-155 id of its chain.</param>
/// <param name="Asset">The asset.</param>
/// <param name="Amount">Atomic units; the token abroad has the same decimals.</param>
/// <param name="Recipient">The address abroad.</param>
public sealed record LockForBridge(ulong ChainId, AssetId Asset, Amount Amount, Address Recipient)
    : Operation;

/// <summary>
/// Takes a lock back: at once while no signature for it can exist, else by using up its nonce abroad.
/// </summary>
public sealed record CancelBridgeLock(ulong ChainId, ulong Nonce) : Operation;

/// <summary>Releases a suspended burn whose hindrance is gone. Anybody may ask for it.</summary>
public sealed record RetryBridgeRelease(ulong ChainId, ulong BurnNonce) : Operation;

/// <summary>A signer's signature on a message. What it is worth is checked where it is used.</summary>
/// <param name="ChainId">The lane.</param>
/// <param name="MessageId">The message.</param>
/// <param name="Epoch">The signers' epoch under which it was signed.</param>
/// <param name="Signature">65 bytes r ‖ s ‖ v.</param>
public sealed record AttestBridge(
    ulong ChainId, ulong MessageId, ulong Epoch, ImmutableArray<byte> Signature) : Operation
{
    /// <summary>Same content.</summary>
    public bool Equals(AttestBridge? other) =>
        other is not null
        && (ChainId, MessageId, Epoch) == (other.ChainId, other.MessageId, other.Epoch)
        && Signature.AsSpan().SequenceEqual(other.Signature.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ChainId, MessageId, Epoch);
}

/// <summary>A signer's observations, 1 to <see cref="Limits.BridgeObservationsPerOperation"/>.</summary>
public sealed record ObserveBridge(ulong ChainId, ImmutableArray<BridgeObservation> Observations) : Operation
{
    /// <summary>Same content: lists are compared item by item.</summary>
    public bool Equals(ObserveBridge? other) =>
        other is not null
        && ChainId == other.ChainId
        && Observations.AsSpan().SequenceEqual(other.Observations.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ChainId, Observations.Length);
}

/// <summary>Opens the lane to a chain.</summary>
/// <param name="ChainId">The chain's EIP-155 id.</param>
/// <param name="Contract">The bridge abroad.</param>
/// <param name="SignerContract">The register of signers abroad.</param>
/// <param name="RemoteGenesis">Hash of the chain's first block.</param>
/// <param name="StartBlock">The block in which the bridge was deployed: reading begins there.</param>
/// <param name="LockLifetimeMs">How long a lock waits for its mint before it can be refunded.</param>
/// <param name="GatherMs">How long locks are gathered into one message.</param>
/// <param name="Signers">The first set, strictly ascending by key.</param>
public sealed record OpenBridgeLane(
    ulong ChainId,
    Address Contract,
    Address SignerContract,
    Hash256 RemoteGenesis,
    ulong StartBlock,
    ulong LockLifetimeMs,
    ulong GatherMs,
    ImmutableArray<BridgeSigner> Signers) : PrivilegedOperation
{
    /// <inheritdoc/>
    public override PrivilegedKind Kind => PrivilegedKind.OpenBridgeLane;

    /// <summary>Same content: lists are compared item by item.</summary>
    public bool Equals(OpenBridgeLane? other) =>
        other is not null
        && (ChainId, Contract, SignerContract, RemoteGenesis)
            == (other.ChainId, other.Contract, other.SignerContract, other.RemoteGenesis)
        && (StartBlock, LockLifetimeMs, GatherMs)
            == (other.StartBlock, other.LockLifetimeMs, other.GatherMs)
        && Signers.AsSpan().SequenceEqual(other.Signers.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ChainId, Contract, Signers.Length);
}

/// <summary>Joins an asset to its token abroad, or changes its quota; the token never changes.</summary>
public sealed record MapBridgeToken(ulong ChainId, AssetId Asset, Address Token, BridgeQuota Quota)
    : PrivilegedOperation
{
    /// <inheritdoc/>
    public override PrivilegedKind Kind => PrivilegedKind.MapBridgeToken;
}

/// <summary>Stops locks, releases, or both.</summary>
public sealed record PauseBridge(ulong ChainId, BridgeStops Stops, string Reason) : PrivilegedOperation
{
    /// <inheritdoc/>
    public override PrivilegedKind Kind => PrivilegedKind.PauseBridge;
}

/// <summary>Lifts stops, a halt among them.</summary>
public sealed record ResumeBridge(ulong ChainId, BridgeStops Stops, string Reason) : PrivilegedOperation
{
    /// <inheritdoc/>
    public override PrivilegedKind Kind => PrivilegedKind.ResumeBridge;
}

/// <summary>
/// Replaces the signers. The present set signs the new one, and keeps its duty until the change is final
/// abroad. Or takes over the set that the contracts' cold keys have installed there, when too few of the
/// present one are left to say so; that needs a lane of which locks and releases stand still.
/// </summary>
/// <param name="ChainId">The lane.</param>
/// <param name="NotBefore">When it may be done abroad at the earliest.</param>
/// <param name="Signers">The new set, strictly ascending by key.</param>
/// <param name="InstalledEpoch">The epoch under which it stands abroad already; 0 for one that does
/// not.</param>
public sealed record RotateBridgeSigners(
    ulong ChainId, TimestampMs NotBefore, ImmutableArray<BridgeSigner> Signers, ulong InstalledEpoch = 0)
    : PrivilegedOperation
{
    /// <inheritdoc/>
    public override PrivilegedKind Kind => PrivilegedKind.RotateBridgeSigners;

    /// <summary>Same content: lists are compared item by item.</summary>
    public bool Equals(RotateBridgeSigners? other) =>
        other is not null
        && (ChainId, NotBefore, InstalledEpoch) == (other.ChainId, other.NotBefore, other.InstalledEpoch)
        && Signers.AsSpan().SequenceEqual(other.Signers.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ChainId, NotBefore, Signers.Length);
}

/// <summary>Decides to whom a suspended burn goes.</summary>
public sealed record RedirectBridgeRelease(ulong ChainId, ulong BurnNonce, Address To, string Reason)
    : PrivilegedOperation
{
    /// <inheritdoc/>
    public override PrivilegedKind Kind => PrivilegedKind.RedirectBridgeRelease;
}
