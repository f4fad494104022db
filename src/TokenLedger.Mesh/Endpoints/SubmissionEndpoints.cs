// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Mesh.Blocks;
using TokenLedger.Mesh.Construction;
using TokenLedger.Mesh.Requests;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Wire;
using Currency = TokenLedger.Mesh.Requests.Currency;

namespace TokenLedger.Mesh.Endpoints;

/// <summary>The two steps of construction that need the node: metadata and submit.</summary>
internal sealed class SubmissionEndpoints(
    MeshNetwork network, OnlineParts online, ConstructionEndpoints construction)
{
    public void Map(IDictionary<string, MeshHandler> handlers)
    {
        handlers["/construction/metadata"] = request =>
        {
            network.Require(request);
            ConstructionEndpoints.CheckKeys(request);
            var options = ConstructionOptions.Of(request.Required("options"));
            return token => MetadataAsync(options, token);
        };
        handlers["/construction/submit"] = request =>
        {
            network.Require(request);
            TransactionBlob blob = construction.Signed(request);
            return token => SubmitAsync(blob, token);
        };
    }

    private async Task<JsonObject> MetadataAsync(ConstructionOptions options, CancellationToken token)
    {
        // What is meant in other decimals than the ledger's would pay another amount than was meant.
        foreach (Currency currency in options.Currencies)
        {
            await online.Assets.RequireAsync(currency, token).ConfigureAwait(false);
        }

        var request = new GetNonceRequest
        {
            Sender = LedgerNode.Bytes(options.Sender.ToArray()),
            Lane = options.Wishes.Lane,
        };
        GetNonceResponse nonce = await online.Node.AskAsync(client =>
            client.Queries.GetNonceAsync(request, cancellationToken: token)).ConfigureAwait(false);

        // Validity is a matter of block time, which needs no clock here.
        GetNodeStatusResponse status = await online.Node.StatusAsync(token).ConfigureAwait(false);
        var metadata = new ConstructionMetadata(
            options.Sender, nonce.Next,
            new TimestampMs(status.BlockTimeMs).Plus(options.Wishes.ValidityMs), options.Wishes);
        return new JsonObject
        {
            ["metadata"] = metadata.ToJson(network, nonce.AsOfHeight),
            ["suggested_fee"] = new JsonArray(),
        };
    }

    /// <summary>
    /// The same bytes again are answered the same: the node says so of what waits and of what is final.
    /// </summary>
    private async Task<JsonObject> SubmitAsync(TransactionBlob blob, CancellationToken token)
    {
        var request = new SubmitTransactionRequest { Transaction = TransactionMapper.ToWire(blob.Signed) };
        SubmitTransactionResponse answer = await online.Node.AskAsync(client =>
            client.Transactions.SubmitTransactionAsync(request, cancellationToken: token))
            .ConfigureAwait(false);
        Hash256 id = blob.Signed.IdOn(network.GenesisHash);
        if (answer.TransactionId.Span.SequenceEqual(id.ToArray()))
        {
            if (answer.Status is null or { State: TransactionState.Pending })
            {
                online.Submitted.Add(id, blob.Content);
            }

            return construction.Identifier(blob);
        }

        throw new MeshException(MeshError.NodeUnverified, "The node answers about another transaction.");
    }
}
