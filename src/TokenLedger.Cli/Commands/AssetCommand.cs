// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Verbs;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Commands;

/// <summary>tl asset: the state's instruments.</summary>
internal static class AssetCommand
{
    public const string Name = "asset";
    public const string About = "Instruments: the portfolio, terms, documents, supply; issue, burn, pause.";

    private const int DefaultHolders = 100;

    public static TlCommand Build()
    {
        var command = new TlCommand(Name, About, "tl asset list", "tl asset show GOV-BOND-2031")
        { List(), Show() };
        foreach (Verb verb in AssetVerbs.All())
        {
            command.Add(verb.ProposeCommand(Name));
        }

        command.Add(Supply());
        command.Add(Holders());
        return command;
    }

    private static TlCommand List()
    {
        Option<int> limit = Paging.LimitOption(0);
        return new TlCommand(
            "list", "Lists the portfolio.", "tl asset list", "tl asset list -o json") { limit }
            .Does(async (session, token) =>
            {
                List<Asset> assets =
                    await Paging.ReadAsync(session, session.Value(limit), async (size, page) =>
                {
                    var request = new ListAssetsRequest { PageSize = size, PageToken = page };
                    ListAssetsResponse r = await session.Connection.ReadAsync(
                        (node, call) => node.Queries.ListAssetsAsync(request, call), token);
                    return new Page<Asset>(r.Assets, r.NextPageToken, r.AsOfHeight);
                });
                session.Output.List(
                    assets,
                    AssetView.ToJson,
                    new Column<Asset>("symbol", a => a.Definition.Symbol),
                    new Column<Asset>("class", a => AssetView.ClassName(a)),
                    new Column<Asset>("authorised", a => AssetView.Show(a, a.Cap), Right: true),
                    new Column<Asset>("supply", a => AssetView.Show(a, a.Supply), Right: true),
                    new Column<Asset>("state", a => a.Paused ? "PAUSED" : "active"));
            });
    }

    private static TlCommand Show()
    {
        Argument<string> symbol = Inputs.Symbol();
        return new TlCommand(
            "show", "Shows an asset's terms, documents, authorised amount and supply.",
            "tl asset show GOV-BOND-2031", "tl asset show GOV-BOND-2031 -o json") { symbol }
            .Does(async (session, token) =>
            {
                Asset asset = await Decimals.RequireAssetAsync(session, session.Value(symbol), token);
                session.Output.Detail(
                    AssetView.ToJson(asset), [.. AssetView.Lines(asset, session.Addresses)]);
            });
    }

    private static TlCommand Supply()
    {
        Argument<string> symbol = Inputs.Symbol();
        return new TlCommand(
            "supply", "Shows how much is outstanding, and how much may be.", "tl asset supply GOV-BOND-2031")
            { symbol }
            .Does(async (session, token) =>
            {
                Asset asset = await Decimals.RequireAssetAsync(session, session.Value(symbol), token);
                bool known = Amount.TryParse(asset.Cap, out Amount cap) & Amount.TryParse(
                    asset.Supply, out Amount supply);
                bool fits = cap.TrySubtract(supply, out Amount left) && known;
                session.Output.Detail(
                    new JsonObject
                    {
                        ["asset"] = asset.Definition.Symbol,
                        ["supply"] = asset.Supply,
                        ["cap"] = asset.Cap,
                        ["remaining"] = fits ? left.ToString() : "0",
                        ["decimals"] = asset.Definition.Decimals,
                    },
                    ("asset", asset.Definition.Symbol),
                    ("supply", AssetView.Show(asset, asset.Supply)),
                    ("authorised", AssetView.Show(asset, asset.Cap)),
                    ("may be issued", AssetView.Show(asset, fits ? left.ToString() : "0")));
            });
    }

    private static TlCommand Holders()
    {
        Argument<string> symbol = Inputs.Symbol();
        Option<int> limit = Paging.LimitOption(DefaultHolders);
        return new TlCommand(
            "holders", "Lists who holds an asset.", "tl asset holders GOV-BOND-2031 --limit 0 -o ndjson")
            { symbol, limit }
            .Does(async (session, token) =>
            {
                string asset = Inputs.Asset(session.Value(symbol)).ToString();
                List<Balance> holders =
                    await Paging.ReadAsync(session, session.Value(limit), async (size, page) =>
                {
                    var request = new ListHoldersRequest { Asset = asset, PageSize = size, PageToken = page };
                    ListHoldersResponse r = await session.Connection.ReadAsync(
                        (node, call) => node.Queries.ListHoldersAsync(request, call), token);
                    return new Page<Balance>(r.Holders, r.NextPageToken, r.AsOfHeight);
                });
                session.Output.List(
                    holders,
                    BalanceView.ToJson,
                    new Column<Balance>("holder", b => session.Addresses.Name(b.Account)),
                    new Column<Balance>("amount", BalanceView.Show, Right: true));
            });
    }
}
