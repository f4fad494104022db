// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Mesh.Construction;
using TokenLedger.Mesh.Operations;
using TokenLedger.Mesh.Requests;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Mesh.Endpoints;

/// <summary>
/// /mempool and /mempool/transaction, of what was handed in here: a node lists no pool, but tells of each
/// transaction whether it waits.
/// </summary>
internal sealed class MempoolEndpoints(MeshNetwork network, OnlineParts online)
{
    private const int AskedAtOnce = 8;

    public void Map(IDictionary<string, MeshHandler> handlers)
    {
        handlers["/mempool"] = request =>
        {
            network.Require(request);
            Fields.AnyObject(request, "metadata");
            return ListAsync;
        };
        handlers["/mempool/transaction"] = request =>
        {
            network.Require(request);
            Hash256 id = Fields.TransactionId(request);
            return token => TransactionAsync(id, token);
        };
    }

    private async Task<JsonObject> ListAsync(CancellationToken token)
    {
        GetNodeStatusResponse node = await online.Node.StatusAsync(token).ConfigureAwait(false);
        online.Submitted.RemoveOver(node.BlockTimeMs);
        foreach (Hash256[] some in online.Submitted.TakeTurns(Limits.MeshPendingAsked).Chunk(AskedAtOnce))
        {
            await Task.WhenAll(some.Select(id => IsWaitingAsync(id, token))).ConfigureAwait(false);
        }

        return new JsonObject
        {
            ["transaction_identifiers"] = new JsonArray(
                [.. online.Submitted.Waiting().Select(static id => MeshJson.TransactionId(id))]),
        };
    }

    private async Task<JsonObject> TransactionAsync(Hash256 id, CancellationToken token)
    {
        if (online.Submitted.Find(id) is not { } content
            || !await IsWaitingAsync(id, token).ConfigureAwait(false))
        {
            throw new MeshException(
                MeshError.TransactionUnknown, $"{id} was not handed in here, or does not wait any more.");
        }

        // As if it succeeds: the API wants a status here too, and knows that this is an estimate.
        MeshTransaction meant = new(id, true, TransferOperations.Of(content), []);
        IReadOnlyDictionary<AssetId, int> decimals =
            await online.Assets.OfAsync([meant], token).ConfigureAwait(false);
        return new JsonObject { ["transaction"] = MeshJson.Transaction(meant, decimals) };
    }

    /// <summary>Asks, keeps the answer, and forgets what has come to its end.</summary>
    private async Task<bool> IsWaitingAsync(Hash256 id, CancellationToken token)
    {
        TransactionState state = (await CallEndpoints.StateAsync(online.Node, id, token)
            .ConfigureAwait(false)).State;
        if (state is not (TransactionState.Pending or TransactionState.Unspecified))
        {
            online.Submitted.Remove(id);
        }

        online.Submitted.Heard(id, state == TransactionState.Pending);

        return state == TransactionState.Pending;
    }
}
