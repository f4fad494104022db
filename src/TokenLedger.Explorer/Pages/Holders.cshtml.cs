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

/// <summary>Who holds an asset: institutions by name, citizens only in ranges.</summary>
internal sealed class HoldersPage(Site site, HolderCensus census) : ExplorerPage(site)
{
    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        AssetId id = request.AssetInPath("asset");
        AssetRow asset = await request.AssetThenAsync(id, cancellationToken).ConfigureAwait(false);
        HolderCount? count = request.At is { } at
            ? await census.ThenAsync(request.View, asset, at, cancellationToken).ConfigureAwait(false)
            : await census.OfAsync(request.View, asset, cancellationToken).ConfigureAwait(false);
        Sheet sheet = await request.Say.Names.WriteAsync(
            () => SheetOf(request, asset, count, census.AtOnce), cancellationToken).ConfigureAwait(false);
        return new PageAnswer(
            sheet,
            new
            {
                Asset = id,
                asset.Holders,
                CountedAt = count?.Height,
                Named = count?.Named.Select(static n => new
                {
                    n.Balance.Account,
                    n.Account.Kind,
                    n.Account.Institution,
                    n.Balance.Amount,
                }),
                Citizens = count is null
                    ? null
                    : HolderRanges.Join(count.Citizens).Select(static r => new { r.From, r.To, r.Holders }),
            })
        {
            Pinning = Pinning.Whole,
            // One that was counted earlier would be another file of the same height later.
            Csv = count is null || count.Height != request.Until ? null : new CsvTable(
                $"holders-{id}", ["account", "kind", "institution", "amount"],
                _ => count.Named.ToAsyncEnumerable().Select(n => (IReadOnlyList<string>)
                [
                    CsvCells.Of(n.Balance.Account), n.Account.Kind.ToString(),
                    CsvCells.Of(n.Account.Institution), CsvCells.Of(n.Balance.Amount, asset),
                ])),
        };
    }

    private static Sheet SheetOf(PageRequest request, AssetRow asset, HolderCount? count, ulong atOnce)
    {
        Wording say = request.Say;
        return new Sheet(request.Texts.Plain(Phrases.HoldersTitle, ("asset", asset.Id.ToString())))
        {
            Lead =
            [
                say.Say(
                    Phrases.HoldersLead, ("count", say.Count(asset.Holders)), ("asset", say.Asset(asset.Id))),
                count switch
                {
                    not null => say.Say(Phrases.HoldersCounted, ("height", say.Block(count.Height))),
                    null when request.At is null => Markup.Text(request.Texts[Phrases.HoldersCounting]),
                    _ => say.Say(Phrases.HoldersManyThen, ("count", say.Count(atOnce))),
                },
            ],
            Sections = count is null ? [] : [Institutions(say, asset, count), Citizens(say, asset, count)],
        };
    }

    private static Section Institutions(Wording say, AssetRow asset, HolderCount count)
    {
        Texts texts = say.Texts;
        UInt128 Of(AccountKind kind) => count.ByKind.GetValueOrDefault(kind);
        Part[] parts =
        [
            new(texts[Phrases.WhoState], Of(AccountKind.Institution)),
            new(texts[Phrases.WhoExchange], Of(AccountKind.Exchange)),
            new(texts[Phrases.WhoCitizens], Of(AccountKind.Citizen)),
            new(texts[Phrases.WhoBridge], Of(AccountKind.BridgeEscrow) + Of(AccountKind.BridgeSigner)),
        ];
        var frame = new ChartFrame(
            "who", texts[Phrases.ChartWho], asset.Definition.Decimals, say.Language);
        return new Section(Phrases.HoldersInstitutions)
        {
            // The other parts and what is outstanding would give the citizens' away: all or none.
            Charts = count.HasFewCitizens
                ? []
                : [CompositionChart.Of(frame, [.. parts.Where(static part => part.Value != 0)])],
            Table = new SheetTable(
                [Phrases.Account, Phrases.Kind, Phrases.Balance, Phrases.ChartShare],
                [.. count.Named.Select(n => (IReadOnlyList<Markup>)
                [
                    say.Account(n.Balance.Account),
                    Markup.Text(texts[Names.Of(n.Account.Kind)]),
                    say.Exact(n.Balance.Amount, asset),
                    Markup.Value(NumberText.Percent(n.Balance.Amount.Units, asset.Supply.Units)),
                ])]),
            Notes =
            [
                .. count.NamedCount > (ulong)count.Named.Count
                    ? (Markup[])[say.Say(Phrases.HoldersMany, ("count", say.Count((ulong)count.Named.Count)))]
                    : [],
                .. count.HasFewCitizens
                    ? (Markup[])[say.Say(Phrases.ChartFewHolders, ("count", say.Count(HolderRanges.Fewest)))]
                    : [],
            ],
        };
    }

    private static Section Citizens(Wording say, AssetRow asset, HolderCount count) =>
        new(Phrases.HoldersCitizens)
        {
            Charts =
            [
                HolderRanges.Of(
                    new ChartFrame(
                        "citizens", say.Texts[Phrases.ChartHolders], asset.Definition.Decimals, say.Language),
                    count.Citizens),
            ],
        };
}
