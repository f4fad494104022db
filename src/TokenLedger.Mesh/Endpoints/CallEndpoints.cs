// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Mesh.Blocks;
using TokenLedger.Mesh.Requests;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Mesh.Endpoints;

/// <summary>
/// /call: what an exchange asks before it pays and after, and the rest of the API has no place for.
/// </summary>
internal sealed class CallEndpoints(MeshNetwork network, OnlineParts online)
{
    private const string CanReceive = "can_receive";
    private const string TransactionStatusMethod = "transaction_status";
    private const int MaxText = 64;

    /// <summary>What /construction/metadata said when a transaction was made.</summary>
    private readonly record struct Signing(ulong ValidUntilMs, ulong Height);

    /// <summary>The methods, as the options list them.</summary>
    public static ImmutableArray<string> Methods { get; } = [CanReceive, TransactionStatusMethod];

    public void Map(IDictionary<string, MeshHandler> handlers) => handlers["/call"] = request =>
    {
        network.Require(request);
        string method = request.Required("method").Text(MaxText);
        StrictValue parameters = request.Required("parameters");
        return method switch
        {
            CanReceive => parameters.Object(AskCanReceive),
            TransactionStatusMethod => parameters.Object(AskStatus),
            _ => throw new MeshException(
                MeshError.NotImplemented, $"Methods are {string.Join(" and ", Methods)}."),
        };
    };

    /// <summary>What the node knows of a transaction.</summary>
    public static async Task<TransactionStatus> StateAsync(
        LedgerNode node, Hash256 id, CancellationToken token)
    {
        var request = new GetTransactionRequest { TransactionId = LedgerNode.Bytes(id.ToArray()) };
        return (await node.AskAsync(client => client.Transactions.GetTransactionAsync(
            request, cancellationToken: token)).ConfigureAwait(false)).Status;
    }

    private Func<CancellationToken, Task<JsonObject>> AskCanReceive(StrictObject parameters)
    {
        var request = new CanReceiveRequest
        {
            Account = LedgerNode.Bytes(Fields.Address(parameters.Required("address")).ToArray()),
            Asset = parameters.Required("asset_id").Asset().ToString(),
            Amount = parameters.Required("value").Amount().ToString(),
            Tag = parameters.Optional("tag", 0UL, Fields.Wide),
        };
        if (parameters.TryGet("from", out StrictValue from))
        {
            request.From = LedgerNode.Bytes(Fields.Address(from).ToArray());
        }

        return async token =>
        {
            CanReceiveResponse answer = await online.Node.AskAsync(client =>
                client.Queries.CanReceiveAsync(request, cancellationToken: token)).ConfigureAwait(false);
            var result = new JsonObject
            {
                ["height"] = answer.AsOfHeight,
                ["can_receive"] = answer.CanReceive,
            };
            if (answer.Refusal is { } refusal)
            {
                result["code"] = refusal.Code;
                result["detail"] = refusal.Detail;
            }

            return new JsonObject { ["result"] = result, ["idempotent"] = false };
        };
    }

    /// <summary>
    /// True when a transaction of which the node knows nothing can be in no block any more: a block later
    /// than its time is final, and the node has all blocks since it was signed.
    /// </summary>
    private async Task<bool> IsOverAsync(Signing signing, CancellationToken token)
    {
        GetNodeStatusResponse node = await online.Node.StatusAsync(token).ConfigureAwait(false);
        return node.BlockTimeMs > signing.ValidUntilMs && node.OldestBlockHeight <= signing.Height + 1;
    }

    private Func<CancellationToken, Task<JsonObject>> AskStatus(StrictObject parameters)
    {
        Hash256 id = Fields.TransactionId(parameters);
        Signing? signing = parameters.TryGet("valid_until_ms", out StrictValue until)
            ? new Signing(
                until.Number(0, long.MaxValue), parameters.Required("height").Number(0, long.MaxValue))
            : null;
        return async token =>
        {
            // First how far the node is: what it is asked next is as of that block or a later one.
            bool over = signing is { } signed && await IsOverAsync(signed, token).ConfigureAwait(false);
            TransactionStatus status = await StateAsync(online.Node, id, token).ConfigureAwait(false);
            bool final = status.State is TransactionState.Succeeded or TransactionState.Failed;
            var result = new JsonObject
            {
                ["outcome"] = final ? "final"
                    : status.State is TransactionState.Expired or TransactionState.Replaced ? "never"
                    : status.State == TransactionState.Unspecified && over ? "never"
                    : "unknown",
                ["state"] = status.State.ToString().ToUpperInvariant(),
                ["height"] = status.AsOfHeight,
            };
            if (final)
            {
                result["block_index"] = status.Height;
            }

            if (status.Refusal is { } refusal)
            {
                result["code"] = refusal.Code;
            }

            // What is final stays so, but the height as of which it was asked does not.
            return new JsonObject { ["result"] = result, ["idempotent"] = false };
        };
    }
}
