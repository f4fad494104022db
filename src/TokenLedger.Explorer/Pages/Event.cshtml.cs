// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>An event, by its place.</summary>
internal sealed class EventPage(Site site) : ExplorerPage(site)
{
    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        IIndexView view = request.View;
        var height = new Height(request.WholeInPath("height"));
        ulong index = request.WholeInPath("index");
        var place = new EventPlace(height, (uint)Math.Min(uint.MaxValue, index));
        IReadOnlyList<EventRow> rows = await view.EventsAsync(place, 1, cancellationToken)
            .ConfigureAwait(false);
        BlockRow? block = await view.FindBlockAsync(height, cancellationToken).ConfigureAwait(false);
        if (block is null || rows is not [var row] || row.Index != index)
        {
            throw Problems.Unknown(Phrases.Event, $"{height}-{index}", Language);
        }

        request.RequireThen(Phrases.Event, PageRequest.Place(place), height);
        IReadOnlyList<TransactionRow> causes = row.Record.TransactionIndex == EventRecord.Housekeeping
            ? []
            : await view.TransactionsAsync(
                new EventPlace(height, row.Record.TransactionIndex), 1, cancellationToken)
                .ConfigureAwait(false);
        TransactionRow? cause = causes is [var one] ? one : null;
        Wording say = request.Say;
        var sentence = new EventSentence(say);
        Sheet sheet = await say.Names.WriteAsync(
            () => new Sheet(request.Texts.Plain(Phrases.EventTitle, ("place", PageRequest.Place(place))))
            {
                Lead = [sentence.Of(row.Record.Event)],
                Facts =
                [
                    Fact.Of(Phrases.Block, say.Block(height)),
                    Fact.Of(Phrases.Time, say.Time(block.Header.Timestamp)),
                    Fact.Of(Phrases.PlaceInBlock, say.Count(row.Index)),
                    Fact.Of(
                        Phrases.EventCause,
                        cause is null
                            ? Markup.Text(request.Texts[Phrases.EventHousekeeping])
                            : say.Transaction(cause.Receipt.TransactionId)),
                    Fact.Of(Phrases.Proof, say.Proof(SitePaths.VerifyEvent(place, Language))),
                ],
                ShowsJson = true,
            },
            cancellationToken).ConfigureAwait(false);
        return new PageAnswer(
            sheet,
            new
            {
                row.Height,
                row.Index,
                TimeMs = block.Header.Timestamp,
                TransactionId = cause?.Receipt.TransactionId,
                row.Record.Event,
            })
        {
            Pinning = Pinning.Whole,
            IsLive = false,
        };
    }
}
