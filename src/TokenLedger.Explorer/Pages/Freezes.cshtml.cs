// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>The freeze register: who is frozen, and every order there was.</summary>
internal sealed class FreezesPage(Site site) : ExplorerPage(site)
{
    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<FrozenAccount>? frozen = request.At is null
            ? [.. (await request.View.FrozenAsync(null, Listing.PageRowsAndOne, cancellationToken)
                .ConfigureAwait(false)).Select(FrozenAccount.Of)]
            : await FrozenAccount.ThenAsync(request, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<FreezeRow> orders = await request.View.FreezesAsync(
            request.Before("before"), Listing.PageRowsAndOne, cancellationToken)
            .ConfigureAwait(false);
        Sheet sheet = await request.Say.Names.WriteAsync(
            () => SheetOf(request, frozen, orders), cancellationToken).ConfigureAwait(false);
        return new PageAnswer(sheet, new { Frozen = frozen?.Shown(), Orders = orders.Shown() })
        {
            Pinning = Pinning.Whole,
            LeftOut = frozen is null ? [Unkept.Frozen] : [],
            Csv = new CsvTable(
                "freezes", ["height", "event", "time", "account", "mode", "legal_reference", "order_sha256"],
                stop => Rows(request, stop)),
        };
    }

    private static Sheet SheetOf(
        PageRequest request, IReadOnlyList<FrozenAccount>? frozen, IReadOnlyList<FreezeRow> orders)
    {
        Wording say = request.Say;
        Texts texts = request.Texts;
        return new Sheet(texts[Phrases.FreezeRegister])
        {
            Lead = frozen is null ? [] :
            [
                say.Say(
                    frozen.Count > Listing.PageRows ? Phrases.FreezesMany : Phrases.FreezesLead,
                    ("count", say.Count((ulong)frozen.Count))),
            ],
            Sections =
            [
                .. frozen is null ? (Section[])[] : [FrozenSection(request, frozen)],
                new Section(Phrases.FreezeOrders)
                {
                    Table = new SheetTable(
                        [
                            Phrases.Time, Phrases.Account, Phrases.Mode, Phrases.LegalReference,
                            Phrases.OrderHash,
                        ],
                        [.. orders.Shown().Select(row => Order(say, row))]),
                    NextQuery = orders.LastBeforeMore() is { } last
                        ? request.QueryWith("before", PageRequest.Place(last.Place))
                        : null,
                },
            ],
        };
    }

    private static Section FrozenSection(PageRequest request, IReadOnlyList<FrozenAccount> frozen) =>
        new(request.At is null ? Phrases.FrozenNow : Phrases.FrozenThen)
        {
            Table = new SheetTable(
                [Phrases.Account, Phrases.Mode, Phrases.LegalReference, Phrases.Since],
                [.. frozen.Shown().Select(row => (IReadOnlyList<Markup>)
                [
                    request.Say.Account(row.Account), Markup.Text(request.Texts[Names.Of(row.Freeze)]),
                    Wording.Quote(row.LegalReference), request.Say.Block(row.FrozenAt),
                ])]),
        };

    private static IReadOnlyList<Markup> Order(Wording say, FreezeRow row) =>
    [
        Markup.Link(SitePaths.Event(row.Place, say.Language), say.Time(row.Time)),
        say.Account(row.Account),
        Markup.Text(say.Texts[row.Mode == FreezeMode.None ? Phrases.Lifted : Names.Of(row.Mode)]),
        Wording.Quote(row.LegalReference),
        row.Document.IsZero ? Markup.Text("–") : Wording.Hash(row.Document),
    ];

    private static IAsyncEnumerable<IReadOnlyList<string>> Rows(
        PageRequest request, CancellationToken cancellationToken) => Listing.AllAsync<FreezeRow>(
            (last, limit) => request.View.FreezesAsync(last?.Place ?? request.End, limit, cancellationToken),
            cancellationToken)
            .Select(static row => (IReadOnlyList<string>)
            [
                CsvCells.Of(row.Place.Height.Value), CsvCells.Of(row.Place.Index), CsvCells.Of(row.Time),
                CsvCells.Of(row.Account), row.Mode.ToString(), row.LegalReference,
                row.Document.IsZero ? "" : row.Document.ToString(),
            ]);
}
