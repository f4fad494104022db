// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>Events of all blocks, newest first.</summary>
internal sealed class EventsPage(Site site) : ExplorerPage(site)
{
    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<EventRow> rows = await request.View.LatestEventsAsync(
            request.Before("before"), Listing.PageRowsAndOne, cancellationToken)
            .ConfigureAwait(false);
        IReadOnlyList<Markup> sentences = await EventList
            .SentencesAsync(request, rows.Shown(), cancellationToken).ConfigureAwait(false);
        return new PageAnswer(
            new Sheet(request.Texts[Phrases.Events])
            {
                Lead = [Markup.Text(request.Texts[Phrases.EventsLead])],
                Sections =
                [
                    new Section(Phrases.Events)
                    {
                        Items = sentences,
                        NextQuery = rows.LastBeforeMore() is { } last
                            ? request.QueryWith("before", PageRequest.Place(new(last.Height, last.Index)))
                            : null,
                    },
                ],
            },
            rows.Shown())
        {
            Pinning = Pinning.Whole,
            Csv = new CsvTable(
                "events", ["height", "event", "transaction", "kind", "content"], stop => Rows(request, stop)),
        };
    }

    private static IAsyncEnumerable<IReadOnlyList<string>> Rows(
        PageRequest request, CancellationToken cancellationToken) => Listing.AllAsync<EventRow>(
            (last, limit) => request.View.LatestEventsAsync(
                last is null ? request.End : new EventPlace(last.Height, last.Index), limit,
                cancellationToken),
            cancellationToken)
            .Select(static row => (IReadOnlyList<string>)
            [
                CsvCells.Of(row.Height.Value), CsvCells.Of(row.Index),
                row.Record.TransactionIndex == Core.Ledger.EventRecord.Housekeeping
                    ? ""
                    : CsvCells.Of(row.Record.TransactionIndex),
                row.Record.Event.GetType().Name,
                JsonSerializer.Serialize(row.Record.Event, PageJson.Options),
            ]);
}
