// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Explorer.Export;
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
        Portfolio portfolio = await Portfolio.ReadAsync(request.View, request.At, cancellationToken)
            .ConfigureAwait(false);
        AssetRow[] reserves =
            [.. portfolio.Assets.Where(static a => Portfolio.IsReserve(a.Definition.Class))];
        var sections = new List<Section>();
        var data = new List<object>();
        var rows = new List<IReadOnlyList<string>>();
        foreach (AssetRow asset in reserves)
        {
            IReadOnlyList<DocumentRow> documents = await request.DocumentsAsync(asset.Id, cancellationToken)
                .ConfigureAwait(false);
            sections.Add(SectionOf(request, asset, documents));
            rows.AddRange(documents.Select(row => (IReadOnlyList<string>)
            [
                asset.Id.ToString(), row.Document.Title, CsvCells.Of(row.AttachedAt.Value),
                CsvCells.Of(row.Attached), row.Document.Uri, row.Document.Hash.ToString(),
            ]));
            ReserveInterval? interval = ReserveInterval.In(asset.Definition.Terms);
            data.Add(new
            {
                Asset = asset with { Documents = (ushort)documents.Count },
                Documents = documents,
                IntervalDays = interval?.Days,
                DueMs = interval?.DueAfter(Since(asset, documents)),
            });
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
            data)
        {
            Pinning = Pinning.Partly,
            AtNewest = [Unkept.Cap, Unkept.Paused],
            Csv = new CsvTable(
                "reserves", ["symbol", "document", "attached_height", "attached", "published", "hash"],
                _ => rows.ToAsyncEnumerable()),
        };
    }

    private static Section SectionOf(
        PageRequest request, AssetRow asset, IReadOnlyList<DocumentRow> documents)
    {
        Wording say = request.Say;
        string name = asset.Id.ToString();
        ReserveInterval? interval = ReserveInterval.In(asset.Definition.Terms);
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
                        : Gap(say, row.Attached.Since(documents[i - 1].Attached) / DayMs, interval),
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
        TimestampMs now = request.Moment;
        TimestampMs since = Since(asset, documents);
        ulong days = now.Since(since) / DayMs;
        yield return say.Say(
            documents switch
            {
                [] => Phrases.ReserveNone,
                [.., { AttachedAt.Value: 0 }] => Phrases.ReserveFromGenesis,
                _ => Phrases.ReserveLast,
            },
            ("days", Days(days)));
        if (ReserveInterval.In(asset.Definition.Terms) is not { } interval)
        {
            yield return Markup.Text(say.Texts[Phrases.ReserveNoInterval]);
            if (days > LateDays)
            {
                yield return Markup.Text(say.Texts[Phrases.ReserveLate]);
            }

            yield break;
        }

        TimestampMs due = interval.DueAfter(since);
        bool isLate = now > due;
        yield return say.Say(
            isLate ? Phrases.ReserveOverdue : Phrases.ReserveDue, ("words", Wording.Quote(interval.Words)),
            ("date", Markup.Value(TimeText.Date(due.Value, say.Language))),
            ("days", Days((isLate ? now.Since(due) : due.Since(now)) / DayMs)));
    }

    // Whoever never attested anything is late from the asset's creation on.
    private static TimestampMs Since(AssetRow asset, IReadOnlyList<DocumentRow> documents) =>
        documents.Count == 0 ? asset.Created : documents[^1].Attached;

    private static Markup Gap(Wording say, ulong days, ReserveInterval? interval) =>
        interval is null || days <= interval.Days
            ? say.Count(days)
            : say.Say(Phrases.ReserveGapLong, ("days", say.Count(days)));

    private static Markup Days(ulong days) => Markup.Value(days.ToString(CultureInfo.InvariantCulture));
}
