// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Mesh.Tests.Construction;

/// <summary>What an exchange means and signs, in the API's words and without the adapter's code.</summary>
internal static class Intents
{
    /// <summary>A transfer as the two operations that mean it.</summary>
    /// <param name="first">The debit's index.</param>
    /// <param name="from">Who pays.</param>
    /// <param name="to">Who is paid.</param>
    /// <param name="units">Atomic units.</param>
    /// <param name="currency">Of what.</param>
    /// <param name="tag">For the receiver's books; 0 for none.</param>
    public static JsonArray Transfer(
        int first, Address from, Address to, ulong units, JsonObject currency, ulong tag = 0)
    {
        string value = units.ToString(CultureInfo.InvariantCulture);
        JsonObject credit = Operation(first + 1, to, value, currency);
        credit["related_operations"] = new JsonArray(new JsonObject { ["index"] = first });
        if (tag != 0)
        {
            credit["metadata"] = new JsonObject { ["tag"] = tag.ToString(CultureInfo.InvariantCulture) };
        }

        return [Operation(first, from, "-" + value, currency), credit];
    }

    public static JsonObject Currency(AssetId asset, int decimals) => new()
    {
        ["symbol"] = asset.ToString(),
        ["decimals"] = decimals,
        ["metadata"] = new JsonObject { ["asset_id"] = asset.ToString() },
    };

    /// <summary>Signs the one payload, as a signer of the API's does: v from 0.</summary>
    public static JsonArray Sign(JsonElement payloads, PrivateKey key)
    {
        JsonElement payload = Assert.Single(payloads.EnumerateArray());
        Assert.Equal("ecdsa_recovery", payload.GetProperty("signature_type").GetString());
        Assert.True(Hash256.TryParse(payload.GetProperty("hex_bytes").GetString(), out Hash256 digest));
        byte[] signature = key.Sign(digest);
        signature[^1] -= 27;
        return
        [
            new JsonObject
            {
                ["signing_payload"] = JsonNode.Parse(payload.GetRawText()),
                ["public_key"] = Key(key),
                ["signature_type"] = "ecdsa_recovery",
                ["hex_bytes"] = Convert.ToHexStringLower(signature),
            },
        ];
    }

    public static JsonObject Key(PrivateKey key) => new()
    {
        ["hex_bytes"] = Convert.ToHexStringLower(key.PublicKey.ToCompressed()),
        ["curve_type"] = "secp256k1",
    };

    /// <summary>Requires that operations are the very ones that were meant.</summary>
    public static void RequireSame(JsonArray meant, JsonElement found) => Assert.True(
        JsonNode.DeepEquals(meant, JsonNode.Parse(found.GetRawText())),
        $"meant {meant.ToJsonString()}\nfound {found.GetRawText()}");

    private static JsonObject Operation(int index, Address account, string value, JsonObject currency) =>
        new()
        {
            ["operation_identifier"] = new JsonObject { ["index"] = index },
            ["type"] = "transfer",
            ["account"] = new JsonObject { ["address"] = Eip55.Format(account) },
            ["amount"] = new JsonObject { ["value"] = value, ["currency"] = currency.DeepClone() },
        };
}
