// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace TokenLedger.Core;

/// <summary>
/// One byte that every hashed message begins with, so that no bytes can mean two things. Values are part of
/// the format and never change or come back.
/// </summary>
public enum DomainTag : byte
{
    /// <summary>Leaf of the state tree.</summary>
    StateLeaf = 0x01,

    /// <summary>Inner node of the state tree.</summary>
    StateNode = 0x02,

    /// <summary>Key of the state tree: table id and key.</summary>
    StateKey = 0x03,

    /// <summary>Value of the state tree.</summary>
    StateValue = 0x04,

    /// <summary>Leaf of a list tree (transactions, receipts, events).</summary>
    ListLeaf = 0x05,

    /// <summary>Inner node of a list tree.</summary>
    ListNode = 0x06,

    /// <summary>Root of a list tree: its length and top node.</summary>
    ListRoot = 0x07,

    /// <summary>Leaf of the history's mountain range.</summary>
    HistoryLeaf = 0x08,

    /// <summary>Inner node of the history's mountain range.</summary>
    HistoryNode = 0x09,

    /// <summary>Root of the history's mountain range: its length and peaks.</summary>
    HistoryRoot = 0x0A,

    /// <summary>Block header.</summary>
    Header = 0x10,

    /// <summary>Transaction id.</summary>
    Transaction = 0x11,

    /// <summary>Genesis document.</summary>
    Genesis = 0x12,

    /// <summary>Validator set.</summary>
    ValidatorSet = 0x13,

    /// <summary>Payload of a proposal.</summary>
    ProposalPayload = 0x14,

    /// <summary>Account that holds what is locked for another chain.</summary>
    BridgeEscrow = 0x15,

    /// <summary>What a bridge's signer observed.</summary>
    BridgeObservation = 0x16,

    /// <summary>Keys of a set of a bridge's signers.</summary>
    BridgeSigners = 0x17,

    /// <summary>Notarize vote.</summary>
    Notarize = 0x20,

    /// <summary>Nullify vote.</summary>
    Nullify = 0x21,

    /// <summary>Finalize vote.</summary>
    Finalize = 0x22,

    /// <summary>A document that an operator signs, such as the report of a verification.</summary>
    SignedDocument = 0x30,
}

/// <summary>SHA-256 under a domain tag. Pure and thread-safe.</summary>
public static class Hashing
{
    // Messages up to this many bytes are put together on the stack: an incremental hash costs an allocation.
    private const int OnStack = 512;

    /// <summary>SHA-256 of the tag and the bytes.</summary>
    public static Hash256 Hash(DomainTag tag, ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[Hash256.Size];
        if (bytes.Length < OnStack)
        {
            Span<byte> message = stackalloc byte[OnStack];
            message[0] = (byte)tag;
            bytes.CopyTo(message[1..]);
            Sha256.Hash(message[..(bytes.Length + 1)], digest);
            return new Hash256(digest);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([(byte)tag]);
        hash.AppendData(bytes);
        hash.GetHashAndReset(digest);
        return new Hash256(digest);
    }

    /// <summary>SHA-256 of the tag and two hashes: a node over its children.</summary>
    public static Hash256 Hash(DomainTag tag, in Hash256 left, in Hash256 right)
    {
        Span<byte> message = stackalloc byte[1 + (2 * Hash256.Size)];
        message[0] = (byte)tag;
        left.CopyTo(message[1..]);
        right.CopyTo(message[(1 + Hash256.Size)..]);
        Span<byte> digest = stackalloc byte[Hash256.Size];
        Sha256.Hash(message, digest);
        return new Hash256(digest);
    }

    /// <summary>SHA-256 of the tag, a hash and bytes: something bound to a genesis.</summary>
    public static Hash256 Hash(DomainTag tag, in Hash256 first, ReadOnlySpan<byte> rest)
    {
        const int HeadSize = 1 + Hash256.Size;
        Span<byte> message = stackalloc byte[OnStack];
        message[0] = (byte)tag;
        first.CopyTo(message[1..]);
        Span<byte> digest = stackalloc byte[Hash256.Size];
        if (rest.Length <= OnStack - HeadSize)
        {
            rest.CopyTo(message[HeadSize..]);
            Sha256.Hash(message[..(HeadSize + rest.Length)], digest);
            return new Hash256(digest);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(message[..HeadSize]);
        hash.AppendData(rest);
        hash.GetHashAndReset(digest);
        return new Hash256(digest);
    }
}
