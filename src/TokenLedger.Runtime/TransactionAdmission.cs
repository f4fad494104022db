// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution;
using TokenLedger.Protocol.Wire;

namespace TokenLedger.Runtime;

/// <summary>Checks that a transaction's signature is its sender's. Pure and thread-safe.</summary>
public interface ITransactionSignatures
{
    /// <summary>Checks the signature over the EIP-712 digest of the body.</summary>
    /// <returns>Null when the sender signed these bytes for this network, else HIGH_S or
    /// BAD_SIGNATURE.</returns>
    Rejection? Check(Address sender, SignedTransaction signed);
}

/// <summary>
/// All that can be checked of a foreign transaction without a state, cheapest first: size, canonical form,
/// fields, signature. Pure and thread-safe, so callers run it on their own threads.
/// </summary>
public sealed class TransactionAdmission(Hash256 genesisHash, ITransactionSignatures signatures)
{
    /// <summary>Checks everything.</summary>
    /// <returns>Null and the transaction, or why it is refused.</returns>
    public Rejection? TryAdmit(SignedTransaction signed, out VerifiedTransaction? verified)
    {
        verified = null;
        Rejection? rejection = TransactionMapper.TryDecode(signed.Body.AsSpan(), out Transaction? content);
        rejection ??= TransactionRules.CheckStateless(content!);
        rejection ??= signatures.Check(content!.Sender, signed);
        if (rejection is null)
        {
            verified = new VerifiedTransaction(signed.IdOn(genesisHash), content!, signed);
        }

        return rejection;
    }
}
