// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;
using CreateAsset = TokenLedger.Core.Ledger.CreateAsset;

namespace TokenLedger.Cli.Views;

/// <summary>
/// How many decimals each asset has, as far as it is known. A node's word is enough to read what has
/// happened; what is signed or approved needs more, and says what it rests on.
/// </summary>
internal sealed class Decimals
{
    private readonly Dictionary<string, (int Places, string? Basis)> _known =
        new(StringComparer.Ordinal);

    /// <summary>Nothing is known: amounts are shown in atomic units.</summary>
    public static Decimals None => new();

    public void Set(string asset, uint decimals) => Set(asset, decimals, null);

    /// <summary>Decimals that the validators signed.</summary>
    public void SetProved(string asset, int decimals) => Set(asset, (uint)decimals, "proved");

    /// <summary>Decimals that follow from what is signed or approved, which creates the asset itself; what
    /// is proved of one that is there goes before.</summary>
    public void SetCreated(CreateAsset create)
    {
        string asset = create.Definition.Id.ToString();
        if (!_known.ContainsKey(asset))
        {
            Set(asset, create.Definition.Decimals, "as created here");
        }
    }

    /// <summary>Has those proved that are not known. An asset that does not exist stays unknown.</summary>
    /// <exception cref="CliException">A proof does not hold, or no genesis hash is pinned.</exception>
    public async Task ProveAsync(Session session, IEnumerable<string> assets, CancellationToken token)
    {
        foreach (
            string asset in assets.Distinct(StringComparer.Ordinal).Where(a => !_known.ContainsKey(a))
            .ToArray())
        {
            try
            {
                ProvenAsset proven = await session.AssetProofs.RequireAsync(AssetId.Parse(asset), token);
                SetProved(asset, proven.Decimals);
            }
            catch (CliException e) when (e.Exit == ExitCode.NotFound)
            {
                // A proposal may name an asset that another would create.
            }
        }
    }

    /// <summary>Asks the network for those that are not known, where nothing hangs on the answer. An asset
    /// that does not exist stays unknown.</summary>
    public async Task LearnAsync(Session session, IEnumerable<string> assets, CancellationToken token)
    {
        foreach (
            string asset in assets.Distinct(StringComparer.Ordinal).Where(a => !_known.ContainsKey(a))
            .ToArray())
        {
            if (session.AssetProofs.Known(asset) is { } proven)
            {
                Set(asset, (uint)proven.Decimals);
                continue;
            }

            try
            {
                GetAssetResponse response = await session.Connection.ReadAsync(
                    (node, call) =>
                        node.Queries.GetAssetAsync(new GetAssetRequest { Asset = asset }, call), token);
                Set(asset, response.Asset.Definition.Decimals);
            }
            catch (CliException e) when (e.Exit == ExitCode.NotFound)
            {
                // A proposal may name an asset that another would create.
            }
        }
    }

    public int? Of(string asset) =>
        _known.TryGetValue(asset, out (int Places, string? Basis) known) ? known.Places : null;

    /// <summary>Whole units with groups; "atomic" is said when the decimals are not known.</summary>
    public string Show(string asset, string atomic) =>
        !Amount.TryParse(atomic, out Amount amount) ? atomic
        : Of(asset) is { } decimals ? AmountText.Grouped(amount, decimals)
        : string.Create(CultureInfo.InvariantCulture, $"{AmountText.Grouped(amount, 0)} atomic");

    /// <summary>The same, and where it rests on more than a node's word, atomic units with what that
    /// is: 500 atomic (5.00 with 2 decimals, proved).</summary>
    public string ShowWithBasis(string asset, string atomic) =>
        Amount.TryParse(atomic, out Amount amount)
        && _known.TryGetValue(asset, out (int Places, string? Basis) known) && known.Basis is { } basis
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{AmountText.Grouped(amount, 0)} atomic ({AmountText.Grouped(amount, known.Places)} "
                + $"with {known.Places} decimals, {basis})")
            : Show(asset, atomic);

    /// <summary>An asset with its decimals as a node says them, or the refusal that the network gives.
    /// </summary>
    public static async Task<Asset> RequireAssetAsync(Session session, string symbol, CancellationToken token)
    {
        if (!AssetId.TryParse(symbol, out _))
        {
            throw CliException.Usage(
                $"'{symbol}' is no asset symbol.", "A symbol is 2 to 16 of A-Z, 0-9 and '-', in upper case.",
                "tl asset list");
        }

        GetAssetResponse response = await session.Connection.ReadAsync(
            (node, call) => node.Queries.GetAssetAsync(new GetAssetRequest { Asset = symbol }, call), token);
        return response.Asset;
    }

    private void Set(string asset, uint decimals, string? basis)
    {
        if (decimals <= Limits.AssetDecimals)
        {
            _known[asset] = ((int)decimals, basis);
        }
    }
}
