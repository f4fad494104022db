// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Codec;
using TokenLedger.Core.State;
using TokenLedger.Explorer.Index;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Index;

/// <summary>Every row of an index against the ledger's own state at the same height.</summary>
internal static class LedgerComparison
{
    private const int Page = 7;

    public static async Task RequireSameAsync(IIndexView view, TestLedger ledger)
    {
        Assert.Equal(ledger.Height, view.Cursor.Height);
        await BalancesAsync(view, ledger);
        await AssetsAsync(view, ledger);
        await AccountsAsync(view, ledger);
        await InstitutionsAsync(view, ledger);
        await ProposalsAsync(view, ledger);
        await LanesAsync(view, ledger);
        Assert.Empty(await ProofOfProjection.ProblemsAsync(view, default));
    }

    private static async Task BalancesAsync(IIndexView view, TestLedger ledger)
    {
        var state = new List<BalanceRow>();
        Each(ledger, Table.Balance, StateCodec.ReadAmount, (key, amount) =>
        {
            AssetId.TryRead(key[(1 + Address.Size)..], out AssetId asset);
            state.Add(new BalanceRow(new Address(key.Slice(1, Address.Size)), asset, amount));
        });
        foreach (IGrouping<Address, BalanceRow> account in state.GroupBy(static row => row.Account))
        {
            Assert.Equal(account, await Pages<BalanceRow>((last, limit) =>
                view.BalancesAsync(account.Key, last?.Asset, limit, default)));
            Assert.Equal(account, await Pages<BalanceRow>((last, limit) =>
                view.BalancesAtAsync(account.Key, view.Cursor.Height, last?.Asset, limit, default)));
        }

        foreach (AssetRow asset in await Pages<AssetRow>((last, limit) =>
            view.AssetsAsync(last?.Id, limit, default)))
        {
            IReadOnlyList<BalanceRow> holders = await Pages<BalanceRow>((last, limit) =>
                view.HoldersAsync(asset.Id, last, limit, default));
            Assert.Equal(
                state.Where(row => row.Asset == asset.Id)
                    .OrderByDescending(static row => row.Amount).ThenBy(static row => row.Account),
                holders);
        }

        Assert.NotEmpty(state);
    }

    private static async Task AssetsAsync(IIndexView view, TestLedger ledger)
    {
        var state = new List<AssetState>();
        Each(ledger, Table.Asset, StateCodec.ReadAsset, (_, asset) => state.Add(asset));
        IReadOnlyList<AssetRow> rows = await Pages<AssetRow>((last, limit) =>
            view.AssetsAsync(last?.Id, limit, default));
        Assert.Equal(
            state, rows.Select(row => new AssetState(row.Definition, row.Cap, row.Paused, row.Documents)));
        foreach (AssetRow row in rows)
        {
            Assert.Equal(ledger.View.Supply(row.Id), row.Supply);
            IReadOnlyList<DocumentRow> documents = await view.DocumentsAsync(row.Id, default);
            Assert.Equal(ledger.View.Documents(row.Id), documents.Select(document => document.Document));
            Assert.Equal(row, await view.FindAssetAsync(row.Id, default));
        }
    }

    private static async Task AccountsAsync(IIndexView view, TestLedger ledger)
    {
        var state = new List<(Address, AccountState)>();
        Each(ledger, Table.Account, StateCodec.ReadAccount, (key, account) =>
            state.Add((new Address(key[1..]), account)));
        IReadOnlyList<AccountRow> rows = await Pages<AccountRow>((last, limit) =>
            view.AccountsAsync(last?.Account, limit, default));
        Assert.Equal(state, rows.Select(row => (row.Account, new AccountState(
            row.Kind, row.Institution, row.Registrar, row.Freeze, row.LegalReference,
            row.TagRequired))));
        Assert.Equal((ulong)rows.Count, view.Cursor.Counts.Accounts);
        Assert.Equal(
            rows.Where(static row => row.Freeze != Core.Ledger.FreezeMode.None),
            await Pages<AccountRow>((last, limit) => view.FrozenAsync(last?.Account, limit, default)));
    }

    private static async Task InstitutionsAsync(IIndexView view, TestLedger ledger)
    {
        var state = new List<(Address, OfficerState)>();
        Each(ledger, Table.Officer, StateCodec.ReadOfficer, (key, officer) =>
            state.Add((new Address(key[1..]), officer)));
        var rows = new List<OfficerRow>();
        foreach (InstitutionRow institution in await view.InstitutionsAsync(default))
        {
            InstitutionState known = ledger.View.Institution(institution.Institution)!;
            Assert.Equal(
                (known.Kind, known.Name, known.NameUrdu),
                (institution.Kind, institution.Name, institution.NameUrdu));
            rows.AddRange(await Pages<OfficerRow>((last, limit) =>
                view.OfficersAsync(institution.Institution, last?.Officer, limit, default)));
        }

        Assert.Equal(
            state,
            rows.OrderBy(static row => row.Officer).Select(static row =>
                (row.Officer, new OfficerState(row.Institution, row.Duties, row.Name))));
    }

    private static async Task ProposalsAsync(IIndexView view, TestLedger ledger)
    {
        var state = new List<(ulong, ProposalState)>();
        for (ulong id = ledger.View.NextProposal() - 1; id > 0; id--)
        {
            state.Add((id, ledger.View.Proposal(id)!));
        }

        var rows = new List<(ulong, ProposalState)>();
        foreach (ProposalRow row in await Pages<ProposalRow>((last, limit) =>
            view.ProposalsAsync(last?.Id, limit, default)))
        {
            IReadOnlyList<ApprovalRow> approvals = await Pages<ApprovalRow>((last, limit) =>
                view.ApprovalsAsync(row.Id, last?.Place, limit, default));
            Assert.Equal(row.Approvals, (uint)approvals.Count);
            rows.Add((row.Id, new ProposalState(
                row.Maker, row.Institution, row.Payload, row.PayloadHash, row.Reason, row.OpenedTime,
                row.Expires, row.Status, row.ExecuteAt,
                [.. approvals.Select(static approval => approval.Officer)])));
        }

        Assert.Equal(state, rows);
        Assert.Equal((ulong)rows.Count, view.Cursor.Counts.Proposals);
    }

    private static async Task LanesAsync(IIndexView view, TestLedger ledger)
    {
        foreach (LaneRow row in await view.LanesAsync(default))
        {
            BridgeLaneState state = ledger.View.BridgeLane(row.ChainId)!;
            Assert.Equal(
                (state.Terms.Contract, state.Epoch, (uint)state.Signers.Length, state.Stops),
                (row.Contract, row.Epoch, row.Signers, row.Stops));
        }
    }

    /// <summary>All rows of a listing, in small pages.</summary>
    public static async Task<IReadOnlyList<T>> Pages<T>(
        Func<T?, int, ValueTask<IReadOnlyList<T>>> read)
        where T : class
    {
        var all = new List<T>();
        while (true)
        {
            IReadOnlyList<T> page = await read(all.LastOrDefault(), Page);
            all.AddRange(page);
            if (page.Count < Page)
            {
                return all;
            }
        }
    }

    private delegate void Visit<T>(ReadOnlySpan<byte> key, T value);

    private static void Each<T>(TestLedger ledger, Table table, CanonicalRead<T> read, Visit<T> visit) =>
        StateRows.Each(ledger.State, table, (key, value) => visit(key, StateCodec.Decode(value, read)));
}
