// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.State;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>Bridges to other chains, and what is locked for them here.</summary>
internal sealed class BridgePage(Site site) : ExplorerPage(site)
{
    // Lanes are opened by proposals, and there is no register of them in the index.
    private const int LookedThrough = 4 * Limits.PageRows;

    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        var lanes = new List<OpenedLane>();
        int looked = 0;
        await foreach (ProposalRow proposal in Listing.AllAsync<ProposalRow>(
            (last, limit) => request.View.ProposalsAsync(last?.Id, limit, cancellationToken),
            cancellationToken).Take(LookedThrough).ConfigureAwait(false))
        {
            looked++;
            if (proposal.Status != ProposalStatus.Executed)
            {
                continue;
            }

            foreach (OpenBridgeLane lane in proposal.Payload.OfType<OpenBridgeLane>())
            {
                IReadOnlyList<BalanceRow> locked = await request.View.BalancesAsync(
                    BridgeEscrow.Of(lane.ChainId), null, Limits.PageRows, cancellationToken)
                    .ConfigureAwait(false);
                lanes.Add(new OpenedLane(proposal, lane, locked));
            }
        }

        Sheet sheet = await request.Say.Names.WriteAsync(
            () => SheetOf(request, lanes, looked), cancellationToken).ConfigureAwait(false);
        return new PageAnswer(
            sheet,
            lanes.Select(static l => new { Proposal = l.Proposal.Id, l.Lane, l.Locked }));
    }

    private static Sheet SheetOf(PageRequest request, List<OpenedLane> lanes, int looked)
    {
        Wording say = request.Say;
        Texts texts = request.Texts;
        return new Sheet(texts[Phrases.Bridge])
        {
            Lead =
            [
                Markup.Text(texts[Phrases.BridgeLead]),
                Markup.Text(texts[lanes.Count == 0 ? Phrases.BridgeNone : Phrases.BridgeCannot]),
                .. looked < LookedThrough
                    ? (Markup[])[]
                    : [say.Say(Phrases.BridgeLooked, ("count", say.Count(LookedThrough)))],
            ],
            Sections =
            [
                .. lanes.Select(l => new Section(Phrases.BridgeLanes)
                {
                    Facts = Facts(say, l.Proposal, l.Lane),
                    Table = new SheetTable(
                        [Phrases.Asset, Phrases.BridgeLocks],
                        [.. l.Locked.Select(row => (IReadOnlyList<Markup>)
                            [say.Asset(row.Asset), say.Exact(row.Amount, row.Asset)])]),
                }),
            ],
        };
    }

    private static IReadOnlyList<Fact> Facts(Wording say, ProposalRow proposal, OpenBridgeLane lane) =>
    [
        Fact.Of(Phrases.BridgeChain, Wording.Number(lane.ChainId)),
        Fact.Of(Phrases.BridgeContract, Wording.Whole(Crypto.Eip55.Format(lane.Contract))),
        Fact.Of(Phrases.BridgeOpened, say.Proposal(proposal.Id)),
        Fact.Of(Phrases.BridgeSigners, say.Count((ulong)lane.Signers.Length)),
        Fact.Of(Phrases.BridgeEscrowAccount, say.Account(BridgeEscrow.Of(lane.ChainId))),
    ];

    private sealed record OpenedLane(
        ProposalRow Proposal, OpenBridgeLane Lane, IReadOnlyList<BalanceRow> Locked);
}
