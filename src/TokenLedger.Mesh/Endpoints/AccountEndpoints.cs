// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using TokenLedger.Core;
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
            // What an account does not have is left out, which is as good as zero.
            foreach (Balance held in await HeldAsync(account, height, token).ConfigureAwait(false))
            {
                var asset = AssetId.Parse(held.Asset);
                int decimals = await online.Assets.RequireAsync(asset, token).ConfigureAwait(false);
                balances.Add((JsonNode)MeshJson.Amount(held.Amount, asset, decimals));
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
        var request = new GetBalanceRequest
        {
            Account = Blocks.LedgerNode.Bytes(account.ToArray()),
            Asset = asset.ToString(),
            AtHeight = height,
        };
        GetBalanceResponse? answer = await online.Node.AskUnlessAsync(
            RejectionCodes.Name(RejectionCode.AccountUnknown),
            client => client.Queries.GetBalanceAsync(request, cancellationToken: token))
            .ConfigureAwait(false);
        return answer?.Amount ?? "0";
    }

    /// <summary>All balances after a block that are not zero.</summary>
    private async Task<IReadOnlyList<Balance>> HeldAsync(
        Address account, ulong height, CancellationToken token)
    {
        var all = new List<Balance>();
        var request = new ListBalancesRequest
        {
            Account = Blocks.LedgerNode.Bytes(account.ToArray()),
            PageSize = Limits.PageRows,
            AtHeight = height,
        };
        do
        {
            ListBalancesResponse? page = await online.Node.AskUnlessAsync(
                RejectionCodes.Name(RejectionCode.AccountUnknown),
                client => client.Queries.ListBalancesAsync(request, cancellationToken: token))
                .ConfigureAwait(false);
            all.AddRange(page?.Balances ?? []);
            if (all.Count > Limits.MeshCurrencies)
            {
                throw new MeshException(
                    MeshError.TooManyCurrencies, $"One answer has at most {Limits.MeshCurrencies}.");
            }

            request.PageToken = page?.NextPageToken ?? "";
        }
        while (request.PageToken.Length > 0);
        return all;
    }
}
