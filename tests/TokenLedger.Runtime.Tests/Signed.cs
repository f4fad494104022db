// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Wire;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests;

/// <summary>Real bodies with keyed-hash signatures, so that any address can sign.</summary>
internal sealed class Signed(Hash256 genesisHash) : ITransactionSignatures
{
    private readonly KeyedHashScheme _scheme = new();

    public static RuntimeMetrics Metrics() => new(
        new ServiceCollection().AddMetrics().BuildServiceProvider()
            .GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());

    public SignedTransaction Sign(Transaction transaction) => SignAs(transaction.Sender, transaction);

    public SignedTransaction SignAs(Address signer, Transaction transaction)
    {
        byte[] body = TransactionMapper.Encode(transaction);
        return new SignedTransaction(
            ImmutableArray.Create(body), [.. KeyedHashScheme.SignerOf(signer).Sign(DigestOf(body))]);
    }

    public VerifiedTransaction Verified(Transaction transaction)
    {
        SignedTransaction signed = Sign(transaction);
        return new VerifiedTransaction(signed.IdOn(genesisHash), transaction, signed);
    }

    public Rejection? Check(Address sender, SignedTransaction signed)
    {
        bool right = _scheme.TryRecover(
            DigestOf(signed.Body.AsSpan()), signed.Signature.AsSpan(), out Address signer);
        return right && signer == sender
            ? null
            : new Rejection(RejectionCode.BadSignature, "Not the sender's.");
    }

    /// <summary>A certificate by these validators of a set with keyed-hash keys.</summary>
    public Certificate Certify(ValidatorSet validators, VoteSubject subject, params int[] signers) =>
        Certificate.FromVotes(subject, signers.Select(signer => Vote(validators, subject, signer)));

    public Vote Vote(ValidatorSet validators, VoteSubject subject, int signer) => new(
        subject, signer,
        [.. KeyedHashScheme.SignerOf(validators[signer].Address).Sign(subject.SigningDigest(genesisHash))]);

    private static Hash256 DigestOf(ReadOnlySpan<byte> body) => Hashing.Hash(DomainTag.StateValue, body);
}
