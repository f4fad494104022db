// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Merkle;

namespace TokenLedger.Core.Snapshots;

/// <summary>
/// What a state at a final height is verified against: its header, that header's own finalization, and the
/// mountain range over all headers before it.
/// </summary>
/// <param name="Header">The header whose state root the chunks are proved against.</param>
/// <param name="Certificate">The finalization of exactly this header.</param>
/// <param name="HistoryBefore">Its root stands in the header; the next header needs it.</param>
public sealed record SnapshotHead(BlockHeader Header, Certificate Certificate, MountainRange HistoryBefore)
{
    /// <summary>Most bytes of the canonical form: one peak for each bit of the count.</summary>
    public const int MaxBytes = BlockHeader.Size + 64 + (Limits.Validators * Limits.SignatureBytes)
        + 8 + (64 * Hash256.Size);

    /// <summary>
    /// What is wrong with it as a final block of this network; null when nothing. A set of validators that
    /// does not change needs no chain of headers: the quorum of genesis speaks for every height.
    /// </summary>
    /// <param name="validators">The set of genesis.</param>
    /// <param name="genesisHash">The network.</param>
    /// <param name="scheme">Recovers the signers.</param>
    public string? Problem(ValidatorSet validators, in Hash256 genesisHash, ISignatureScheme scheme)
    {
        var subject = new VoteSubject(VoteKind.Finalize, validators.Epoch, Header.View, Header.Hash);
        return Header switch
        {
            _ when Header.GenesisHash != genesisHash => "it is of another network",
            _ when Header.Height.Value == 0 => "it is of genesis",
            _ when Header.Epoch != validators.Epoch => "it is of another epoch",
            _ when Header.ValidatorSetHash != validators.Hash
                || Header.NextValidatorSetHash != validators.Hash => "its validator set is another",
            _ when HistoryBefore.Count != Header.Height.Value
                || HistoryBefore.Root() != Header.HistoryRoot => "its history is not its header's",
            _ when Certificate.Subject != subject => "its certificate is not its header's finalization",
            _ when !Certificate.Verify(validators, genesisHash, scheme) =>
                "its certificate is not signed by a quorum",
            _ => null,
        };
    }

    /// <summary>Writes the canonical form.</summary>
    public void Write(CanonicalWriter writer)
    {
        Header.Write(writer);
        Certificate.Write(writer);
        HistoryBefore.Write(writer);
    }

    /// <summary>The canonical form.</summary>
    public byte[] Encode()
    {
        var writer = new CanonicalWriter(1024);
        Write(writer);
        return writer.ToArray();
    }

    /// <summary>Reads all of the canonical form. Nothing is verified.</summary>
    /// <exception cref="CanonicalFormatException">The bytes are not a snapshot's head.</exception>
    public static SnapshotHead Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new CanonicalReader(bytes);
        SnapshotHead head = Read(ref reader);
        reader.End();
        return head;
    }

    /// <summary>Reads the canonical form. Nothing is verified.</summary>
    /// <exception cref="CanonicalFormatException">The bytes are not a snapshot's head.</exception>
    public static SnapshotHead Read(ref CanonicalReader reader) =>
        new(BlockHeader.Read(ref reader), Certificate.Read(ref reader), MountainRange.Read(ref reader));
}
