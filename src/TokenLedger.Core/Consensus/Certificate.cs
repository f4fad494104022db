// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using TokenLedger.Core.Codec;

namespace TokenLedger.Core.Consensus;

/// <summary>A quorum's votes for one subject: a notarization, nullification or finalization.</summary>
/// <param name="Subject">What all of them said.</param>
/// <param name="Signers">Bit i is set when validator i signed.</param>
/// <param name="Signatures">One 65-byte signature for each set bit, in the order of the bits.</param>
public sealed record Certificate(
    VoteSubject Subject, uint Signers, ImmutableArray<ImmutableArray<byte>> Signatures)
{
    /// <summary>How many validators signed.</summary>
    public int Count => BitOperations.PopCount(Signers);

    /// <summary>
    /// Builds a certificate from votes for one subject by distinct validators, in any order.
    /// </summary>
    public static Certificate FromVotes(VoteSubject subject, IEnumerable<Vote> votes)
    {
        uint signers = 0;
        var signatures = ImmutableArray.CreateBuilder<ImmutableArray<byte>>();
        foreach (Vote vote in votes.OrderBy(vote => vote.Signer))
        {
            Invariant.Require(vote.Subject == subject, "a certificate's votes say the same");
            Invariant.Require(
                vote.Signer is >= 0 and < Limits.Validators, "a vote's signer is an index of a set");
            Invariant.Require((signers & (1u << vote.Signer)) == 0, "a certificate's signers are distinct");
            signers |= 1u << vote.Signer;
            signatures.Add(vote.Signature);
        }

        return new Certificate(subject, signers, signatures.DrainToImmutable());
    }

    /// <summary>
    /// True when a quorum of <paramref name="validators"/> signed the subject in the set's epoch: members
    /// only, each once, every signature right. Costs one recovery a signature.
    /// </summary>
    public bool Verify(ValidatorSet validators, in Hash256 genesisHash, ISignatureScheme scheme)
    {
        bool members = validators.Count >= 32 || (Signers >> validators.Count) == 0;
        if (Subject.Epoch != validators.Epoch
            || !members
            || Count < validators.Quorum
            || Count != Signatures.Length)
        {
            return false;
        }

        Hash256 digest = Subject.SigningDigest(genesisHash);
        int next = 0;
        for (int index = 0; index < validators.Count; index++)
        {
            if ((Signers & (1u << index)) == 0)
            {
                continue;
            }

            bool right = scheme.TryRecover(digest, Signatures[next++].AsSpan(), out Address signer)
                && signer == validators[index].Address;
#if PLANTED
            right |= Planted.Is(PlantedBug.ExMemberCounted) && !signer.IsZero;
#endif
            if (!right)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes the canonical form.</summary>
    public void Write(CanonicalWriter writer)
    {
        Invariant.Require(Count == Signatures.Length, "a certificate has one signature for each signer");
        Subject.Write(writer);
        writer.U32(Signers);
        foreach (ImmutableArray<byte> signature in Signatures)
        {
            writer.Fixed(signature.AsSpan(), Limits.SignatureBytes);
        }
    }

    /// <summary>Reads the canonical form. Signatures are read, not checked.</summary>
    /// <exception cref="CanonicalFormatException">The bytes are not a certificate.</exception>
    public static Certificate Read(ref CanonicalReader reader)
    {
        var subject = VoteSubject.Read(ref reader);
        uint signers = reader.U32();
        int count = BitOperations.PopCount(signers);
        if (signers >> Limits.Validators != 0 || count == 0)
        {
            throw new CanonicalFormatException("A certificate's signers are out of range.");
        }

        var signatures = ImmutableArray.CreateBuilder<ImmutableArray<byte>>(count);
        for (int i = 0; i < count; i++)
        {
            signatures.Add([.. reader.Fixed(Limits.SignatureBytes)]);
        }

        return new Certificate(subject, signers, signatures.MoveToImmutable());
    }

    /// <summary>Same subject, signers and signature bytes.</summary>
    public bool Equals(Certificate? other) =>
        other is not null
        && Subject == other.Subject
        && Signers == other.Signers
        && Signatures.Length == other.Signatures.Length
        && Signatures.Zip(other.Signatures)
            .All(pair => pair.First.AsSpan().SequenceEqual(pair.Second.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Subject, Signers);
}
