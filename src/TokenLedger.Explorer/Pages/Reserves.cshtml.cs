// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>Reserve assets with what was attested about them, and the gaps; what the ledger cannot know is
/// said first.</summary>
internal sealed class ReservesPage(Site site) : ExplorerPage(site)
{
    private const ulong DayMs = 24 * 3600 * 1000;
    private const ulong LateDays = 366;

    // The terms that speak of proof and of when it comes, by the beginning of their names.
    private static readonly string[] Promises =
        ["proof", "attest", "audit", "inspection", "reporting", "custod", "addresses", "vault", "storage"];

    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        Portfolio portfolio = await Portfolio.ReadAsync(request.View, cancellationToken)
            .ConfigureAwait(false);
        AssetRow[] reserves =
            [.. portfolio.Assets.Where(static a => Portfolio.IsReserve(a.Definition.Class))];
        var sections = new List<Section>();
        var data = new List<object>();
        foreach (AssetRow asset in reserves)
        {
            IReadOnlyList<DocumentRow> documents = await request.View
                .DocumentsAsync(asset.Id, cancellationToken).ConfigureAwait(false);
            sections.Add(SectionOf(request, asset, documents));
            data.Add(new { Asset = asset, Documents = documents });
        }

        Wording say = request.Say;
        return new PageAnswer(
            new Sheet(request.Texts[Phrases.Reserves])
            {
                Lead =
                [
                    reserves.Length == 0
                        ? Markup.Text(request.Texts[Phrases.ReservesNone])
                        : say.Say(
                            Phrases.ReservesLead, ("value", say.Dollars(portfolio.Reserves)),
                            ("count", say.Count((ulong)reserves.Length))),
                    Markup.Text(request.Texts[Phrases.ReservesCannot]),
                ],
                Sections = sections,
            },
            data);
    }

    private static Section SectionOf(
        PageRequest request, AssetRow asset, IReadOnlyList<DocumentRow> documents)
    {
        Wording say = request.Say;
        string name = asset.Id.ToString();
        return new Section(new Phrase(name, name))
        {
            Notes = [.. Notes(request, asset, documents)],
            Facts =
            [
                .. asset.Definition.Terms.Attributes
                    .Where(static a => Array.Exists(
                        Promises, start => a.Key.StartsWith(start, StringComparison.Ordinal)))
                    .Select(AssetTermsWords.Attribute),
            ],
            Table = new SheetTable(
                [
                    Phrases.DocumentTitle, Phrases.Attached, Phrases.ReserveGap, Phrases.Published,
                    Phrases.Hash,
                ],
                [.. documents.Select((row, i) => (IReadOnlyList<Markup>)
                [
                    Markup.Name(row.Document.Title),
                    row.AttachedAt.Value == 0
                        ? Markup.Text(say.Texts[Phrases.CreatedAtGenesis])
                        : say.Time(row.Attached),
                    i == 0
                        ? Markup.Text("–")
                        : say.Count(row.Attached.Since(documents[i - 1].Attached) / DayMs),
                    Markup.Foreign(row.Document.Uri),
                    Wording.Whole(row.Document.Hash.ToString()),
                ])]),
        };
    }

    // How old the last document is, by block time: the same for every reader of the same block.
    private static IEnumerable<Markup> Notes(
        PageRequest request, AssetRow asset, IReadOnlyList<DocumentRow> documents)
    {
        Wording say = request.Say;
        yield return Markup.Concat(
        [
            say.Asset(asset.Id), Markup.Text(" "), Markup.Name(NameBook.NameOf(asset, say.Language)),
        ]);
        if (documents.Count == 0)
        {
            yield return Markup.Text(say.Texts[Phrases.ReserveNone]);
            yield break;
        }

        DocumentRow last = documents[^1];
        ulong days = request.View.Cursor.Time.Since(last.Attached) / DayMs;
        yield return say.Say(
            last.AttachedAt.Value == 0 ? Phrases.ReserveFromGenesis : Phrases.ReserveLast,
            ("days", Markup.Value(days.ToString(CultureInfo.InvariantCulture))));
        if (days > LateDays)
        {
            yield return Markup.Text(say.Texts[Phrases.ReserveLate]);
        }
    }
}
