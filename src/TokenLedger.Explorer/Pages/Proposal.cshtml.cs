// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.State;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>A proposal: what it does, who approved it, and when.</summary>
internal sealed class ProposalPage(Site site) : ExplorerPage(site)
{
    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        ulong id = request.WholeInPath("id");
        ProposalRow proposal = await request.View.FindProposalAsync(id, cancellationToken)
            .ConfigureAwait(false) ?? throw Problems.Unknown(Phrases.Proposal, $"{id}", Language);

        request.RequireThen(Phrases.Proposal, $"{id}", proposal.Opened.Height);

        // At most as many as a proposal can have, and that is less than a page.
        IReadOnlyList<ApprovalRow> all = await request.View
            .ApprovalsAsync(id, null, Limits.PageRows, cancellationToken).ConfigureAwait(false);
        proposal = ProposalThen.Of(proposal, all, request.Until);
        ApprovalRow[] approvals = [.. all.Where(row => row.Place.Height <= request.Until)];
        Sheet sheet = await request.Say.Names.WriteAsync(
            () => SheetOf(request, proposal, approvals), cancellationToken).ConfigureAwait(false);
        return new PageAnswer(sheet, new { Proposal = proposal, Approvals = approvals })
        {
            Pinning = Pinning.Whole,
        };
    }

    private static Sheet SheetOf(
        PageRequest request, ProposalRow proposal, IReadOnlyList<ApprovalRow> approvals)
    {
        Wording say = request.Say;
        Texts texts = request.Texts;
        var sentence = new OperationSentence(say);
        return new Sheet(texts.Plain(Phrases.ProposalTitle, ("id", $"{proposal.Id}")))
        {
            Lead = [.. Lead(request, proposal)],
            Facts =
            [
                Fact.Of(Phrases.Reason, Wording.Quote(proposal.Reason)),
                Fact.Of(Phrases.Expires, say.Time(proposal.Expires)),
                Fact.Of(Phrases.LastChange, say.Time(proposal.Changed)),
                Fact.Of(Phrases.PayloadHash, Wording.Whole(proposal.PayloadHash.ToString())),
            ],
            Sections =
            [
                new Section(Phrases.Operations) { Items = [.. proposal.Payload.Select(sentence.Of)] },
                new Section(Phrases.Approvals)
                {
                    Notes = [Markup.Text(texts[Phrases.ProposalRules])],
                    Table = new SheetTable(
                        [Phrases.Officer, Phrases.Institution, Phrases.Time, Phrases.Event],
                        [.. approvals.Select(row => (IReadOnlyList<Markup>)
                        [
                            say.Account(row.Officer), say.Institution(row.Institution), say.Time(row.Time),
                            Markup.Link(
                                SitePaths.Event(row.Place, say.Language),
                                Markup.Value(PageRequest.Place(row.Place))),
                        ])]),
                },
            ],
            ShowsJson = true,
        };
    }

    private static IEnumerable<Markup> Lead(PageRequest request, ProposalRow proposal)
    {
        Wording say = request.Say;
        var sentence = new OperationSentence(say);
        yield return Markup.Concat(
        [
            say.Say(
                Phrases.ProposalLead, ("maker", say.Account(proposal.Maker)),
                ("time", say.Time(proposal.OpenedTime))),
            Markup.Text(" "),
            .. proposal.Payload.Take(1).Select(sentence.Of),
        ]);
        yield return say.Say(
            Phrases.ProposalStands,
            ("status", Markup.Text(say.Texts[ProposalsPage.StatusOf(proposal, request.Moment)])),
            ("count", say.Count(proposal.Approvals)));
        if (proposal.Status == ProposalStatus.Scheduled)
        {
            yield return say.Say(Phrases.ProposalWaits, ("time", say.Time(proposal.ExecuteAt)));
        }

        if (!proposal.CancelledBy.IsZero)
        {
            yield return say.Say(
                Phrases.ProposalWithdrawnBy, ("officer", say.Account(proposal.CancelledBy)),
                ("reason", Wording.Quote(proposal.CancelReason)));
        }

        if (proposal.Failure is { } failure)
        {
            yield return say.Say(
                Phrases.ProposalFailedBecause, ("code", Markup.Value(RejectionCodes.Name(failure))));
        }
    }
}
