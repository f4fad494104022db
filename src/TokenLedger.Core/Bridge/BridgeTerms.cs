// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace TokenLedger.Core.Bridge;

/// <summary>A validator's key for messages abroad. It is no consensus key.</summary>
/// <param name="Key">The address that signs messages and observes.</param>
/// <param name="Institution">Who operates it. No institution operates more than f of a set.</param>
public readonly record struct BridgeSigner(Address Key, Address Institution);

/// <summary>By what observations name a set of signers.</summary>
public static class BridgeSignerKeys
{
    /// <summary>The hash of the keys, one after the other.</summary>
    /// <param name="keys">At most <see cref="Limits.Validators"/>, in the set's order.</param>
    public static Hash256 Hash(IReadOnlyCollection<Address> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        byte[] bytes = new byte[keys.Count * Address.Size];
        int place = 0;
        foreach (Address key in keys)
        {
            key.CopyTo(bytes.AsSpan(place));
            place += Address.Size;
        }

        return Hashing.Hash(DomainTag.BridgeSigners, bytes);
    }

    /// <summary>The hash of a set's keys.</summary>
    public static Hash256 Hash(ImmutableArray<BridgeSigner> signers) =>
        Hash([.. signers.Select(static signer => signer.Key)]);
}

/// <summary>A token bucket: what may pass in one direction.</summary>
/// <param name="Capacity">The most that may pass at once, in atomic units; at most 2^100.</param>
/// <param name="PerSecond">What comes back each second, in atomic units; at most 2^100.</param>
public readonly record struct BridgeRate(Amount Capacity, Amount PerSecond);

/// <summary>What of one asset may be abroad.</summary>
/// <param name="PerItem">The most of one lock.</param>
/// <param name="Ceiling">The most that may be locked at any moment.</param>
/// <param name="Outbound">What may be locked over time.</param>
/// <param name="Inbound">What may be released over time.</param>
/// <param name="Delay">How long large locks wait.</param>
/// <param name="Least">The least of one lock: its transport abroad costs the signers more than dust is
/// worth.</param>
public readonly record struct BridgeQuota(
    Amount PerItem, Amount Ceiling, BridgeRate Outbound, BridgeRate Inbound, BridgeDelay Delay = default,
    Amount Least = default);

/// <summary>A lock of more than this waits before anybody may sign it, so that officers can stop it first.
/// </summary>
/// <param name="Above">Atomic units that need no waiting.</param>
/// <param name="Ms">How long, at most half of a lock's life; 0 for no delay.</param>
public readonly record struct BridgeDelay(Amount Above, ulong Ms);

/// <summary>What of a lane stands still. Values are part of the format.</summary>
[Flags]
public enum BridgeStops : byte
{
    /// <summary>Everything moves.</summary>
    None = 0,

    /// <summary>No lock and no signature for a mint.</summary>
    Locks = 1,

    /// <summary>No release: burns are noted and suspended.</summary>
    Releases = 2,

    /// <summary>Validators contradicted each other or the backing did not add up: nothing moves, and nothing
    /// is observed, until officers resume.</summary>
    Halted = 4,
}

/// <summary>
/// Where a burn abroad says that its units go: 20 bytes of account, 8 of tag, 4 of zero.
/// </summary>
public static class BridgeRecipient
{
    /// <summary>The 32 bytes for an account and a tag.</summary>
    public static Hash256 Of(Address account, ulong tag = 0)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        bytes.Clear();
        account.CopyTo(bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[Address.Size..], tag);
        return new Hash256(bytes);
    }

    /// <summary>The account and tag of 32 bytes.</summary>
    /// <returns>False when the account is zero or the last four bytes are not.</returns>
    public static bool TryRead(Hash256 recipient, out Address account, out ulong tag)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        recipient.CopyTo(bytes);
        account = new Address(bytes[..Address.Size]);
        tag = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes[Address.Size..]);
        return !account.IsZero && !bytes[(Address.Size + sizeof(ulong))..].ContainsAnyExcept((byte)0);
    }
}

/// <summary>The account that holds what is locked for one chain. Nobody has its key.</summary>
public static class BridgeEscrow
{
    /// <summary>The first 20 bytes of the hash of the chain's id.</summary>
    public static Address Of(ulong chainId)
    {
        Span<byte> id = stackalloc byte[sizeof(ulong)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(id, chainId);
        Span<byte> hash = stackalloc byte[Hash256.Size];
        Hashing.Hash(DomainTag.BridgeEscrow, id).CopyTo(hash);
        return new Address(hash[..Address.Size]);
    }
}
