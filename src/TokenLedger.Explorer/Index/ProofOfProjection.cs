// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Explorer.Index;

/// <summary>
/// Checks an index against itself at one height: the holders of each asset, summed up, have its supply, they
/// are as many as it counts, and each of them and the asset have what their own histories say.
/// </summary>
internal static class ProofOfProjection
{
    /// <summary>What does not fit, a sentence each; empty when all does.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(
        IIndexView view, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        AssetId? last = null;
        while (true)
        {
            IReadOnlyList<AssetRow> assets = await view.AssetsAsync(last, Limits.PageRows, cancellationToken)
                .ConfigureAwait(false);
            foreach (AssetRow asset in assets)
            {
                await CheckAsync(view, asset, problems, cancellationToken).ConfigureAwait(false);
                last = asset.Id;
            }

            if (assets.Count < Limits.PageRows)
            {
                return problems;
            }
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
                Amount own = await view
                    .BalanceAtAsync(holder.Account, asset.Id, view.Cursor.Height, cancellationToken)
                    .ConfigureAwait(false);
                if (own != holder.Amount)
                {
                    problems.Add(
                        $"{holder.Account} holds {holder.Amount} of {asset.Id}; its history says {own}.");
                }

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
