// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.State;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>Proposals, newest first.</summary>
internal sealed class ProposalsPage(Site site) : ExplorerPage(site)
{
    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<ProposalRow> rows = await ProposalThen.ListAsync(
            request, request.WholeInQuery("before"), Listing.PageRowsAndOne, cancellationToken)
            .ConfigureAwait(false);
        Wording say = request.Say;
        var sentence = new OperationSentence(say);
        SheetTable table = await say.Names.WriteAsync(
            () => new SheetTable(
                [
                    Phrases.Number, Phrases.What, Phrases.Reason, Phrases.Status, Phrases.Approvals,
                    Phrases.Opened,
                ],
                [.. rows.Shown().Select(row => (IReadOnlyList<Markup>)
                [
                    say.Proposal(row.Id),
                    Markup.Join(" ", row.Payload.Select(sentence.Of)),
                    Wording.Quote(row.Reason),
                    Markup.Text(request.Texts[StatusOf(row, request.Moment)]),
                    say.Count(row.Approvals),
                    say.Time(row.OpenedTime),
                ])]),
            cancellationToken).ConfigureAwait(false);
        return new PageAnswer(
            new Sheet(request.Texts[Phrases.Proposals])
            {
                Lead = [Markup.Text(request.Texts[Phrases.ProposalsLead])],
                Sections =
                [
                    new Section(Phrases.Proposals)
                    {
                        Table = table,
                        NextQuery = rows.LastBeforeMore() is { } last
                            ? request.QueryWith("before", CsvCells.Of(last.Id))
                            : null,
                    },
                ],
            },
            rows.Shown())
        {
            Pinning = Pinning.Whole,
            Csv = new CsvTable(
                "proposals",
                [
                    "id", "opened", "maker", "institution", "kinds", "reason", "status", "approvals",
                    "changed", "payload_hash",
                ],
                stop => Rows(request, stop)),
        };
    }

    /// <summary>Where a proposal stands; an open one whose time is over is expired.</summary>
    public static Phrase StatusOf(ProposalRow row, TimestampMs now) =>
        row.Status == ProposalStatus.Open && row.Expires < now
            ? Phrases.ProposalExpired
            : Names.Of(row.Status);

    private static IAsyncEnumerable<IReadOnlyList<string>> Rows(
        PageRequest request, CancellationToken cancellationToken) => Listing.AllAsync<ProposalRow>(
            (last, limit) => ProposalThen.ListAsync(request, last?.Id, limit, cancellationToken),
            cancellationToken)
            .Select(row => (IReadOnlyList<string>)
            [
                CsvCells.Of(row.Id), CsvCells.Of(row.OpenedTime), CsvCells.Of(row.Maker),
                CsvCells.Of(row.Institution),
                string.Join(' ', row.Payload.Select(static operation => operation.Kind.ToString())),
                row.Reason, StatusOf(row, request.Moment).English, CsvCells.Of(row.Approvals),
                CsvCells.Of(row.Changed), row.PayloadHash.ToString(),
            ]);
}
