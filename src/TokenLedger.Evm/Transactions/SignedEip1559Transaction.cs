// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Crypto;

namespace TokenLedger.Evm;

/// <summary>A transaction with its sender's signature. Immutable.</summary>
public sealed record SignedEip1559Transaction
{
    /// <summary>Joins the two; whether the signature is right is not looked at.</summary>
    /// <param name="transaction">What was signed.</param>
    /// <param name="signature">r, s, and 27 or 28.</param>
    /// <exception cref="ArgumentException">The signature has not 65 bytes, or another end.</exception>
    public SignedEip1559Transaction(Eip1559Transaction transaction, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (signature.Length != Limits.SignatureBytes || signature[^1] is not (27 or 28))
        {
            throw new ArgumentException(
                "A signature has 65 bytes and ends with 27 or 28.", nameof(signature));
        }

        Transaction = transaction;
        Signature = [.. signature];
        Raw = [.. transaction.Envelope(
        [
            RlpItem.Number((ulong)(signature[^1] - 27)),
            RlpItem.Number(new UInt256(signature[..UInt256.Size])),
            RlpItem.Number(new UInt256(signature[UInt256.Size..(2 * UInt256.Size)])),
        ])];
        Hash = Keccak256.Hash(Raw.AsSpan());
    }

    /// <summary>What was signed.</summary>
    public Eip1559Transaction Transaction { get; }

    /// <summary>r, s, and 27 or 28.</summary>
    public ImmutableArray<byte> Signature { get; }

    /// <summary>What <c>eth_sendRawTransaction</c> takes.</summary>
    public ImmutableArray<byte> Raw { get; }

    /// <summary>Its id on the chain.</summary>
    public Hash256 Hash { get; }

    /// <summary>Who signed it.</summary>
    /// <returns>False if nobody can have signed it so, or the s is high (EIP-2).</returns>
    public bool TryRecoverSender(ISignatureScheme signatures, out Address sender)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        return signatures.TryRecover(Transaction.SigningHash, Signature.AsSpan(), out sender);
    }

    /// <summary>True for the same bytes.</summary>
    public bool Equals(SignedEip1559Transaction? other) => other is not null && Hash == other.Hash;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();
}
