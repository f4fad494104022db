// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Codec;

namespace TokenLedger.Core.Consensus;

/// <summary>
/// One entry of a validator's consensus record: what it must still know after a crash. Replayed in the order
/// of appending. Peers' votes and block bodies are not in it.
/// </summary>
public abstract record ConsensusRecord
{
    /// <summary>The view that it is about.</summary>
    public abstract View View { get; }

    /// <summary>Writes the canonical form: a kind byte, then the fields.</summary>
    public void Write(CanonicalWriter writer)
    {
        switch (this)
        {
            case OwnVoteRecord own:
                writer.U8(1);
                own.Subject.Write(writer);
                break;
            case CertificateRecord certificate:
                writer.U8(2);
                certificate.Certificate.Write(writer);
                break;
            case CertificationRecord certification:
                writer.U8(3);
                writer.U64(certification.CertifiedView.Value);
                writer.Hash(certification.BlockHash);
                writer.Bool(certification.Valid);
                break;
            default:
                Invariant.Broken($"{GetType().Name} has no canonical form");
                break;
        }
    }

    /// <summary>Reads the canonical form.</summary>
    public static ConsensusRecord Read(ref CanonicalReader reader) => reader.U8() switch
    {
        1 => new OwnVoteRecord(VoteSubject.Read(ref reader)),
        2 => new CertificateRecord(Certificate.Read(ref reader)),
        3 => new CertificationRecord(new View(reader.U64()), reader.Hash(), reader.Bool()),
        byte other => throw new CanonicalFormatException($"{other} is no kind of consensus record."),
    };
}

/// <summary>"I am about to sign this." Durable before the signature exists.</summary>
public sealed record OwnVoteRecord(VoteSubject Subject) : ConsensusRecord
{
    /// <inheritdoc/>
    public override View View => Subject.View;
}

/// <summary>A certificate that was formed or verified here, once each.</summary>
public sealed record CertificateRecord(Certificate Certificate) : ConsensusRecord
{
    /// <inheritdoc/>
    public override View View => Certificate.Subject.View;
}

/// <summary>What re-executing a notarized block gave.</summary>
/// <param name="CertifiedView">The block's view.</param>
/// <param name="BlockHash">The block.</param>
/// <param name="Valid">True when its roots were equal and it is durable here.</param>
public sealed record CertificationRecord(View CertifiedView, Hash256 BlockHash, bool Valid) : ConsensusRecord
{
    /// <inheritdoc/>
    public override View View => CertifiedView;
}
