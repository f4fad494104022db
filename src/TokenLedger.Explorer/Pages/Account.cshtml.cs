// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>An account: whose kind it is, what it holds, and how that came.</summary>
internal sealed class AccountPage(Site site) : ExplorerPage(site)
{
    private const int ShownBalances = 200;

    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        IIndexView view = request.View;
        Address address = request.AddressInPath("address");
        AccountRow? account = await view.FindAccountAsync(address, cancellationToken).ConfigureAwait(false);
        OfficerRow? officer = await view.FindOfficerAsync(address, cancellationToken).ConfigureAwait(false);
        if (account is null && officer is null)
        {
            return request.Say.Names.Institutions.ContainsKey(address)
                ? new PageAnswer(new Sheet(""), new { })
                {
                    RedirectTo = SitePaths.Institution(address, Language),
                }
                : throw Problems.Unknown(Phrases.Account, request.Path("address"), Language);
        }

        if (officer is null && account is not null)
        {
            request.RequireThen(
                Phrases.Account, Wording.Short(CsvCells.Of(address)), account.RegisteredAt);
        }

        // One more, to know whether there are more.
        IReadOnlyList<BalanceRow> balances = request.At is { } at
            ? await view.BalancesAtAsync(address, at, null, ShownBalances + 1, cancellationToken)
                .ConfigureAwait(false)
            : await view.BalancesAsync(address, null, ShownBalances + 1, cancellationToken)
                .ConfigureAwait(false);
        IReadOnlyList<PostingRow> postings = await view.PostingsAsync(
            address, PostingPlace.After(request, address), Listing.PageRowsAndOne, cancellationToken)
            .ConfigureAwait(false);
        Sheet sheet = await request.Say.Names.WriteAsync(
            () => SheetOf(request, address, account, officer, balances, postings), cancellationToken)
            .ConfigureAwait(false);
        return new PageAnswer(
            sheet,
            new
            {
                Address = address,
                Account = account,
                Officer = officer,
                Balances = balances.Take(ShownBalances),
                Movements = postings.Shown(),
            })
        {
            Pinning = Pinning.Partly,
            AtNewest = [Unkept.Freeze, Unkept.TagRequired, Unkept.Officer],
            Csv = new CsvTable(
                "account-" + CsvCells.Of(address),
                [
                    "height", "event", "time", "transaction", "kind", "asset", "amount", "balance_after",
                    "counterparty",
                ],
                stop => Rows(request, address, stop)),
        };
    }

    private static Sheet SheetOf(
        PageRequest request, Address address, AccountRow? account, OfficerRow? officer,
        IReadOnlyList<BalanceRow> balances, IReadOnlyList<PostingRow> postings)
    {
        Wording say = request.Say;
        string text = CsvCells.Of(address);
        string name = say.Names.Account(address, say.Language) ?? Wording.Short(text);
        return new Sheet(say.Texts.Plain(Phrases.AccountTitle, ("address", name)))
        {
            Lead = [.. AccountWords.Lead(say, account, officer)],
            Facts =
            [
                Fact.Of(Phrases.Address, Wording.Whole(text)),
                .. account is { FreezeDocument.IsZero: false }
                    ? (Fact[])[Fact.Of(
                        Phrases.FreezeOrder, Wording.Whole(account.FreezeDocument.ToString()))]
                    : [],
            ],
            Sections =
            [
                new Section(Phrases.Balances)
                {
                    Table = Balances(request, balances),
                    Notes = balances.Count > ShownBalances
                        ? [say.Say(Phrases.BalancesMore, ("count", say.Count(ShownBalances)))]
                        : [],
                },
                new Section(Phrases.History)
                {
                    Table = new SheetTable(
                        [Phrases.Time, Phrases.Asset, Phrases.Amount, Phrases.What, Phrases.BalanceAfter],
                        [.. postings.Shown().Select(row => AccountWords.Row(say, row))]),
                    NextQuery = postings.LastBeforeMore() is { } last
                        ? request.QueryWith("after", PostingPlace.Of(last))
                        : null,
                },
            ],
            ShowsJson = true,
        };
    }

    // A node proves the newest blocks' balances only: an older one has no proof beside it.
    private static SheetTable Balances(PageRequest request, IReadOnlyList<BalanceRow> balances)
    {
        Wording say = request.Say;
        IReadOnlyList<Phrase> headers = [Phrases.Asset, Phrases.Balance];
        bool isProvable = request.View.Cursor.Height.Value - request.Until.Value < Limits.RetainedHeads;
        return new SheetTable(
            isProvable ? [.. headers, Phrases.Proof] : headers,
            [.. balances.Take(ShownBalances).Select(row => (IReadOnlyList<Markup>)
            [
                say.Asset(row.Asset),
                say.Exact(row.Amount, row.Asset),
                .. isProvable
                    ? (Markup[])[say.Proof(
                        SitePaths.VerifyBalance(row.Account, row.Asset, request.At, say.Language))]
                    : [],
            ])]);
    }

    private static async IAsyncEnumerable<IReadOnlyList<string>> Rows(
        PageRequest request, Address address,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var assets = new Dictionary<AssetId, AssetRow?>();
        await foreach (PostingRow row in Listing.AllAsync<PostingRow>(
            (last, limit) => request.View.PostingsAsync(
                address, last ?? PostingPlace.Behind(request.End, address), limit, cancellationToken),
            cancellationToken).ConfigureAwait(false))
        {
            if (!assets.TryGetValue(row.Asset, out AssetRow? asset))
            {
                asset = await request.View.FindAssetAsync(row.Asset, cancellationToken).ConfigureAwait(false);
                assets.Add(row.Asset, asset);
            }

            yield return
            [
                CsvCells.Of(row.Place.Height.Value), CsvCells.Of(row.Place.Index), CsvCells.Of(row.Time),
                row.TransactionIndex == EventRecord.Housekeeping ? "" : CsvCells.Of(row.TransactionIndex),
                row.Kind.ToString(), row.Asset.ToString(), CsvCells.Of(row.Amount, asset),
                CsvCells.Of(row.BalanceAfter, asset), CsvCells.Of(row.Counterparty),
            ];
        }
    }
}
