// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Codec;

namespace TokenLedger.Core.Consensus;

/// <summary>
/// A block's header. Its hash is the block's identity and what validators vote on; every root stands for the
/// state after this very block.
/// </summary>
/// <param name="GenesisHash">The network.</param>
/// <param name="Epoch">The validator set's reign.</param>
/// <param name="Height">Parent's height and one.</param>
/// <param name="View">The view that it was proposed in; greater than its parent's.</param>
/// <param name="ParentHash">The parent's hash; zero for genesis.</param>
/// <param name="Timestamp">Later than the parent's.</param>
/// <param name="Proposer">Address of the proposing validator's vote key; zero for genesis.</param>
/// <param name="TransactionsRoot">List root of the signed transactions' hashes.</param>
/// <param name="ReceiptsRoot">List root of the receipts.</param>
/// <param name="EventsRoot">List root of the events.</param>
/// <param name="StateRoot">Root of the state tree.</param>
/// <param name="ValidatorSetHash">The set that votes on this block.</param>
/// <param name="NextValidatorSetHash">The set that votes on the next.</param>
/// <param name="HistoryRoot">Mountain range over the hashes of all earlier headers, genesis first.</param>
public sealed record BlockHeader(
    Hash256 GenesisHash,
    Epoch Epoch,
    Height Height,
    View View,
    Hash256 ParentHash,
    TimestampMs Timestamp,
    Address Proposer,
    Hash256 TransactionsRoot,
    Hash256 ReceiptsRoot,
    Hash256 EventsRoot,
    Hash256 StateRoot,
    Hash256 ValidatorSetHash,
    Hash256 NextValidatorSetHash,
    Hash256 HistoryRoot)
{
    /// <summary>The format's version, the first two bytes of every header.</summary>
    public const ushort Version = 1;

    /// <summary>Bytes of the canonical form: fixed.</summary>
    public const int Size = 2 + (9 * Hash256.Size) + (4 * 8) + Address.Size;

    /// <summary>
    /// The block's hash: the tagged hash of the canonical form. Computed at each call (about 1 µs).
    /// </summary>
    /// <remarks>Not kept: a copy made by <c>with</c> would carry the original's.</remarks>
    public Hash256 Hash
    {
        get
        {
            var writer = new CanonicalWriter(Size);
            Write(writer);
            return Hashing.Hash(DomainTag.Header, writer.Written);
        }
    }

    /// <summary>Writes the canonical form.</summary>
    public void Write(CanonicalWriter writer)
    {
        writer.U16(Version);
        writer.Hash(GenesisHash);
        writer.U64(Epoch.Value);
        writer.U64(Height.Value);
        writer.U64(View.Value);
        writer.Hash(ParentHash);
        writer.U64(Timestamp.Value);
        writer.Address(Proposer);
        writer.Hash(TransactionsRoot);
        writer.Hash(ReceiptsRoot);
        writer.Hash(EventsRoot);
        writer.Hash(StateRoot);
        writer.Hash(ValidatorSetHash);
        writer.Hash(NextValidatorSetHash);
        writer.Hash(HistoryRoot);
    }

    /// <summary>Reads the canonical form.</summary>
    /// <exception cref="CanonicalFormatException">The bytes are not a header of this version.</exception>
    public static BlockHeader Read(ref CanonicalReader reader)
    {
        ushort version = reader.U16();
        if (version != Version)
        {
            throw new CanonicalFormatException(
                $"Header version {version} is unknown; this build reads {Version}.");
        }

        return new BlockHeader(
            reader.Hash(), new Epoch(reader.U64()), new Height(reader.U64()), new View(reader.U64()),
            reader.Hash(),
            new TimestampMs(reader.U64()), reader.Address(), reader.Hash(), reader.Hash(), reader.Hash(),
            reader.Hash(), reader.Hash(), reader.Hash(), reader.Hash());
    }
}
