// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Codec;

namespace TokenLedger.Core.Consensus;

/// <summary>The three votes of a view. Values are part of the format.</summary>
public enum VoteKind : byte
{
    /// <summary>"This block is the view's block."</summary>
    Notarize = 1,

    /// <summary>"This view shall have no block."</summary>
    Nullify = 2,

    /// <summary>"I saw this block notarized, hold and executed it, and never nullified the view."</summary>
    Finalize = 3,
}

/// <summary>What a vote says. Compare subjects, never signature bytes.</summary>
/// <param name="Kind">Which vote.</param>
/// <param name="Epoch">The validator set's reign.</param>
/// <param name="View">The view.</param>
/// <param name="BlockHash">The block; zero exactly when the kind is nullify.</param>
public readonly record struct VoteSubject(VoteKind Kind, Epoch Epoch, View View, Hash256 BlockHash)
{
    /// <summary>Bytes of the canonical form.</summary>
    public const int Size = 1 + 8 + 8 + Hash256.Size;

    /// <summary>
    /// The digest that validators sign: SHA-256(tag ‖ genesis hash ‖ epoch ‖ view ‖ block hash).
    /// </summary>
    public Hash256 SigningDigest(in Hash256 genesisHash)
    {
        Span<byte> message = stackalloc byte[Hash256.Size + 8 + 8 + Hash256.Size];
        genesisHash.CopyTo(message);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(message[32..], Epoch.Value);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(message[40..], View.Value);
        BlockHash.CopyTo(message[48..]);
        DomainTag tag = Kind switch
        {
            VoteKind.Notarize => DomainTag.Notarize,
            VoteKind.Nullify => DomainTag.Nullify,
            VoteKind.Finalize => DomainTag.Finalize,
            _ => throw new InvariantException($"{Kind} is no vote"),
        };
        return Hashing.Hash(tag, message);
    }

    /// <summary>Writes the canonical form.</summary>
    public void Write(CanonicalWriter writer)
    {
        writer.U8((byte)Kind);
        writer.U64(Epoch.Value);
        writer.U64(View.Value);
        writer.Hash(BlockHash);
    }

    /// <summary>Reads the canonical form.</summary>
    /// <exception cref="CanonicalFormatException">A nullify names a block, or another vote none.</exception>
    public static VoteSubject Read(ref CanonicalReader reader)
    {
        var subject = new VoteSubject(
            reader.Enum8<VoteKind>(), new Epoch(reader.U64()), new View(reader.U64()), reader.Hash());
        return (subject.Kind == VoteKind.Nullify) == subject.BlockHash.IsZero
            ? subject
            : throw new CanonicalFormatException("A nullify names no block, and every other vote one.");
    }
}

/// <summary>One validator's signed vote.</summary>
/// <param name="Subject">What it says.</param>
/// <param name="Signer">The validator's index in its epoch's set.</param>
/// <param name="Signature">65 bytes over <see cref="VoteSubject.SigningDigest"/>.</param>
public sealed record Vote(VoteSubject Subject, int Signer, ImmutableArray<byte> Signature)
{
    /// <summary>Writes the canonical form.</summary>
    public void Write(CanonicalWriter writer)
    {
        Invariant.Require(Signer is >= 0 and < Limits.Validators, "a vote's signer is an index of a set");
        Subject.Write(writer);
        writer.U8((byte)Signer);
        writer.Fixed(Signature.AsSpan(), Limits.SignatureBytes);
    }

    /// <summary>Reads the canonical form.</summary>
    /// <exception cref="CanonicalFormatException">The bytes are not a vote.</exception>
    public static Vote Read(ref CanonicalReader reader)
    {
        var subject = VoteSubject.Read(ref reader);
        int signer = reader.U8();
        return signer < Limits.Validators
            ? new Vote(subject, signer, [.. reader.Fixed(Limits.SignatureBytes)])
            : throw new CanonicalFormatException($"No set has a validator {signer}.");
    }

    /// <summary>
    /// True when the set's validator of that index signed it, in the set's epoch. Costs one public-key
    /// recovery.
    /// </summary>
    public bool Verify(ValidatorSet validators, in Hash256 genesisHash, ISignatureScheme scheme) =>
        Subject.Epoch == validators.Epoch
        && Signer >= 0
        && Signer < validators.Count
        && scheme.TryRecover(Subject.SigningDigest(genesisHash), Signature.AsSpan(), out Address signer)
        && signer == validators[Signer].Address;

    /// <summary>Same subject, signer and signature bytes.</summary>
    public bool Equals(Vote? other) =>
        other is not null
        && Subject == other.Subject
        && Signer == other.Signer
        && Signature.AsSpan().SequenceEqual(other.Signature.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Subject, Signer);
}
