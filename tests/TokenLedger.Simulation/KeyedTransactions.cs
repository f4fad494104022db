// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Wire;
using TokenLedger.Runtime;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>Transactions with keyed-hash signatures, so that any address can sign.</summary>
internal sealed class KeyedTransactions : ITransactionSignatures
{
    private readonly KeyedHashScheme _scheme = new();

    public static SignedTransaction Sign(Address signer, Transaction transaction) =>
        SignBytes(signer, TransactionMapper.Encode(transaction));

    /// <summary>Signs whatever it is.</summary>
    public static SignedTransaction SignBytes(Address signer, byte[] body) => new(
        ImmutableArray.Create(body), [.. KeyedHashScheme.SignerOf(signer).Sign(DigestOf(body))]);

    public Rejection? Check(Address sender, SignedTransaction signed)
    {
        bool right = _scheme.TryRecover(
            DigestOf(signed.Body.AsSpan()), signed.Signature.AsSpan(), out Address signer);
        return right && signer == sender
            ? null
            : new Rejection(RejectionCode.BadSignature, "Not the sender's.");
    }

    private static Hash256 DigestOf(ReadOnlySpan<byte> body) => Hashing.Hash(DomainTag.StateValue, body);
}
