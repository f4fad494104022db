// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Views;
using TokenLedger.Protocol.Ledger.V1;
using Operation = TokenLedger.Core.Ledger.Operation;

namespace TokenLedger.Cli.Transactions;

/// <summary>One transaction, and its outcome as the answer.</summary>
internal static class SingleFlow
{
    public static async Task RunAsync(
        Session session, TransactionFlow flow, ImmutableArray<Operation> operations, CancellationToken token)
    {
        TransactionStatus? status = await flow.RunAsync(operations, token);
        if (status is not null)
        {
            await ShowAsync(session, status, token);
        }
    }

    /// <summary>Shows what became of a transaction.</summary>
    public static async Task ShowAsync(Session session, TransactionStatus status, CancellationToken token)
    {
        var decimals = new Decimals();
        if (session.Output.IsTable)
        {
            await decimals.LearnAsync(session, EventView.AssetsOf(status.Events), token);
        }

        session.Output.Detail(
            TransactionView.ToJson(status), [.. TransactionView.Lines(status, session.Addresses, decimals)]);
    }
}
