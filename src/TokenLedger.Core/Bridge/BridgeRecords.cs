// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace TokenLedger.Core.Bridge;

/// <summary>A lane to another chain, as it stands.</summary>
/// <param name="Terms">As opened; its signers are the present set.</param>
/// <param name="Epoch">The signers' epoch, from 1: what the register abroad counts.</param>
/// <param name="Term">How many sets this ledger has had, from 1: whose votes and signatures count. It never
/// goes back, as the epoch does when officers correct it.</param>
/// <param name="Stops">What stands still.</param>
/// <param name="NextLock">The nonce that the next lock gets, from 1.</param>
/// <param name="NextMessage">The id that the next message gets, from 1.</param>
/// <param name="NextBurn">The burn that comes next, from 1.</param>
/// <param name="Rotation">The message that asks for other signers; 0 for none.</param>
/// <param name="Tokens">How many assets are joined.</param>
/// <param name="RemoteBlock">The highest block abroad of which the signers agreed on something.</param>
/// <param name="OpenLocks">How many locks have no end yet.</param>
public sealed record BridgeLaneState(
    OpenBridgeLane Terms,
    ulong Epoch,
    ulong Term,
    BridgeStops Stops,
    ulong NextLock,
    ulong NextMessage,
    ulong NextBurn,
    ulong Rotation,
    ushort Tokens,
    ulong RemoteBlock,
    uint OpenLocks)
{
    /// <summary>The present signers.</summary>
    public ImmutableArray<BridgeSigner> Signers => Terms.Signers;

    /// <summary>n − ⌊(n − 1) / 3⌋ of the signers.</summary>
    public int Quorum => Signers.Length - MaxFaulty;

    /// <summary>⌊(n − 1) / 3⌋ of the signers.</summary>
    public int MaxFaulty => (Signers.Length - 1) / 3;

    /// <summary>A signer's place in the set; −1 for who is none.</summary>
    public int IndexOf(Address key)
    {
        for (int i = 0; i < Signers.Length; i++)
        {
            if (Signers[i].Key == key)
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>How full a token bucket is.</summary>
/// <param name="Thousandths">Thousandths of atomic units, so that nothing is lost between refills.</param>
/// <param name="At">When that was.</param>
public readonly record struct BridgeBucket(UInt128 Thousandths, TimestampMs At);

/// <summary>An asset that may be abroad. All amounts are sums since the lane was opened.</summary>
/// <param name="Token">The token abroad.</param>
/// <param name="Quota">What may pass.</param>
/// <param name="Outbound">How much may be locked now.</param>
/// <param name="Inbound">How much may be released now.</param>
/// <param name="Locked">Ever locked: cumLocked of messages.</param>
/// <param name="Refunded">Of it, given back unminted.</param>
/// <param name="Minted">Of it, seen to exist abroad.</param>
/// <param name="Burned">Burns that the ledger knows of.</param>
/// <param name="Released">Of it, released.</param>
/// <param name="Report">The last agreed report; null before the first.</param>
public sealed record BridgeTokenState(
    Address Token,
    BridgeQuota Quota,
    BridgeBucket Outbound,
    BridgeBucket Inbound,
    Amount Locked,
    Amount Refunded,
    Amount Minted,
    Amount Burned,
    Amount Released,
    BridgeReport? Report)
{
    /// <summary>What the escrow account holds of it.</summary>
    public Amount InEscrow => Locked - Refunded - Released;
}

/// <summary>What n − f signers saw of a token in one final block.</summary>
public sealed record BridgeReport(Amount Supply, ulong Burns, BridgePlace Place, Height Agreed);

/// <summary>Where a lock stands. Values are part of the format.</summary>
public enum BridgeLockStatus : byte
{
    /// <summary>It waits to be put into a message: nobody can have signed it.</summary>
    Waiting = 1,

    /// <summary>It stands in a message.</summary>
    Signing = 2,

    /// <summary>Its owner wants it back: a message uses up its nonce, unless the mint comes first.</summary>
    Cancelling = 3,

    /// <summary>Its units exist abroad, finally.</summary>
    Minted = 4,

    /// <summary>Its units went back to the owner.</summary>
    Refunded = 5,
}

/// <summary>Units locked for a mint abroad.</summary>
/// <param name="Asset">The asset.</param>
/// <param name="From">Whose they were.</param>
/// <param name="Recipient">The address abroad.</param>
/// <param name="Amount">Atomic units.</param>
/// <param name="LockedAt">Block time of the lock.</param>
/// <param name="ReadyAt">From when it may stand in a message: later than that when it is large.</param>
/// <param name="DeadlineSeconds">Seconds since 1970 after which no message may mint it.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="MintId">The message that mints it; 0 while waiting.</param>
/// <param name="VoidId">The message that uses up its nonce; 0 unless cancelling.</param>
/// <param name="Place">Where it was minted; zero before, and for a refund.</param>
public sealed record BridgeLockState(
    AssetId Asset,
    Address From,
    Address Recipient,
    Amount Amount,
    TimestampMs LockedAt,
    TimestampMs ReadyAt,
    ulong DeadlineSeconds,
    BridgeLockStatus Status,
    ulong MintId,
    ulong VoidId,
    BridgePlace Place)
{
    /// <summary>True while the units are neither abroad nor back.</summary>
    public bool IsOpen => Status < BridgeLockStatus.Minted;
}

/// <summary>What a message makes the contracts abroad do. Values are part of the format.</summary>
public enum BridgeMessageKind : byte
{
    /// <summary>Mints items.</summary>
    Mint = 1,

    /// <summary>Uses up nonces without a mint.</summary>
    Void = 2,

    /// <summary>Replaces the signers.</summary>
    Rotation = 3,
}

/// <summary>One unit of a message: a mint's item, or a nonce to use up.</summary>
public readonly record struct BridgeItem(ulong Nonce, Address To, Amount Amount);

/// <summary>A signature of the signer with an index in the present set.</summary>
public sealed record BridgeSignature(byte Signer, ImmutableArray<byte> Bytes)
{
    /// <summary>Same content.</summary>
    public bool Equals(BridgeSignature? other) =>
        other is not null && Signer == other.Signer && Bytes.AsSpan().SequenceEqual(other.Bytes.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Signer, Bytes.Length);
}

/// <summary>Something that a quorum of signers tells the contracts abroad.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Epoch">The signers' epoch that the signatures are of.</param>
/// <param name="Term">The signers' term that they are of.</param>
/// <param name="Token">The token; zero for a rotation.</param>
/// <param name="CumulativeLocked">Mint: what was ever locked of the token, up to when it was opened.</param>
/// <param name="DeadlineSeconds">Mint: the earliest of its items' deadlines. Rotation: not before.</param>
/// <param name="Items">Mint and void: the items; a void's have neither receiver nor amount.</param>
/// <param name="Signers">Rotation: the new set.</param>
/// <param name="Open">How many items have no end yet; of a rotation, 1 until it is final.</param>
/// <param name="Signatures">By ascending signer.</param>
public sealed record BridgeMessageState(
    BridgeMessageKind Kind,
    ulong Epoch,
    ulong Term,
    Address Token,
    Amount CumulativeLocked,
    ulong DeadlineSeconds,
    ImmutableArray<BridgeItem> Items,
    ImmutableArray<BridgeSigner> Signers,
    ushort Open,
    ImmutableArray<BridgeSignature> Signatures);

/// <summary>Votes on one subject.</summary>
/// <param name="Term">Whose votes: those of an earlier term count no more.</param>
/// <param name="Ballots">One for each content voted for, in the order of the first vote.</param>
public sealed record BridgeVoteState(ulong Term, ImmutableArray<BridgeBallot> Ballots);

/// <summary>Who voted for one content.</summary>
/// <param name="Content">Hash of the observation.</param>
/// <param name="Block">Of a report or alarm, its block abroad; else 0.</param>
/// <param name="Voters">Bit i for the signer with index i.</param>
public readonly record struct BridgeBallot(Hash256 Content, ulong Block, uint Voters);

/// <summary>Where a burn stands. Values are part of the format.</summary>
public enum BridgeBurnStatus : byte
{
    /// <summary>Agreed on before its turn.</summary>
    Waiting = 1,

    /// <summary>Released.</summary>
    Released = 2,

    /// <summary>It cannot be released now; nothing is lost.</summary>
    Suspended = 3,
}

/// <summary>A burn abroad that the ledger knows of.</summary>
/// <param name="Seen">What was agreed on.</param>
/// <param name="Asset">The asset; the default for a token that is not joined.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Hindrance">Why it is suspended; 0 otherwise.</param>
/// <param name="To">Who got it; zero before.</param>
public sealed record BridgeBurnState(
    BurnObserved Seen, AssetId Asset, BridgeBurnStatus Status, RejectionCode Hindrance, Address To);
