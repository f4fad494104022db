// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Charts;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>All assets, and when they fall due.</summary>
internal sealed class AssetsPage(Site site) : ExplorerPage(site)
{
    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        string? typed = request.Query("after");
        AssetId after = default;
        if (typed is not null && !AssetId.TryParse(typed, out after))
        {
            throw Problems.BadInput(typed, Language);
        }

        AssetClass? only = ClassInQuery(request);
        Portfolio portfolio = await Portfolio.ReadAsync(request.View, request.At, cancellationToken)
            .ConfigureAwait(false);
        IReadOnlyList<AssetRow> rows =
        [
            .. portfolio.Assets
                .Where(row => (typed is null || row.Id > after)
                    && (only is null || row.Definition.Class == only))
                .Take(Listing.PageRowsAndOne),
        ];
        Wording say = request.Say;
        return new PageAnswer(
            new Sheet(request.Texts[Phrases.Assets])
            {
                Lead = [say.Say(Phrases.AssetsLead, ("count", say.Count((ulong)portfolio.Assets.Count)))],
                Sections =
                [
                    new Section(Phrases.Assets)
                    {
                        Filter = new ListFilter(
                            Phrases.FilterClass, "class", only?.ToString() ?? "",
                            [
                                .. portfolio.Classes.Select(
                                    static c => (c.Class.ToString(), Names.Of(c.Class))),
                            ],
                            request.Kept),
                        Table = new SheetTable(
                            [
                                Phrases.Symbol, Phrases.Name, Phrases.Class, Phrases.Supply, Phrases.Cap,
                                Phrases.Holders,
                            ],
                            [.. rows.Shown().Select(row => Row(say, row))]),
                        NextQuery = rows.LastBeforeMore() is { } last
                            ? request.QueryWith(
                                [.. only is null ? [] : One("class", $"{only}"), ("after", $"{last.Id}")])
                            : null,
                    },
                    Ladder(request, portfolio),
                ],
            },
            rows.Shown())
        {
            Pinning = Pinning.Partly,
            AtNewest = [Unkept.Cap, Unkept.Paused, Unkept.Documents],
            Csv = new CsvTable(
                only is null ? "assets" : $"assets-{only}",
                [
                    "symbol", "name", "name_urdu", "class", "issuer", "decimals", "outstanding", "authorised",
                    "holders", "issue_date", "maturity_date", "coupon_basis_points", "paused",
                ],
                _ => portfolio.Assets.Where(row => only is null || row.Definition.Class == only)
                    .ToAsyncEnumerable().Select(CsvRow))
            {
                IsPinned = false,
                AnswersEarlier = false,
            },
        };
    }

    private static (string, string)[] One(string name, string value) => [(name, value)];

    private AssetClass? ClassInQuery(PageRequest request) => request.Query("class") switch
    {
        null => null,
        { } text when Enum.TryParse(text, out AssetClass known) && known.ToString() == text => known,
        { } text => throw Problems.BadInput(text, Language),
    };

    private static IReadOnlyList<Markup> Row(Wording say, AssetRow row) =>
    [
        say.Asset(row.Id),
        Markup.Name(NameBook.NameOf(row, say.Language)),
        Markup.Text(say.Texts[Names.Of(row.Definition.Class)]),
        say.Exact(row.Supply, row),
        say.Exact(row.Cap, row),
        Markup.Link(SitePaths.Holders(row.Id, say.Language), say.Count(row.Holders)),
    ];

    private static Section Ladder(PageRequest request, Portfolio portfolio)
    {
        var frame = new ChartFrame(
            "ladder", request.Texts[Phrases.ChartLadder], Portfolio.ValueDecimals, request.Language);
        return new Section(Phrases.Ladder)
        {
            Notes = [Markup.Text(request.Texts[Phrases.LadderNote])],
            Charts =
            [
                MaturityLadder.Of(frame, [.. portfolio.Assets
                    .Where(static a => a.Definition.Terms.MaturityDate.Value != 0)
                    .Select(static a => new Maturity(
                        a.Definition.Terms.MaturityDate.Value,
                        Portfolio.Units(Portfolio.Value(a.Definition, a.Supply))))]),
            ],
        };
    }

    private static IReadOnlyList<string> CsvRow(AssetRow row) =>
    [
        row.Id.ToString(), row.Definition.Name, row.Definition.NameUrdu, row.Definition.Class.ToString(),
        CsvCells.Of(row.Definition.Issuer), CsvCells.Of(row.Definition.Decimals),
        CsvCells.Of(row.Supply, row), CsvCells.Of(row.Cap, row), CsvCells.Of(row.Holders),
        CsvCells.Of(row.Definition.Terms.IssueDate),
        row.Definition.Terms.MaturityDate.Value == 0 ? "" : CsvCells.Of(row.Definition.Terms.MaturityDate),
        CsvCells.Of(row.Definition.Terms.CouponBasisPoints), row.Paused ? "yes" : "no",
    ];
}
