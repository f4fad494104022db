// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Mesh.Operations;
using TokenLedger.Mesh.Requests;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Mesh.Endpoints;

/// <summary>
/// /events/blocks, in which blocks are only ever added, and /search/transactions, by a transaction's id.
/// </summary>
internal sealed class SearchEndpoints(MeshNetwork network, OnlineParts online, BlockEndpoints blocks)
{
    private static readonly string[] Others =
    [
        "operator", "account_identifier", "coin_identifier", "currency", "status", "type", "address",
        "success",
    ];

    public void Map(IDictionary<string, MeshHandler> handlers)
    {
        handlers["/events/blocks"] = request =>
        {
            network.Require(request);
            ulong? offset = request.TryGet("offset", out StrictValue from)
                ? from.Number(0, long.MaxValue)
                : null;
            ulong limit = Math.Min(
                request.Optional("limit", (ulong)Limits.MeshBlockEvents, static value =>
                    value.Number(0, long.MaxValue)),
                Limits.MeshBlockEvents);
            return token => EventsAsync(offset, limit, token);
        };
        handlers["/search/transactions"] = request =>
        {
            network.Require(request);
            if (!request.TryGet("transaction_identifier", out _)
                || Others.Any(other => request.TryGet(other, out _)))
            {
                throw new MeshException(
                    MeshError.NotImplemented, "Transactions are found by their identifier only.");
            }

            Hash256 id = Fields.TransactionId(request);
            ulong maxBlock = Number(request, "max_block", long.MaxValue);
            ulong offset = Number(request, "offset", 0);
            ulong limit = Number(request, "limit", 1);
            return token => FindAsync(id, maxBlock, offset == 0 && limit > 0, token);
        };
    }

    private static ulong Number(StrictObject request, string name, ulong absent) =>
        request.Optional(name, absent, static value => value.Number(0, long.MaxValue));

    private async Task<JsonObject> EventsAsync(ulong? offset, ulong limit, CancellationToken token)
    {
        // A block's sequence is its height.
        GetNodeStatusResponse node = await online.Node.StatusAsync(token).ConfigureAwait(false);
        ulong head = node.Height;

        // The newest, as far back as the node goes when it began with a snapshot.
        ulong oldest = node.OldestBlockHeight <= 1 ? 0 : node.OldestBlockHeight;
        ulong first = offset ?? Math.Max(oldest, head + 1 > limit ? head + 1 - limit : 0);
        var events = new JsonArray();
        for (ulong height = first; height <= head && height - first < limit; height++)
        {
            VerifiedBlock block = await online.Blocks.AtAsync(height, token).ConfigureAwait(false);
            events.Add((JsonNode)new JsonObject
            {
                ["sequence"] = height,
                ["block_identifier"] = MeshJson.Block(block.Header.Height, block.Hash),
                ["type"] = "block_added",
            });
        }

        return new JsonObject { ["max_sequence"] = head, ["events"] = events };
    }

    private async Task<JsonObject> FindAsync(
        Hash256 id, ulong maxBlock, bool shown, CancellationToken token)
    {
        TransactionStatus status = await CallEndpoints.StateAsync(online.Node, id, token)
            .ConfigureAwait(false);
        bool final = status.State is TransactionState.Succeeded or TransactionState.Failed;
        VerifiedBlock? block = final
            ? await online.Blocks.AtAsync(status.Height, token).ConfigureAwait(false)
            : await online.Blocks.FindAsync(id, token).ConfigureAwait(false);
        JsonObject? found = block is null
            ? null
            : await blocks.FindAsync(block, id, token).ConfigureAwait(false);
        if (final && found is null)
        {
            throw new MeshException(
                MeshError.NodeUnverified, $"Block {status.Height} has no transaction {id}.");
        }

        if (found is null || block!.Header.Height.Value > maxBlock)
        {
            return new JsonObject { ["transactions"] = new JsonArray(), ["total_count"] = 0 };
        }

        return new JsonObject
        {
            ["transactions"] = shown
                ? new JsonArray(new JsonObject
                {
                    ["block_identifier"] = MeshJson.Block(block.Header.Height, block.Hash),
                    ["transaction"] = found,
                })
                : new JsonArray(),
            ["total_count"] = 1,
        };
    }
}
