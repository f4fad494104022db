// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Runtime;

namespace TokenLedger.Chaos;

/// <summary>Transactions' signatures as the node checks them.</summary>
internal sealed class RealTransactionSignatures(TransactionDigest digest, Secp256k1Scheme scheme)
    : ITransactionSignatures
{
    public Rejection? Check(Address sender, SignedTransaction signed)
    {
        bool right = !Secp256k1Scheme.IsHighS(signed.Signature.AsSpan())
            && scheme.TryRecover(
                digest.Of(signed.Body.AsSpan()), signed.Signature.AsSpan(), out Address signer)
            && signer == sender;
        return right ? null : new Rejection(RejectionCode.BadSignature, "Not the sender's.");
    }
}
