// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core.Bridge;

/// <summary>
/// What a validator saw in a final block abroad. n − f identical ones make it a fact of the ledger.
/// </summary>
public abstract record BridgeObservation
{
    /// <summary>What it is about: validators vote once for each subject.</summary>
    public abstract BridgeSubject Subject { get; }

    /// <summary>
    /// Of reports and alarms the block abroad, which keeps a signer's votes on one subject apart; else 0.
    /// </summary>
    public virtual ulong Block => 0;

    /// <summary>The number of the block abroad that it names; 0 for none.</summary>
    public virtual ulong SeenAt => 0;
}

/// <summary>What observations are about. Values are part of the format.</summary>
public enum BridgeSubjectKind : byte
{
    /// <summary>A burn, by its nonce.</summary>
    Burn = 1,

    /// <summary>What became of a lock, by its nonce.</summary>
    Outcome = 2,

    /// <summary>A change of the signers, by its epoch.</summary>
    Rotation = 3,

    /// <summary>How much of a token is abroad, by the token.</summary>
    Supply = 4,

    /// <summary>A token's backing that does not add up, by the token.</summary>
    Mismatch = 5,
}

/// <summary>What an observation is about.</summary>
/// <param name="Kind">The kind of subject.</param>
/// <param name="Number">A nonce or an epoch; 0 for reports and alarms, so that no signer can open subjects
/// without end.</param>
/// <param name="Token">The token of a report or alarm; else zero.</param>
public readonly record struct BridgeSubject(BridgeSubjectKind Kind, ulong Number, Address Token);

/// <summary>Where something stands abroad.</summary>
/// <param name="Number">The block's number.</param>
/// <param name="BlockHash">The block's hash.</param>
/// <param name="TransactionHash">The transaction; zero for a fact of the block as a whole.</param>
public readonly record struct BridgePlace(ulong Number, Hash256 BlockHash, Hash256 TransactionHash);

/// <summary>Units were destroyed abroad, to be released here.</summary>
/// <param name="Nonce">The burn's number on its lane, from 1 without a gap.</param>
/// <param name="Token">The token abroad.</param>
/// <param name="From">Who burned.</param>
/// <param name="Recipient">To whom: see <see cref="BridgeRecipient"/>.</param>
/// <param name="Amount">Atomic units.</param>
/// <param name="Accumulator">The bridge's hash chain over its burns, up to and with this one.</param>
/// <param name="Place">Where.</param>
public sealed record BurnObserved(
    ulong Nonce,
    Address Token,
    Address From,
    Hash256 Recipient,
    Amount Amount,
    Hash256 Accumulator,
    BridgePlace Place) : BridgeObservation
{
    /// <inheritdoc/>
    public override ulong SeenAt => Place.Number;

    /// <inheritdoc/>
    public override BridgeSubject Subject => new(BridgeSubjectKind.Burn, Nonce, default);
}

/// <summary>A lock's units exist abroad.</summary>
public sealed record MintObserved(ulong Nonce, BridgePlace Place) : BridgeObservation
{
    /// <inheritdoc/>
    public override ulong SeenAt => Place.Number;

    /// <inheritdoc/>
    public override BridgeSubject Subject => new(BridgeSubjectKind.Outcome, Nonce, default);
}

/// <summary>A lock's nonce was used up abroad without a mint.</summary>
public sealed record VoidObserved(ulong Nonce, BridgePlace Place) : BridgeObservation
{
    /// <inheritdoc/>
    public override ulong SeenAt => Place.Number;

    /// <inheritdoc/>
    public override BridgeSubject Subject => new(BridgeSubjectKind.Outcome, Nonce, default);
}

/// <summary>
/// A final block abroad is later than the lock's deadline, and in its state the nonce is not used: it never
/// will be. It names no block, since validators may look at different ones.
/// </summary>
public sealed record ExpiryObserved(ulong Nonce) : BridgeObservation
{
    /// <inheritdoc/>
    public override BridgeSubject Subject => new(BridgeSubjectKind.Outcome, Nonce, default);
}

/// <summary>Other signers stand abroad: those that the ledger asked for, or others.</summary>
/// <param name="Epoch">Their epoch.</param>
/// <param name="Signers">Which they are: <see cref="BridgeSignerKeys"/>.</param>
/// <param name="Place">Where.</param>
public sealed record RotationObserved(ulong Epoch, Hash256 Signers, BridgePlace Place) : BridgeObservation
{
    /// <inheritdoc/>
    public override ulong SeenAt => Place.Number;

    /// <inheritdoc/>
    public override BridgeSubject Subject => new(BridgeSubjectKind.Rotation, Epoch, default);
}

/// <summary>How much of a token existed in a final block.</summary>
/// <param name="Token">The token.</param>
/// <param name="Supply">Its total supply there.</param>
/// <param name="Burns">The bridge's last burn nonce there.</param>
/// <param name="Place">The block.</param>
public sealed record SupplyObserved(Address Token, Amount Supply, ulong Burns, BridgePlace Place)
    : BridgeObservation
{
    /// <inheritdoc/>
    public override ulong SeenAt => Place.Number;

    /// <inheritdoc/>
    public override BridgeSubject Subject => new(BridgeSubjectKind.Supply, 0, Token);

    /// <inheritdoc/>
    public override ulong Block => Place.Number;
}

/// <summary>
/// What is locked here is not what exists abroad, is under way or waits. f + 1 of these halt the lane.
/// </summary>
/// <param name="Token">The token.</param>
/// <param name="Locked">What this ledger holds.</param>
/// <param name="Explained">What it should hold by the block.</param>
/// <param name="Place">The block.</param>
public sealed record MismatchObserved(Address Token, Amount Locked, Amount Explained, BridgePlace Place)
    : BridgeObservation
{
    /// <summary>Alarms on blocks less than this apart count together: validators look at different
    /// ones.</summary>
    public const ulong BlocksTogether = 1_000;

    /// <inheritdoc/>
    public override ulong SeenAt => Place.Number;

    /// <inheritdoc/>
    public override BridgeSubject Subject => new(BridgeSubjectKind.Mismatch, 0, Token);

    /// <inheritdoc/>
    public override ulong Block => Place.Number;
}
