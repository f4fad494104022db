// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus;

/// <summary>
/// A leader's proposal: the header, and the leader's own notarize vote for it. The body travels elsewhere.
/// </summary>
/// <param name="Header">The proposed block's header; its hash is the vote's block hash.</param>
/// <param name="ParentView">
/// View of the parent: an unsigned hint. A voter follows it only when the block certified in that view is the
/// one that <see cref="BlockHeader.ParentHash"/> names.
/// </param>
/// <param name="LeaderVote">The leader's notarize vote.</param>
public sealed record Proposal(BlockHeader Header, View ParentView, Vote LeaderVote)
{
    /// <summary>The view that it is for.</summary>
    public View View => LeaderVote.Subject.View;

    /// <summary>The proposed block's hash.</summary>
    public Hash256 BlockHash => LeaderVote.Subject.BlockHash;

    /// <summary>Writes the canonical form: header, parent view, vote.</summary>
    public void Write(CanonicalWriter writer)
    {
        Header.Write(writer);
        writer.U64(ParentView.Value);
        LeaderVote.Write(writer);
    }

    /// <summary>The canonical form.</summary>
    public byte[] Encode()
    {
        var writer = new CanonicalWriter(BlockHeader.Size + 8 + VoteSubject.Size + 1 + Limits.SignatureBytes);
        Write(writer);
        return writer.ToArray();
    }

    /// <summary>
    /// Reads the canonical form. Shape only: <see cref="ConsensusMachine"/> checks what it says.
    /// </summary>
    /// <exception cref="CanonicalFormatException">The bytes are not a proposal.</exception>
    public static Proposal Read(ref CanonicalReader reader) =>
        new(BlockHeader.Read(ref reader), new View(reader.U64()), Vote.Read(ref reader));

    /// <summary>Reads the canonical form of exactly one proposal.</summary>
    /// <exception cref="CanonicalFormatException">The bytes are not exactly a proposal.</exception>
    public static Proposal Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new CanonicalReader(bytes);
        Proposal proposal = Read(ref reader);
        reader.End();
        return proposal;
    }
}
