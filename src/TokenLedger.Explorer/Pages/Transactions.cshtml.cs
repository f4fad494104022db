// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>Transactions of all blocks, newest first.</summary>
internal sealed class TransactionsPage(Site site) : ExplorerPage(site)
{
    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<TransactionRow> rows = await request.View.LatestTransactionsAsync(
            request.Before("before"), Listing.PageRowsAndOne, cancellationToken)
            .ConfigureAwait(false);
        SheetTable table = await TransactionList.TableAsync(request, rows.Shown(), cancellationToken)
            .ConfigureAwait(false);
        return new PageAnswer(
            new Sheet(request.Texts[Phrases.Transactions])
            {
                Lead = [Markup.Text(request.Texts[Phrases.TransactionsLead])],
                Sections =
                [
                    new Section(Phrases.Transactions)
                    {
                        Table = table,
                        NextQuery = rows.LastBeforeMore() is { } last
                            ? request.QueryWith("before", PageRequest.Place(new(last.Height, last.Index)))
                            : null,
                    },
                ],
            },
            rows.Shown().Select(TransactionData.Of))
        {
            Pinning = Pinning.Whole,
            Csv = new CsvTable(
                "transactions", ["height", "index", "time", "id", "sender", "code", "operations", "memo"],
                stop => Rows(request, stop)),
        };
    }

    private static IAsyncEnumerable<IReadOnlyList<string>> Rows(
        PageRequest request, CancellationToken cancellationToken) => Listing.AllAsync<TransactionRow>(
            (last, limit) => request.View.LatestTransactionsAsync(
                last is null ? request.End : new EventPlace(last.Height, last.Index), limit,
                cancellationToken),
            cancellationToken)
            .Select(static row =>
            {
                Core.Ledger.Transaction? content = TransactionData.Decode(row);
                return (IReadOnlyList<string>)
                [
                    CsvCells.Of(row.Height.Value), CsvCells.Of(row.Index), CsvCells.Of(row.Time),
                    row.Receipt.TransactionId.ToString(), CsvCells.Of(row.Sender),
                    row.Receipt.Code is { } code ? RejectionCodes.Name(code) : "",
                    string.Join(' ', content?.Operations.Select(static o => o.GetType().Name) ?? []),
                    content?.Memo ?? "",
                ];
            });
}
