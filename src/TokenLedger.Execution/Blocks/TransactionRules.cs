// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Execution;

/// <summary>What can be said of a transaction without a state. Pure.</summary>
public static class TransactionRules
{
    /// <summary>
    /// Checks fields and limits: counts, amounts above zero, texts. The wire size and the signature are
    /// admission's.
    /// </summary>
    /// <returns>Null, or the first thing that is wrong.</returns>
    public static Rejection? CheckStateless(Transaction transaction)
    {
        if (transaction.Sender.IsZero)
        {
            return new Rejection(RejectionCode.InvalidField, "The sender is the zero address.");
        }

        if (transaction.Lane >= Limits.LanesPerSender)
        {
            return new Rejection(
                RejectionCode.LaneUnknown,
                $"A sender has the lanes 0 to {Limits.LanesPerSender - 1}, and no lane {transaction.Lane}.");
        }

        if (TextRules.Check("The memo", transaction.Memo, Limits.MemoBytes) is { } memo)
        {
            return memo;
        }

        if (transaction.Operations.IsDefaultOrEmpty)
        {
            return new Rejection(RejectionCode.InvalidField, "The transaction has no operation.");
        }

        int count = transaction.Operations.Length;
        if (count > Limits.OperationsPerTransaction)
        {
            return new Rejection(
                RejectionCode.TooLarge,
                $"The transaction has {count} operations; the limit is {Limits.OperationsPerTransaction}.");
        }

        for (int i = 0; i < count; i++)
        {
            if (OperationShape.Check(transaction.Operations[i]) is { } rejection)
            {
                return rejection with { Operation = i };
            }
        }

        return null;
    }

    /// <summary>
    /// The work of a transaction, in operations: what <see cref="Limits.OperationsPerBlock"/> bounds. A
    /// proposal counts its payload, an approval the largest payload that it may execute.
    /// </summary>
    public static int Work(Transaction transaction)
    {
        int work = 0;
        foreach (Operation operation in transaction.Operations.IsDefault ? [] : transaction.Operations)
        {
            work += operation switch
            {
                Propose propose => 1 + (propose.Payload.IsDefault ? 0 : propose.Payload.Length),
                ApproveProposal => 1 + Limits.OperationsPerProposal,
                ObserveBridge o => 1 + (o.Observations.IsDefault ? 0 : o.Observations.Length),
                _ => 1,
            };
        }

        return work;
    }
}
