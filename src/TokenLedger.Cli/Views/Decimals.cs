// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Views;

/// <summary>How many decimals each asset has, as far as it is known.</summary>
internal sealed class Decimals
{
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);

    /// <summary>Nothing is known: amounts are shown in atomic units.</summary>
    public static Decimals None => new();

    public void Set(string asset, uint decimals)
    {
        if (decimals <= Limits.AssetDecimals)
        {
            _known[asset] = (int)decimals;
        }
    }

    /// <summary>Asks the network for those that are not known. An asset that does not exist stays
    /// unknown.</summary>
    public async Task LearnAsync(Session session, IEnumerable<string> assets, CancellationToken token)
    {
        foreach (
            string asset in assets.Distinct(StringComparer.Ordinal).Where(a => !_known.ContainsKey(a))
            .ToArray())
        {
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

    public int? Of(string asset) => _known.TryGetValue(asset, out int decimals) ? decimals : null;

    /// <summary>Whole units with groups; "atomic" is said when the decimals are not known.</summary>
    public string Show(string asset, string atomic) =>
        !Amount.TryParse(atomic, out Amount amount) ? atomic
        : Of(asset) is { } decimals ? AmountText.Grouped(amount, decimals)
        : string.Create(CultureInfo.InvariantCulture, $"{AmountText.Grouped(amount, 0)} atomic");

    /// <summary>An asset with its decimals, or the refusal that the network gives.</summary>
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
}
