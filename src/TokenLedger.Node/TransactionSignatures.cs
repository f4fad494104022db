// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Runtime;

namespace TokenLedger.Node;

/// <summary>Transactions' signatures by libsecp256k1 over the network's EIP-712 digest.</summary>
internal sealed class TransactionSignatures(TransactionDigest digest, Secp256k1Scheme scheme)
    : ITransactionSignatures
{
    public Rejection? Check(Address sender, SignedTransaction signed)
    {
        if (Secp256k1Scheme.IsHighS(signed.Signature.AsSpan()))
        {
            return new Rejection(
                RejectionCode.HighS,
                "The signature's s is in the upper half of the curve's order; send n - s instead.");
        }

        bool right = scheme.TryRecover(
            digest.Of(signed.Body.AsSpan()), signed.Signature.AsSpan(), out Address signer)
            && signer == sender;
        return right
            ? null
            : new Rejection(
                RejectionCode.BadSignature,
                "The signature is not the sender's over this body for this network (chain id and genesis "
                + "hash).");
    }
}
