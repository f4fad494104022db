// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Codec;

namespace TokenLedger.Core.Ledger;

/// <summary>
/// A transaction as it travels and as blocks keep it: the exact bytes signed, and the signature.
/// </summary>
/// <param name="Body">The transaction's protobuf encoding, which must be the canonical one.</param>
/// <param name="Signature">65 bytes r ‖ s ‖ v over the EIP-712 digest of the body.</param>
public sealed record SignedTransaction(ImmutableArray<byte> Body, ImmutableArray<byte> Signature)
{
    /// <summary>Bytes of the canonical form.</summary>
    public int EncodedSize => 4 + Body.Length + Limits.SignatureBytes;

    /// <summary>
    /// The transaction's id on a network: SHA-256(tag ‖ genesis hash ‖ body). The signature is not part of
    /// it, so a second signature for the same body is the same transaction.
    /// </summary>
    public Hash256 IdOn(in Hash256 genesisHash) =>
        Hashing.Hash(DomainTag.Transaction, genesisHash, Body.AsSpan());

    /// <summary>Writes the canonical form.</summary>
    public void Write(CanonicalWriter writer)
    {
        writer.Bytes(Body.AsSpan());
        writer.Fixed(Signature.AsSpan(), Limits.SignatureBytes);
    }

    /// <summary>Reads the canonical form.</summary>
    public static SignedTransaction Read(ref CanonicalReader reader) =>
        new([.. reader.Bytes(Limits.TransactionBytes)], [.. reader.Fixed(Limits.SignatureBytes)]);

    /// <summary>Same bytes.</summary>
    public bool Equals(SignedTransaction? other) =>
        other is not null
        && Body.AsSpan().SequenceEqual(other.Body.AsSpan())
        && Signature.AsSpan().SequenceEqual(other.Signature.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Signature.AsSpan());
        return hash.ToHashCode();
    }
}
