// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Mesh.Operations;

/// <summary>The API's objects, as JSON. Pure.</summary>
internal static class MeshJson
{
    public static JsonObject Block(Height height, in Hash256 hash) =>
        new() { ["index"] = height.Value, ["hash"] = hash.ToString() };

    public static JsonObject Account(in Address address) => new() { ["address"] = Eip55.Format(address) };

    public static JsonObject TransactionId(in Hash256 hash) => new() { ["hash"] = hash.ToString() };

    /// <summary>Symbol and decimals, and the symbol once more as what it is: the asset's identity.</summary>
    public static JsonObject Currency(AssetId asset, int decimals) => new()
    {
        ["symbol"] = asset.ToString(),
        ["decimals"] = decimals,
        ["metadata"] = new JsonObject { ["asset_id"] = asset.ToString() },
    };

    public static JsonObject Amount(string value, AssetId asset, int decimals) =>
        new() { ["value"] = value, ["currency"] = Currency(asset, decimals) };

    /// <summary>A transaction of a block.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="decimals">Of each asset in it.</param>
    public static JsonObject Transaction(
        MeshTransaction transaction, IReadOnlyDictionary<AssetId, int> decimals)
    {
        string status = transaction.Succeeded ? OperationTypes.Success : OperationTypes.Failure;
        var json = new JsonObject
        {
            ["transaction_identifier"] = TransactionId(transaction.Hash),
            ["operations"] = Operations(transaction.Operations, status, decimals),
        };
        if (!transaction.Metadata.IsEmpty)
        {
            json["metadata"] = Metadata(transaction.Metadata);
        }

        return json;
    }

    /// <summary>Operations from index 0 on.</summary>
    /// <param name="operations">The operations.</param>
    /// <param name="status">Null for what is meant and has not happened.</param>
    /// <param name="decimals">Of each asset in them.</param>
    public static JsonArray Operations(
        ImmutableArray<MeshOperation> operations, string? status, IReadOnlyDictionary<AssetId, int> decimals)
    {
        var array = new JsonArray();
        for (int i = 0; i < operations.Length; i++)
        {
            array.Add((JsonNode)Operation(i, operations[i], status, decimals));
        }

        return array;
    }

    public static JsonObject Metadata(ImmutableArray<Note> notes) =>
        new(notes.Select(static note => KeyValuePair.Create(note.Name, (JsonNode?)note.Text)));

    private static JsonObject Operation(
        int index, MeshOperation operation, string? status, IReadOnlyDictionary<AssetId, int> decimals)
    {
        var json = new JsonObject { ["operation_identifier"] = new JsonObject { ["index"] = index } };
        if (operation.Related is { } related)
        {
            json["related_operations"] = new JsonArray(new JsonObject { ["index"] = related });
        }

        json["type"] = operation.Type;
        if (status is not null)
        {
            json["status"] = status;
        }

        json["account"] = Account(operation.Account);
        if (operation.Change is { } change)
        {
            string value = (change.IsDebit ? "-" : "") + change.Amount.ToString();
            json["amount"] = Amount(value, change.Asset, decimals[change.Asset]);
        }

        if (!operation.Metadata.IsEmpty)
        {
            json["metadata"] = Metadata(operation.Metadata);
        }

        return json;
    }
}
