// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Index;

namespace TokenLedger.Explorer.Web;

/// <summary>All instruments, and what they come to at the reference values that they were created
/// with.</summary>
/// <param name="Assets">By symbol.</param>
internal sealed record Portfolio(IReadOnlyList<AssetRow> Assets)
{
    /// <summary>Decimals of a value: millionths of a US dollar.</summary>
    public const int ValueDecimals = 6;

    /// <summary>Reads all assets of a view; as of an earlier height those that there were then, with what was
    /// out and how many held it then, and the rest of them as it is now.</summary>
    /// <param name="view">The index.</param>
    /// <param name="at">The height; null for the newest.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<Portfolio> ReadAsync(
        IIndexView view, Height? at, CancellationToken cancellationToken)
    {
        var assets = new List<AssetRow>();
        await foreach (AssetRow asset in Listing.AllAsync<AssetRow>(
            (last, limit) => view.AssetsAsync(last?.Id, limit, cancellationToken), cancellationToken)
            .ConfigureAwait(false))
        {
            if (at is not { } height)
            {
                assets.Add(asset);
            }
            else if (asset.CreatedAt <= height)
            {
                assets.Add(await ThenAsync(view, asset, height, cancellationToken).ConfigureAwait(false));
            }
        }

        return new Portfolio(assets);
    }

    /// <summary>An asset with what was out and how many held it after a height; the rest of it as it is
    /// now.</summary>
    public static async Task<AssetRow> ThenAsync(
        IIndexView view, AssetRow asset, Height at, CancellationToken cancellationToken)
    {
        SupplyRow? then = await view.FindSupplyAtAsync(asset.Id, at, cancellationToken).ConfigureAwait(false);
        return asset with { Supply = then?.Supply ?? Amount.Zero, Holders = then?.Holders ?? 0 };
    }

    /// <summary>What is outstanding.</summary>
    public BigInteger Outstanding => Sum(Assets);

    /// <summary>What is outstanding of commodity and Bitcoin reserves.</summary>
    public BigInteger Reserves => Sum(Assets.Where(static a => IsReserve(a.Definition.Class)));

    /// <summary>What is outstanding of bonds, sukuk and treasury bills.</summary>
    public BigInteger Debt => Sum(Assets.Where(static a => IsDebt(a.Definition.Class)));

    /// <summary>Classes with anything in them, by their number.</summary>
    public IEnumerable<(AssetClass Class, IReadOnlyList<AssetRow> Assets)> Classes =>
        Assets.GroupBy(static a => a.Definition.Class).OrderBy(static g => g.Key)
            .Select(static g => (g.Key, (IReadOnlyList<AssetRow>)[.. g]));

    /// <summary>Whether a class is what the state keeps in reserve.</summary>
    public static bool IsReserve(AssetClass kind) =>
        kind is AssetClass.CommodityReserve or AssetClass.BitcoinReserve;

    /// <summary>Whether a class is what the state owes.</summary>
    public static bool IsDebt(AssetClass kind) =>
        kind is AssetClass.Bond or AssetClass.Sukuk or AssetClass.TreasuryBill;

    /// <summary>What is outstanding of some assets, in millionths of a US dollar.</summary>
    public static BigInteger Sum(IEnumerable<AssetRow> assets) => assets.Aggregate(
        BigInteger.Zero, static (sum, asset) => sum + Value(asset.Definition, asset.Supply));

    /// <summary>What an amount comes to, in millionths of a US dollar, cut off.</summary>
    public static BigInteger Value(AssetDefinition asset, Amount amount) =>
        (BigInteger)amount.Units * asset.UnitValueMicroUsd / BigInteger.Pow(10, asset.Decimals);

    /// <summary>A value as the charts and texts take it; the most there is when it is more.</summary>
    public static UInt128 Units(BigInteger value) => (UInt128)BigInteger.Min(value, UInt128.MaxValue);
}
