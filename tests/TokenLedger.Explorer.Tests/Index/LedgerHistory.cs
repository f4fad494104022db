// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Explorer.Index;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Index;

/// <summary>The balances of a ledger's own state after each of its blocks.</summary>
internal sealed class LedgerHistory
{
    private readonly List<IReadOnlyList<BalanceRow>> _balances = [];

    /// <summary>Notes the state now, and after every block to come.</summary>
    public void Follow(TestLedger ledger)
    {
        Note(ledger);
        Action<IReadOnlyList<VerifiedTransaction>, Execution.ExecutedBlock>? before = ledger.Executed;
        ledger.Executed = (transactions, block) =>
        {
            before?.Invoke(transactions, block);
            Note(ledger);
        };
    }

    /// <summary>Supplies, holders and accounts' balances at every height.</summary>
    public async Task RequireSameAsync(IIndexView view, int page)
    {
        IReadOnlyList<AssetRow> assets = await view.AssetsAsync(null, Limits.PageRows, default);
        for (int at = 0; at < _balances.Count; at++)
        {
            var height = new Height((ulong)at);
            IReadOnlyList<BalanceRow> all = _balances[at];
            foreach (AssetRow asset in assets)
            {
                BalanceRow[] holders =
                    [.. all.Where(row => row.Asset == asset.Id).OrderBy(static row => row.Account)];
                Assert.Equal(holders, await HoldersAsync(view, asset.Id, height, page));
                SupplyRow? supply = await view.FindSupplyAtAsync(asset.Id, height, default);
                Assert.Equal(
                    (holders.Aggregate(Amount.Zero, static (sum, row) => sum + row.Amount),
                        (ulong)holders.Length),
                    (supply?.Supply ?? Amount.Zero, supply?.Holders ?? 0));
            }

            foreach (IGrouping<Address, BalanceRow> account in all.GroupBy(static row => row.Account))
            {
                Assert.Equal(account, await view.BalancesAtAsync(
                    account.Key, height, null, Limits.PageRows, default));
            }
        }
    }

    private static async Task<IReadOnlyList<BalanceRow>> HoldersAsync(
        IIndexView view, AssetId asset, Height at, int page)
    {
        var rows = new List<BalanceRow>();
        Address? after = null;
        do
        {
            PastHolders some = await view.HoldersAtAsync(asset, at, after, page, default);
            Assert.True(some.Rows.Count <= page);
            rows.AddRange(some.Rows);
            after = some.Next;
        }
        while (after is not null);

        return rows;
    }

    private void Note(TestLedger ledger)
    {
        Invariant.Require((int)ledger.Height.Value == _balances.Count, "every height is noted once");
        var now = new List<BalanceRow>();
        StateRows.Each(ledger.State, Table.Balance, (key, value) =>
        {
            AssetId.TryRead(key[(1 + Address.Size)..], out AssetId asset);
            Amount amount = StateCodec.Decode(value, StateCodec.ReadAmount);
            now.Add(new BalanceRow(new Address(key.Slice(1, Address.Size)), asset, amount));
        });
        _balances.Add(now);
    }
}
