// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Execution;

/// <summary>What can be said of a transaction without a state. Pure.</summary>
public static class TransactionRules
{
    /// <summary>
    /// Checks fields and limits: counts, amounts above zero, texts. The wire size and the signature are admission's.
    /// </summary>
    /// <returns>Null, or the first thing that is wrong.</returns>
    public static Rejection? CheckStateless(Transaction transaction) => throw new NotImplementedException();

    /// <summary>
    /// The work of a transaction, in operations: what <see cref="Limits.OperationsPerBlock"/> bounds. A proposal counts
    /// its payload, an approval the largest payload that it may execute.
    /// </summary>
    public static int Work(Transaction transaction) => throw new NotImplementedException();
}
