// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using TokenLedger.Explorer.Charts;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>The first page: what is outstanding, what backs it, what changed today; a sentence to each
/// number.</summary>
internal sealed class HomePage(Site site) : ExplorerPage(site)
{
    private const int LatestEvents = 10;

    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        IIndexView view = request.View;
        Portfolio portfolio = await Portfolio.ReadAsync(view, request.At, cancellationToken)
            .ConfigureAwait(false);
        Today? today = request.At is null
            ? await Today.ReadAsync(view, portfolio, cancellationToken).ConfigureAwait(false)
            : null;
        IReadOnlyList<EventRow> events = await view
            .LatestEventsAsync(request.End, LatestEvents, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Markup> sentences = await EventList
            .SentencesAsync(request, events, cancellationToken).ConfigureAwait(false);
        Wording say = request.Say;
        return new PageAnswer(
            new Sheet(request.Texts[Phrases.HomeTitle])
            {
                Lead =
                [
                    Markup.Text(request.Texts[Phrases.HomeWhat]),
                    say.Say(
                        Phrases.HomeOutstanding, ("value", say.Dollars(portfolio.Outstanding)),
                        ("count", say.Count((ulong)portfolio.Assets.Count))),
                    Reserve(say, portfolio),
                ],
                Sections =
                [
                    ByClass(request, portfolio),
                    .. today is null ? (Section[])[] : [today.Section(say)],
                    new Section(Phrases.LatestEvents)
                    {
                        Items = sentences,
                        More = Markup.Link(
                            SitePaths.In(Language, "/events"), Markup.Text(request.Texts[Phrases.AllEvents])),
                    },
                    Newest(request),
                ],
            },
            new
            {
                OutstandingMicroUsd = portfolio.Outstanding.ToString(),
                ReservesMicroUsd = portfolio.Reserves.ToString(),
                DebtMicroUsd = portfolio.Debt.ToString(),
                Classes = portfolio.Classes.Select(static c => new
                {
                    c.Class,
                    OutstandingMicroUsd = Portfolio.Sum(c.Assets).ToString(),
                    Assets = c.Assets.Select(static a => a.Id),
                }),
                Today = today?.Data,
                Counts = request.At is null ? view.Cursor.Counts : null,
            })
        {
            Pinning = Pinning.Whole,
            LeftOut = [Unkept.Cap, Unkept.Day, Unkept.Counts],
        };
    }

    private static Markup Reserve(Wording say, Portfolio portfolio) => portfolio.Debt.IsZero
        ? Markup.Text(say.Texts[Phrases.HomeNoDebt])
        : say.Say(
            Phrases.HomeReserveRatio,
            ("share", Markup.Value(NumberText.Percent(portfolio.Reserves, portfolio.Debt))),
            ("reserves", say.Dollars(portfolio.Reserves)), ("debt", say.Dollars(portfolio.Debt)));

    private static Section ByClass(PageRequest request, Portfolio portfolio)
    {
        Wording say = request.Say;
        var frame = new ChartFrame(
            "classes", request.Texts[Phrases.ChartByClass], Portfolio.ValueDecimals, request.Language);
        Part[] parts = [.. portfolio.Classes
            .Select(c => new Part(
                request.Texts[Names.Of(c.Class)], Portfolio.Units(Portfolio.Sum(c.Assets))))
            .Where(static part => part.Value != 0)];
        return new Section(Phrases.ByClass)
        {
            Notes = [Markup.Text(request.Texts[Phrases.ReferenceValueNote])],
            Charts = [CompositionChart.Of(frame, parts)],
            Table = new SheetTable(
                request.At is null
                    ? [Phrases.Class, Phrases.Supply, Phrases.Cap, Phrases.Assets]
                    : [Phrases.Class, Phrases.Supply, Phrases.Assets],
                [.. portfolio.Classes.Select(c => (IReadOnlyList<Markup>)
                [
                    Markup.Text(request.Texts[Names.Of(c.Class)]),
                    say.Dollars(Portfolio.Sum(c.Assets)),
                    .. request.At is null ? (Markup[])[say.Dollars(Cap(c.Assets))] : [],
                    Markup.Join(
                        request.Texts[Phrases.ListSeparator], c.Assets.Select(a => say.Asset(a.Id))),
                ])]),
        };
    }

    private static BigInteger Cap(IEnumerable<AssetRow> assets) => assets.Aggregate(
        BigInteger.Zero, static (sum, a) => sum + Portfolio.Value(a.Definition, a.Cap));

    private static Section Newest(PageRequest request)
    {
        Wording say = request.Say;
        IndexCursor cursor = request.View.Cursor;
        return new Section(request.At is null ? Phrases.NewestBlock : Phrases.Block)
        {
            Notes =
            [
                say.Say(
                    request.At is null ? Phrases.NewestBlockSentence : Phrases.BlockThenSentence,
                    ("height", say.Block(request.Until)), ("time", say.Time(request.Moment))),
            ],
            Facts = request.At is not null ? [] :
            [
                Fact.Of(Phrases.Transactions, say.Count(cursor.Counts.Transactions)),
                Fact.Of(Phrases.Events, say.Count(cursor.Counts.Events)),
                Fact.Of(Phrases.Accounts, say.Count(cursor.Counts.Accounts)),
                Fact.Of(Phrases.Proposals, say.Count(cursor.Counts.Proposals)),
            ],
        };
    }
}
