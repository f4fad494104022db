// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web.Sheets;
using TokenLedger.Protocol.Wire;

namespace TokenLedger.Explorer.Pages;

/// <summary>A transaction for programs.</summary>
internal static class TransactionData
{
    /// <summary>What was asked and what became of it.</summary>
    public static object Of(TransactionRow row) => new
    {
        Id = row.Receipt.TransactionId,
        row.Height,
        row.Index,
        TimeMs = row.Time,
        row.Sender,
        Code = row.Receipt.Code,
        FailedOperation = row.Receipt.Succeeded ? null : (int?)row.Receipt.FailedOperation,
        row.Receipt.FirstEvent,
        row.Receipt.EventCount,
        Content = Decode(row),
        row.Signed.Body,
        row.Signed.Signature,
    };

    /// <summary>What was signed; null for what this program cannot read.</summary>
    public static Transaction? Decode(TransactionRow row) =>
        TransactionMapper.TryDecode(row.Signed.Body.AsSpan(), out Transaction? transaction) is null
            ? transaction
            : null;
}

/// <summary>Transactions in a table.</summary>
internal static class TransactionList
{
    /// <summary>A row to each.</summary>
    public static async Task<SheetTable> TableAsync(
        PageRequest request, IReadOnlyList<TransactionRow> rows, CancellationToken cancellationToken)
    {
        Wording say = request.Say;
        (TransactionRow Row, Transaction? Content)[] read =
            [.. rows.Select(static row => (row, TransactionData.Decode(row)))];
        return await say.Names.WriteAsync(
            () => new SheetTable(
                [Phrases.Transaction, Phrases.Time, Phrases.Sender, Phrases.What, Phrases.Result],
                [.. read.Select(t => (IReadOnlyList<Markup>)
                [
                    say.Transaction(t.Row.Receipt.TransactionId), say.Time(t.Row.Time),
                    say.Account(t.Row.Sender), Summary(say.Texts, t.Content), Result(say, t.Row.Receipt),
                ])]),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What became of a transaction.</summary>
    public static Markup Result(Wording say, Receipt receipt) => receipt.Code is { } code
        ? say.Say(Phrases.ResultFailed, ("code", Markup.Value(RejectionCodes.Name(code))))
        : Markup.Text(say.Texts[Phrases.ResultDone]);

    private static Markup Summary(Texts texts, Transaction? content) => Markup.Text(content is null
        ? texts[Phrases.Unreadable]
        : string.Join(
            texts[Phrases.ListSeparator],
            content.Operations.Select(operation => texts[Names.Of(operation)]).Distinct()));
}
