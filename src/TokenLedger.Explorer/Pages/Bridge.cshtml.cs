// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>Bridges to other chains, what is locked for them here, and what happened on them.</summary>
internal sealed class BridgePage(Site site) : ExplorerPage(site)
{
    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        var lanes = new List<(LaneRow Row, IReadOnlyList<BalanceRow> Locked)>();
        foreach (LaneRow row in await request.View.LanesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (row.OpenedAt <= request.Until)
            {
                lanes.Add((row, await LockedAsync(request, row, cancellationToken).ConfigureAwait(false)));
            }
        }

        IReadOnlyList<EventRow> events = await request.View.BridgeEventsAsync(
            request.Before("before"), Listing.PageRowsAndOne, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Markup> sentences = await EventList
            .SentencesAsync(request, events.Shown(), cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Section> sections = await request.Say.Names.WriteAsync<IReadOnlyList<Section>>(
            () => [.. lanes.Select(lane => SectionOf(request.Say, lane.Row, lane.Locked))], cancellationToken)
            .ConfigureAwait(false);
        return new PageAnswer(
            SheetOf(request, sections, Operations(request, events, sentences)),
            new
            {
                Lanes = lanes.Select(static lane => new { Lane = lane.Row, lane.Locked }),
                Events = events.Shown(),
            })
        {
            Pinning = Pinning.Partly,
            AtNewest = [Unkept.Signers, Unkept.Stops],
            Csv = new CsvTable("bridge", ["height", "event", "kind", "content"], stop => Rows(request, stop)),
        };
    }

    private static ValueTask<IReadOnlyList<BalanceRow>> LockedAsync(
        PageRequest request, LaneRow lane, CancellationToken cancellationToken)
    {
        Address escrow = BridgeEscrow.Of(lane.ChainId);
        return request.At is { } at
            ? request.View.BalancesAtAsync(escrow, at, null, Limits.PageRows, cancellationToken)
            : request.View.BalancesAsync(escrow, null, Limits.PageRows, cancellationToken);
    }

    private static Sheet SheetOf(PageRequest request, IReadOnlyList<Section> lanes, Section operations)
    {
        Texts texts = request.Texts;
        return new Sheet(texts[Phrases.Bridge])
        {
            Lead =
            [
                Markup.Text(texts[Phrases.BridgeLead]),
                Markup.Text(texts[lanes.Count == 0 ? Phrases.BridgeNone : Phrases.BridgeCannot]),
            ],
            Sections = lanes.Count == 0 ? [] : [.. lanes, operations],
        };
    }

    private static Section Operations(
        PageRequest request, IReadOnlyList<EventRow> events, IReadOnlyList<Markup> sentences) =>
        new(Phrases.BridgeOperations)
        {
            Items = sentences,
            NextQuery = events.LastBeforeMore() is { } last
                ? request.QueryWith("before", PageRequest.Place(new(last.Height, last.Index)))
                : null,
        };

    private static Section SectionOf(Wording say, LaneRow lane, IReadOnlyList<BalanceRow> locked) =>
        new(Phrases.BridgeLanes)
        {
            Facts =
            [
                Fact.Of(Phrases.BridgeChain, Wording.Number(lane.ChainId)),
                Fact.Of(Phrases.BridgeContract, Wording.Whole(Crypto.Eip55.Format(lane.Contract))),
                Fact.Of(Phrases.BridgeOpened, say.Proposal(lane.Proposal)),
                Fact.Of(Phrases.Since, say.Time(lane.Opened)),
                Fact.Of(Phrases.BridgeSigners, say.Count(lane.Signers)),
                Fact.Of(Phrases.Status, Status(say, lane)),
                Fact.Of(Phrases.BridgeEscrowAccount, say.Account(BridgeEscrow.Of(lane.ChainId))),
            ],
            Table = new SheetTable(
                [Phrases.Asset, Phrases.BridgeLocks],
                [.. locked.Select(row => (IReadOnlyList<Markup>)
                    [say.Asset(row.Asset), say.Exact(row.Amount, row.Asset)])]),
        };

    private static Markup Status(Wording say, LaneRow lane) => lane.Stops == BridgeStops.None
        ? Markup.Text(say.Texts[Phrases.BridgeRuns])
        : say.Say(
            Phrases.BridgeStands, ("stops", Markup.Text(Names.Of(lane.Stops, say.Language))),
            ("reason", Wording.Quote(lane.StopReason)), ("time", say.Time(lane.Changed)));

    private static IAsyncEnumerable<IReadOnlyList<string>> Rows(
        PageRequest request, CancellationToken cancellationToken) => Listing.AllAsync<EventRow>(
            (last, limit) => request.View.BridgeEventsAsync(
                last is null ? request.End : new EventPlace(last.Height, last.Index), limit,
                cancellationToken),
            cancellationToken)
            .Select(static row => (IReadOnlyList<string>)
            [
                CsvCells.Of(row.Height.Value), CsvCells.Of(row.Index), row.Kind,
                JsonSerializer.Serialize(row.Record.Event, PageJson.Options),
            ]);
}
