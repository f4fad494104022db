// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>Events as sentences.</summary>
internal static class EventList
{
    /// <summary>A sentence to each event, with a link to the event itself.</summary>
    public static Task<IReadOnlyList<Markup>> SentencesAsync(
        PageRequest request, IReadOnlyList<EventRow> events, CancellationToken cancellationToken)
    {
        var sentence = new EventSentence(request.Say);
        return request.Say.Names.WriteAsync<IReadOnlyList<Markup>>(
            () =>
            [
                .. events.Select(row => Markup.Concat(
                [
                    sentence.Of(row.Record.Event),
                    Markup.Text(" "),
                    Markup.Link(
                        SitePaths.Event(new EventPlace(row.Height, row.Index), request.Language),
                        Markup.Text(request.Texts[Phrases.Details])),
                ])),
            ],
            cancellationToken);
    }
}
