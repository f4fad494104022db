// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Charts;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>An asset: its terms, its documents, and how much of it there was when.</summary>
internal sealed class AssetPage(Site site) : ExplorerPage(site)
{
    private const ulong DayMs = 24 * 3600 * 1000;

    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        IIndexView view = request.View;
        AssetId id = request.AssetInPath("asset");
        AssetRow asset = await request.AssetThenAsync(id, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<DocumentRow> documents = await request.DocumentsAsync(id, cancellationToken)
            .ConfigureAwait(false);
        asset = asset with { Documents = (ushort)documents.Count };
        uint lastDay = LastDay(request);
        IReadOnlyList<DayRow> days = await view
            .DaysAsync(id, lastDay, Limits.PageRows, cancellationToken).ConfigureAwait(false);
        Wording say = request.Say;
        return new PageAnswer(
            new Sheet($"{id} · {NameBook.NameOf(asset, Language)}")
            {
                Lead = [.. Lead(request, asset)],
                Facts = [.. Facts(request, asset)],
                Sections =
                [
                    new Section(Phrases.WhoHolds)
                    {
                        More = Markup.Link(
                            SitePaths.Holders(id, Language) + request.QueryWith(),
                            Markup.Text(request.Texts[Phrases.Holders])),
                    },
                    OverTime(request, asset, days),
                    new Section(Phrases.Terms) { Facts = [.. AssetTermsWords.Facts(say, asset)] },
                    new Section(Phrases.Documents)
                    {
                        Notes = [Markup.Text(request.Texts[Phrases.DocumentsNote])],
                        Table = AssetTermsWords.Documents(say, documents),
                    },
                ],
                ShowsJson = true,
            },
            new { Asset = asset, Documents = documents, Days = days })
        {
            Pinning = Pinning.Partly,
            AtNewest = [Unkept.Cap, Unkept.Paused],
            Csv = new CsvTable(
                "days-" + id,
                ["day", "issued", "cancelled", "moved", "transfers", "outstanding"],
                stop => Rows(request, asset, lastDay, stop))
            {
                IsPinned = false,
            },
        };
    }

    // A day's row grows until the day is over: an earlier state has the days that had ended, which are the
    // same whenever they are asked for.
    private static uint LastDay(PageRequest request) => request.At is null
        ? uint.MaxValue
        : (uint)Math.Max(1, request.Moment.Value / DayMs) - 1;

    private static IEnumerable<Fact> Facts(PageRequest request, AssetRow asset)
    {
        yield return Fact.Of(Phrases.Supply, request.Say.Exact(asset.Supply, asset));
        if (request.At is null)
        {
            yield return Fact.Of(
                Phrases.Proof, request.Say.Proof(SitePaths.VerifySupply(asset.Id, request.Language)));
        }
    }

    private static IEnumerable<Markup> Lead(PageRequest request, AssetRow asset)
    {
        Wording say = request.Say;
        if (request.At < asset.CreatedAt)
        {
            yield return say.Say(
                Phrases.AssetNotYet, ("asset", say.Asset(asset.Id)), ("created", say.Block(asset.CreatedAt)));
        }

        AssetDefinition definition = asset.Definition;
        yield return say.Say(
            Phrases.AssetLead, ("issuer", say.Institution(definition.Issuer)), ("asset", say.Asset(asset.Id)),
            ("class", Markup.Text(say.Texts[Names.Of(definition.Class)])),
            ("supply", say.Amount(asset.Supply, asset.Id)), ("cap", say.Amount(asset.Cap, asset.Id)),
            ("holders", say.Count(asset.Holders)));
        yield return say.Say(
            Phrases.AssetValue, ("unit", say.Dollars(definition.UnitValueMicroUsd)),
            ("value", say.Dollars(Portfolio.Value(definition, asset.Supply))));
        if (asset.Paused)
        {
            yield return say.Say(Phrases.AssetIsPaused, ("reason", Wording.Quote(asset.PauseReason)));
        }
    }

    // Issued in all up to a day is what is outstanding and what was cancelled; the first day drawn begins
    // with what there was before it.
    private static Section OverTime(PageRequest request, AssetRow asset, IReadOnlyList<DayRow> days)
    {
        Texts texts = request.Texts;
        var issued = new List<TimePoint>();
        var outstanding = new List<TimePoint>();
        UInt128 sum = days.Count == 0 ? 0 : (days[^1].Supply + days[^1].Burned - days[^1].Issued).Units;
        foreach (DayRow day in days.Reverse())
        {
            sum = UInt128.MaxValue - sum < day.Issued.Units ? UInt128.MaxValue : sum + day.Issued.Units;
            issued.Add(new TimePoint(day.Day * DayMs, sum));
            outstanding.Add(new TimePoint(day.Day * DayMs, day.Supply.Units));
        }

        var frame = new ChartFrame(
            "supply", texts[Phrases.ChartSupply], asset.Definition.Decimals, request.Language)
        {
            IsByDay = true,
        };
        return new Section(Phrases.OverTime)
        {
            Charts =
            [
                TimeChart.Of(
                    frame,
                    [
                        new TimeSeries(texts[Phrases.ChartOutstanding], outstanding),
                        new TimeSeries(texts[Phrases.ChartIssued], issued),
                    ]),
            ],
            Notes = days.Count < Limits.PageRows
                ? []
                : [request.Say.Say(Phrases.OverTimeCut, ("count", request.Say.Count(Limits.PageRows)))],
        };
    }

    private static IAsyncEnumerable<IReadOnlyList<string>> Rows(
        PageRequest request, AssetRow asset, uint lastDay, CancellationToken cancellationToken) =>
        Listing.AllAsync<DayRow>(
            (last, limit) => last?.Day == 0
                ? ValueTask.FromResult<IReadOnlyList<DayRow>>([])
                : request.View.DaysAsync(
                    asset.Id, last is null ? lastDay : last.Day - 1, limit, cancellationToken),
            cancellationToken)
            .Select(row => (IReadOnlyList<string>)
            [
                DateTime.UnixEpoch.AddDays(row.Day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                CsvCells.Of(row.Issued, asset), CsvCells.Of(row.Burned, asset),
                CsvCells.Of(row.Transferred, asset), CsvCells.Of(row.Transfers),
                CsvCells.Of(row.Supply, asset),
            ]);
}
