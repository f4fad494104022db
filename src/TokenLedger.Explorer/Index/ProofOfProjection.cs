// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Explorer.Index;

/// <summary>
/// Checks an index against itself at one height: the holders of each asset, summed up, have its supply, they
/// are as many as it counts, and each of them and the asset have what their own histories say. So have the
/// balances by account, of which there are as many.
/// </summary>
internal static class ProofOfProjection
{
    /// <summary>What does not fit, a sentence each; empty when all does.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(
        IIndexView view, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        Dictionary<AssetId, ulong> counts = await CheckBalancesAsync(view, problems, cancellationToken)
            .ConfigureAwait(false);
        AssetId? last = null;
        while (true)
        {
            IReadOnlyList<AssetRow> assets = await view.AssetsAsync(last, Limits.PageRows, cancellationToken)
                .ConfigureAwait(false);
            foreach (AssetRow asset in assets)
            {
                await CheckAsync(view, asset, problems, cancellationToken).ConfigureAwait(false);
                counts.Remove(asset.Id, out ulong count);
                if (count != asset.Holders)
                {
                    problems.Add(
                        $"{count} accounts have a balance of {asset.Id}; it has {asset.Holders} holders.");
                }

                last = asset.Id;
            }

            if (assets.Count < Limits.PageRows)
            {
                problems.AddRange(counts.Keys.Select(
                    static asset => $"There are balances of {asset}, and no such asset."));
                return problems;
            }
        }
    }

    /// <summary>Compares what account pages show with the histories.</summary>
    /// <returns>How many balances there are of each asset.</returns>
    private static async Task<Dictionary<AssetId, ulong>> CheckBalancesAsync(
        IIndexView view, List<string> problems, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<AssetId, ulong>();
        IReadOnlyList<BalanceRow> balances = [];
        do
        {
            balances = await view.AllBalancesAsync(
                balances is [.., var last] ? last : null, Limits.PageRows, cancellationToken)
                .ConfigureAwait(false);
            foreach (BalanceRow balance in balances)
            {
                counts[balance.Asset] = counts.GetValueOrDefault(balance.Asset) + 1;
                await CheckHistoryAsync(view, balance, problems, cancellationToken).ConfigureAwait(false);
            }
        }
        while (balances.Count == Limits.PageRows);
        return counts;
    }

    private static async Task CheckHistoryAsync(
        IIndexView view, BalanceRow row, List<string> problems, CancellationToken cancellationToken)
    {
        Amount own = await view
            .BalanceAtAsync(row.Account, row.Asset, view.Cursor.Height, cancellationToken)
            .ConfigureAwait(false);
        if (own != row.Amount)
        {
            problems.Add($"{row.Account} holds {row.Amount} of {row.Asset}; its history says {own}.");
        }
    }

    private static async Task CheckAsync(
        IIndexView view, AssetRow asset, List<string> problems, CancellationToken cancellationToken)
    {
        Amount sum = Amount.Zero;
        ulong count = 0;
        BalanceRow? last = null;
        IReadOnlyList<BalanceRow> holders;
        do
        {
            holders = await view.HoldersAsync(asset.Id, last, Limits.PageRows, cancellationToken)
                .ConfigureAwait(false);
            foreach (BalanceRow holder in holders)
            {
                await CheckHistoryAsync(view, holder, problems, cancellationToken).ConfigureAwait(false);
                sum += holder.Amount;
                count++;
                last = holder;
            }
        }
        while (holders.Count == Limits.PageRows);
        SupplyRow? newest = await view.FindSupplyAtAsync(asset.Id, view.Cursor.Height, cancellationToken)
            .ConfigureAwait(false);
        if ((newest?.Supply ?? Amount.Zero, newest?.Holders ?? 0) != (asset.Supply, asset.Holders))
        {
            problems.Add(
                $"{asset.Id} has a supply of {asset.Supply} with {asset.Holders} holders; its history says"
                    + $" {newest?.Supply} with {newest?.Holders}.");
        }

        if (sum != asset.Supply || count != asset.Holders)
        {
            problems.Add(
                $"{count} holders have {sum} of {asset.Id} at height {view.Cursor.Height}; its supply is"
                    + $" {asset.Supply}, of {asset.Holders} holders.");
        }
    }
}
