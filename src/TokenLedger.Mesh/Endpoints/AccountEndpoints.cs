// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Json;
using TokenLedger.Mesh.Operations;
using TokenLedger.Mesh.Requests;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Protocol.Ledger.V1;
using Currency = TokenLedger.Mesh.Requests.Currency;

namespace TokenLedger.Mesh.Endpoints;

/// <summary>
/// /account/balance and /account/coins. Every balance is of one height, also the newest's: nothing that
/// becomes final meanwhile mixes in.
/// </summary>
internal sealed class AccountEndpoints(MeshNetwork network, OnlineParts online)
{
    public void Map(IDictionary<string, MeshHandler> handlers)
    {
        handlers["/account/balance"] = request =>
        {
            network.Require(request);
            Address account = Fields.Account(request.Required("account_identifier"));
            BlockName block = request.TryGet("block_identifier", out StrictValue name)
                ? Fields.PartialBlock(name)
                : default;
            ImmutableArray<Currency>? currencies = request.TryGet("currencies", out StrictValue list)
                ? list.List(Limits.MeshCurrencies, Fields.Currency)
                : null;
            return token => BalanceAsync(account, block, currencies, token);
        };
        handlers["/account/coins"] = static _ => throw new MeshException(
            MeshError.CoinsUnsupported, "Ask /account/balance.");
    }

    private async Task<JsonObject> BalanceAsync(
        Address account, BlockName name, ImmutableArray<Currency>? currencies, CancellationToken token)
    {
        VerifiedBlock block = await online.Blocks.OfAsync(name, token).ConfigureAwait(false);
        ulong height = block.Header.Height.Value;
        var balances = new JsonArray();
        if (currencies is { IsEmpty: false } asked)
        {
            foreach (Currency currency in asked.Distinct())
            {
                await online.Assets.RequireAsync(currency, token).ConfigureAwait(false);
                string amount = await AmountAsync(account, currency.Asset, height, token)
                    .ConfigureAwait(false);
                balances.Add((JsonNode)MeshJson.Amount(amount, currency.Asset, currency.Decimals));
            }
        }
        else
        {
            // What an account never had is left out, which is as good as zero.
            foreach (Currency currency in await AssetsAsync(token).ConfigureAwait(false))
            {
                string amount = await AmountAsync(account, currency.Asset, height, token)
                    .ConfigureAwait(false);
                if (amount != "0")
                {
                    balances.Add((JsonNode)MeshJson.Amount(amount, currency.Asset, currency.Decimals));
                }
            }
        }

        return new JsonObject
        {
            ["block_identifier"] = MeshJson.Block(block.Header.Height, block.Hash),
            ["balances"] = balances,
        };
    }

    /// <summary>A balance after a block; an account that is not in the register has none.</summary>
    private async Task<string> AmountAsync(
        Address account, AssetId asset, ulong height, CancellationToken token)
    {
        try
        {
            return (await AskAsync(account, asset, height, token).ConfigureAwait(false))?.Amount ?? "0";
        }
        catch (MeshException e) when (e.Error == MeshError.HistoryTooLong)
        {
            // Of a busy account, of what it has not moved for long. Near the tip its newest balance tells.
            return await FromNewestAsync(account, asset, height, e, token).ConfigureAwait(false);
        }
    }

    private Task<GetBalanceResponse?> AskAsync(
        Address account, AssetId asset, ulong? height, CancellationToken token)
    {
        var request = new GetBalanceRequest
        {
            Account = Blocks.LedgerNode.Bytes(account.ToArray()),
            Asset = asset.ToString(),
        };
        if (height is { } at)
        {
            request.AtHeight = at;
        }

        return online.Node.AskUnlessAsync(
            RejectionCodes.Name(RejectionCode.AccountUnknown),
            client => client.Queries.GetBalanceAsync(request, cancellationToken: token));
    }

    private async Task<string> FromNewestAsync(
        Address account, AssetId asset, ulong height, MeshException tooLong, CancellationToken token)
    {
        GetBalanceResponse newest = await AskAsync(account, asset, null, token).ConfigureAwait(false)
            ?? throw tooLong;
        if (newest.AsOfHeight < height || newest.AsOfHeight - height > Limits.MeshBlocksAhead
            || !Amount.TryParse(newest.Amount, out Amount amount))
        {
            throw tooLong;
        }

        var since = new List<VerifiedBlock>();
        for (ulong later = height + 1; later <= newest.AsOfHeight; later++)
        {
            since.Add(await online.Blocks.AtAsync(later, token).ConfigureAwait(false));
        }

        return Before(amount, since, network.Genesis, account, asset)?.ToString() ?? throw tooLong;
    }

    /// <summary>What a balance was before some blocks; null when it cannot have been.</summary>
    internal static Amount? Before(
        Amount after, IEnumerable<VerifiedBlock> since, GenesisDocument genesis, Address account,
        AssetId asset)
    {
        // The newest change first: then no step on the way is below zero.
        foreach (Change change in since.SelectMany(block => OperationMapper.Transactions(block, genesis))
            .Where(static transaction => transaction.Succeeded)
            .SelectMany(static transaction => transaction.Operations)
            .Where(operation => operation.Account == account && operation.Change?.Asset == asset)
            .Select(static operation => operation.Change!.Value).Reverse())
        {
            bool possible = change.IsDebit
                ? after.TryAdd(change.Amount, out after)
                : after.TrySubtract(change.Amount, out after);
            if (!possible)
            {
                return null;
            }
        }

        return after;
    }

    private async Task<IReadOnlyList<Currency>> AssetsAsync(CancellationToken token)
    {
        var all = new List<Currency>();
        var request = new ListAssetsRequest();
        do
        {
            ListAssetsResponse page = await online.Node.AskAsync(client =>
                client.Queries.ListAssetsAsync(request, cancellationToken: token)).ConfigureAwait(false);
            foreach (Asset asset in page.Assets)
            {
                var id = AssetId.Parse(asset.Definition.Symbol);
                all.Add(new Currency(
                    id, await online.Assets.RequireAsync(id, token).ConfigureAwait(false)));
            }

            if (all.Count > Limits.MeshCurrencies)
            {
                throw new MeshException(
                    MeshError.TooManyCurrencies, $"One answer has at most {Limits.MeshCurrencies}.");
            }

            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return all;
    }
}
