// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>Blocks, newest first.</summary>
internal sealed class BlocksPage(Site site) : ExplorerPage(site)
{
    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        Height from = request.WholeInQuery("from") is { } asked
            ? new Height(Math.Min(asked, request.Until.Value))
            : request.Until;
        IReadOnlyList<BlockRow> rows = await request.View
            .BlocksAsync(from, Listing.PageRowsAndOne, cancellationToken).ConfigureAwait(false);
        Wording say = request.Say;
        return new PageAnswer(
            new Sheet(request.Texts[Phrases.Blocks])
            {
                Lead = [Markup.Text(request.Texts[Phrases.BlocksLead])],
                Sections =
                [
                    new Section(Phrases.Blocks)
                    {
                        Filter = new ListFilter(
                            Phrases.FilterFrom, "from", request.Query("from") ?? "", [], request.Kept),
                        Table = new SheetTable(
                            [
                                Phrases.Height, Phrases.Time, Phrases.Transactions, Phrases.Events,
                                Phrases.Hash,
                            ],
                            [.. rows.Shown().Select(row => (IReadOnlyList<Markup>)
                            [
                                say.Block(row.Height), say.Time(row.Header.Timestamp),
                                say.Count(row.Transactions), say.Count(row.Events), Wording.Hash(row.Hash),
                            ])]),
                        NextQuery = rows.LastBeforeMore() is { } last
                            ? request.QueryWith("from", CsvCells.Of(last.Height.Value - 1))
                            : null,
                    },
                ],
            },
            rows.Shown())
        {
            Pinning = Pinning.Whole,
            Csv = new CsvTable(
                from == request.Until ? "blocks" : $"blocks-from-{from}",
                ["height", "time", "hash", "transactions", "events", "state_root"],
                stop => Rows(request, from, stop)),
        };
    }

    private static IAsyncEnumerable<IReadOnlyList<string>> Rows(
        PageRequest request, Height from, CancellationToken cancellationToken) => Listing.AllAsync<BlockRow>(
            (last, limit) => last?.Height.Value == 0
                ? ValueTask.FromResult<IReadOnlyList<BlockRow>>([])
                : request.View.BlocksAsync(
                    last is null ? from : new Height(last.Height.Value - 1), limit,
                    cancellationToken),
            cancellationToken)
            .Select(static row => (IReadOnlyList<string>)
            [
                CsvCells.Of(row.Height.Value), CsvCells.Of(row.Header.Timestamp), row.Hash.ToString(),
                CsvCells.Of(row.Transactions), CsvCells.Of(row.Events), row.Header.StateRoot.ToString(),
            ]);
}
