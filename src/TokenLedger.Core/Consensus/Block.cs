// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;

namespace TokenLedger.Core.Consensus;

/// <summary>A header and the signed transactions that its root covers, in order.</summary>
public sealed record Block(BlockHeader Header, ImmutableArray<SignedTransaction> Transactions)
{
    /// <summary>The header's hash.</summary>
    public Hash256 Hash => Header.Hash;

    /// <summary>
    /// The root that a header must carry for these transactions: signatures are covered too.
    /// </summary>
    public static Hash256 TransactionsRootOf(IReadOnlyList<SignedTransaction> transactions) =>
        ListTree.Root(transactions, static (writer, transaction) => transaction.Write(writer));

    /// <summary>Writes the canonical form.</summary>
    public void Write(CanonicalWriter writer)
    {
        Header.Write(writer);
        writer.List(Transactions, static (w, transaction) => transaction.Write(w));
    }

    /// <summary>The canonical form.</summary>
    public byte[] Encode()
    {
        var writer = new CanonicalWriter(BlockHeader.Size + 4 + (Transactions.Length * 320));
        Write(writer);
        return writer.ToArray();
    }

    /// <summary>
    /// Reads the canonical form of a whole block. Nothing is verified but size and shape: whether the
    /// transactions are those of the header's root is asked of <see cref="BodyMatchesHeader"/>.
    /// </summary>
    /// <exception cref="CanonicalFormatException">The bytes are not a block, or over the limits.</exception>
    public static Block Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Limits.BlockBytes)
        {
            throw new CanonicalFormatException(
                $"A block of {bytes.Length} bytes is over {Limits.BlockBytes}.");
        }

        var reader = new CanonicalReader(bytes);
        var block = new Block(
            BlockHeader.Read(ref reader),
            reader.List(Limits.TransactionsPerBlock, SignedTransaction.Read));
        reader.End();
        return block;
    }

    /// <summary>True when the header's transactions root is this body's.</summary>
    public bool BodyMatchesHeader() => Header.TransactionsRoot == TransactionsRootOf(Transactions);

    /// <summary>Same content: lists are compared item by item.</summary>
    public bool Equals(Block? other) =>
        other is not null
        && Header == other.Header
        && Transactions.AsSpan().SequenceEqual(other.Transactions.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Header, Transactions.Length);
}
