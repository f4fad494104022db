// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Protocol.Blocks;

/// <summary>
/// A block that a quorum made final, with all that its header covers. Only <see cref="FinalBlockVerifier"/>
/// makes one.
/// </summary>
public sealed class VerifiedBlock
{
    internal VerifiedBlock(
        BlockHeader header,
        Hash256 hash,
        Certificate? certificate,
        ImmutableArray<SignedTransaction> transactions,
        ImmutableArray<Receipt> receipts,
        ImmutableArray<EventRecord> events)
    {
        Header = header;
        Hash = hash;
        Certificate = certificate;
        Transactions = transactions;
        Receipts = receipts;
        Events = events;
    }

    /// <summary>The header.</summary>
    public BlockHeader Header { get; }

    /// <summary>The header's hash.</summary>
    public Hash256 Hash { get; }

    /// <summary>Its own finalization; null when a later block's covers it, and for genesis.</summary>
    public Certificate? Certificate { get; }

    /// <summary>Its transactions in order. Their signatures were checked by the validators.</summary>
    public ImmutableArray<SignedTransaction> Transactions { get; }

    /// <summary>One for each transaction, with its id.</summary>
    public ImmutableArray<Receipt> Receipts { get; }

    /// <summary>What happened, in order; each names a transaction of this block, or the block
    /// itself.</summary>
    public ImmutableArray<EventRecord> Events { get; }
}

/// <summary>A block that was verified before: where to go on.</summary>
/// <param name="Height">Its height.</param>
/// <param name="Hash">Its hash.</param>
public readonly record struct BlockPosition(Height Height, Hash256 Hash);
