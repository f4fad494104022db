// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Mesh.Operations;
using TokenLedger.Mesh.Requests;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Mesh.Endpoints;

/// <summary>/network/list, /network/options and /network/status. The first two need no node.</summary>
internal sealed class NetworkEndpoints(MeshNetwork network)
{
    /// <summary>The version of the API's specification that the answers follow.</summary>
    private const string SpecificationVersion = "1.4.10";

    public void Map(IDictionary<string, MeshHandler> handlers)
    {
        handlers["/network/list"] = request =>
        {
            Fields.AnyObject(request, "metadata");
            return _ => Task.FromResult(new JsonObject
            {
                ["network_identifiers"] = new JsonArray(network.Identifier()),
            });
        };
        handlers["/network/options"] = request =>
        {
            RequireNetwork(request);
            return _ => Task.FromResult(Options());
        };
    }

    public void MapOnline(IDictionary<string, MeshHandler> handlers, OnlineParts online) =>
        handlers["/network/status"] = request =>
        {
            RequireNetwork(request);
            return token => StatusAsync(online, token);
        };

    private void RequireNetwork(StrictObject request)
    {
        network.Require(request);
        Fields.AnyObject(request, "metadata");
    }

    private static JsonObject Options()
    {
        string version = typeof(NetworkEndpoints).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        return new JsonObject
        {
            ["version"] = new JsonObject
            {
                ["rosetta_version"] = SpecificationVersion,
                ["node_version"] = version,
                ["middleware_version"] = version,
            },
            ["allow"] = new JsonObject
            {
                ["operation_statuses"] = new JsonArray(
                    Status(OperationTypes.Success, true), Status(OperationTypes.Failure, false)),
                ["operation_types"] = new JsonArray(
                    [.. OperationTypes.All.Select(static type => (JsonNode)type)]),
                ["errors"] = new JsonArray([.. MeshError.All.Select(static error => error.ToJson())]),
                ["historical_balance_lookup"] = true,
                ["call_methods"] = new JsonArray(
                    [.. CallEndpoints.Methods.Select(static method => (JsonNode)method)]),
                ["balance_exemptions"] = new JsonArray(),
                ["mempool_coins"] = false,
            },
        };
    }

    private static JsonObject Status(string status, bool successful) =>
        new() { ["status"] = status, ["successful"] = successful };

    private static async Task<JsonObject> StatusAsync(OnlineParts online, CancellationToken token)
    {
        GetNodeStatusResponse status = await online.Node.StatusAsync(token).ConfigureAwait(false);
        VerifiedBlock newest = await online.Blocks.AtAsync(status.Height, token).ConfigureAwait(false);
        bool whole = status.OldestBlockHeight <= 1;
        ulong first = whole ? 0 : status.OldestBlockHeight;
        VerifiedBlock oldest = await online.Blocks.AtAsync(first, token).ConfigureAwait(false);
        var answer = new JsonObject
        {
            ["current_block_identifier"] = MeshJson.Block(newest.Header.Height, newest.Hash),
            ["current_block_timestamp"] = newest.Header.Timestamp.Value,
            ["genesis_block_identifier"] = whole
                ? MeshJson.Block(oldest.Header.Height, oldest.Hash)
                : await GenesisAsync(online, token).ConfigureAwait(false),
        };
        if (!whole)
        {
            answer["oldest_block_identifier"] = MeshJson.Block(oldest.Header.Height, oldest.Hash);
        }

        answer["sync_status"] = new JsonObject
        {
            ["current_index"] = status.Height,
            ["synced"] = status.Finalizing,
        };
        answer["peers"] = new JsonArray(
        [
            .. status.Validators.Select(static validator => new JsonObject
            {
                ["peer_id"] = validator.Name,
                ["metadata"] = new JsonObject
                {
                    ["reachable"] = validator.Reachable,
                    ["height"] = validator.Height,
                },
            }),
        ]);
        return answer;
    }

    /// <summary>
    /// Of a node that began with a snapshot: nothing here leads from its blocks back to the first one, so its
    /// hash is the node's word.
    /// </summary>
    private static async Task<JsonObject> GenesisAsync(OnlineParts online, CancellationToken token)
    {
        GetBlockResponse genesis = await online.Node.AskAsync(client => client.Queries.GetBlockAsync(
            new GetBlockRequest { Height = 0 }, cancellationToken: token)).ConfigureAwait(false);
        return MeshJson.Block(new Height(0), new Hash256(genesis.Summary.Hash.Span));
    }
}
