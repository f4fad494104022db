// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Mesh.Tests.Construction;
using TokenLedger.Testing.Devnet;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Mesh.Tests.Reconciliation;

/// <summary>
/// What mesh-cli's check:construction does: a payment from a key to the block, every step that needs no node
/// on a process that has none.
/// </summary>
[Collection(MeshGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class PaymentTests(MeshCluster cluster)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    private MeshClient Online => cluster.Online;

    private MeshClient Offline => cluster.Offline;

    [Fact]
    public async Task Payment_FromDeriveToTheBlock_IsWhatWasMeant()
    {
        PrivateKey key = cluster.Accounts[2];
        JsonElement derived = await Offline.AskAsync(
            "/construction/derive", ("public_key", Intents.Key(key)));
        Assert.Equal(
            Eip55.Format(key.Address),
            derived.GetProperty("account_identifier").GetProperty("address").GetString());
        JsonArray meant = Intents.Transfer(
            0, key.Address, cluster.Accounts[3].Address, 41, await CurrencyAsync(), tag: 7421);
        string before = await BalanceAsync(key.Address);

        string signed = await ConstructAsync(key, meant, new JsonObject
        {
            ["request_id"] = "0191e2a4-5c1d-7f3e-8a52-9d6b1f0c4e77",
            ["memo"] = "withdrawal 17",
            ["lane"] = 5,
        });
        string hash = await HashAsync("/construction/hash", Offline, signed);
        Assert.Equal(hash, await HashAsync("/construction/submit", Online, signed));

        // Once more while it waits, or just after: nothing is paid twice.
        Assert.Equal(hash, await HashAsync("/construction/submit", Online, signed));
        JsonElement found = await FinalAsync(hash);
        RequireMeant(meant, found.GetProperty("transaction").GetProperty("operations"));
        Assert.Equal(
            "withdrawal 17",
            found.GetProperty("transaction").GetProperty("metadata").GetProperty("memo").GetString());
        Assert.Equal(hash, await HashAsync("/construction/submit", Online, signed));
        Assert.Equal(
            ulong.Parse(before, CultureInfo.InvariantCulture) - 41,
            ulong.Parse(await BalanceAsync(key.Address), CultureInfo.InvariantCulture));
        Assert.Equal("final", await OutcomeAsync(hash));
        Assert.Equal("TRANSACTION_UNKNOWN", await Online.RefusedAsync(
            "/mempool/transaction", ("transaction_identifier", new JsonObject { ["hash"] = hash })));
    }

    [Fact]
    public async Task Payment_ThatTheLedgerRefuses_EndsWithTheLedgersCode()
    {
        PrivateKey key = cluster.Accounts[1];
        JsonObject currency = await CurrencyAsync();
        JsonObject wrong = (JsonObject)currency.DeepClone();
        wrong["decimals"] = 17;
        JsonArray misread = Intents.Transfer(
            0, key.Address, cluster.Accounts[3].Address, 1, wrong);
        JsonElement options = await Offline.AskAsync("/construction/preprocess", ("operations", misread));
        Assert.Equal("CURRENCY_UNKNOWN", await Online.RefusedAsync(
            "/construction/metadata", ("options", Node(options.GetProperty("options")))));

        // Two transactions with one nonce: the second is refused, before or after the first is final.
        JsonArray meant = Intents.Transfer(0, key.Address, cluster.Accounts[3].Address, 1, currency);
        JsonArray other = Intents.Transfer(0, key.Address, cluster.Accounts[3].Address, 2, currency);
        string first = await ConstructAsync(key, meant, []);
        string second = await ConstructAsync(key, other, []);
        string hash = await HashAsync("/construction/submit", Online, first);
        Assert.Contains(
            await Online.RefusedAsync("/construction/submit", ("signed_transaction", second)),
            (string[])["NONCE_OCCUPIED", "NONCE_USED"]);
        await FinalAsync(hash);
        Assert.Equal("NONCE_USED", await Online.RefusedAsync(
            "/construction/submit", ("signed_transaction", second)));
        Assert.Equal("OFFLINE", await Offline.RefusedAsync(
            "/construction/submit", ("signed_transaction", second)));
    }

    [Fact]
    public async Task Mempool_WhatWaitsForItsTurn_IsThereAsItWasMeant()
    {
        PrivateKey key = cluster.Accounts[0];
        JsonArray meant = Intents.Transfer(
            0, key.Address, cluster.Accounts[3].Address, 3, await CurrencyAsync());

        // It waits as long as the one before it in its lane is missing.
        JsonObject metadata = await MetadataAsync(key, meant, new JsonObject { ["lane"] = 9 });
        metadata["nonce"] = "1";
        string signed = await SignAsync(key, meant, metadata);
        string hash = await HashAsync("/construction/submit", Online, signed);
        JsonElement waiting = await Online.AskAsync("/mempool");
        Assert.Contains(hash, waiting.GetProperty("transaction_identifiers").EnumerateArray()
            .Select(static id => id.GetProperty("hash").GetString()));
        JsonElement one = await Online.AskAsync(
            "/mempool/transaction", ("transaction_identifier", new JsonObject { ["hash"] = hash }));
        RequireMeant(meant, one.GetProperty("transaction").GetProperty("operations"));
        Assert.Equal("unknown", await OutcomeAsync(hash));
        metadata["nonce"] = "0";
        await HashAsync("/construction/submit", Online, await SignAsync(key, meant, metadata));
        await FinalAsync(hash);
        Assert.DoesNotContain(
            hash,
            (await Online.AskAsync("/mempool")).GetProperty("transaction_identifiers").EnumerateArray()
                .Select(static id => id.GetProperty("hash").GetString()));
    }

    [Fact]
    public async Task Call_StatusOfWhatNoNodeKnows_IsNeverOnceItsTimeIsOverInEveryBlockSince()
    {
        PrivateKey key = cluster.Accounts[5];
        JsonArray meant = Intents.Transfer(
            0, key.Address, cluster.Accounts[3].Address, 2, await CurrencyAsync());
        JsonObject metadata = await MetadataAsync(key, meant, new JsonObject { ["validity_ms"] = 1_000 });

        // Signed and never handed in: as what a node forgot when it restarted.
        string hash = await HashAsync("/construction/hash", Offline, await SignAsync(key, meant, metadata));
        var parameters = new JsonObject
        {
            ["transaction_identifier"] = new JsonObject { ["hash"] = hash },
            ["valid_until_ms"] = metadata["valid_until_ms"]!.DeepClone(),
            ["height"] = metadata["height"]!.DeepClone(),
        };
        await Deadline.UntilAsync("its time is over", Within, async () =>
        {
            await HashAsync("/construction/submit", Online, await ConstructAsync(key, meant, []));
            JsonElement told = await CallAsync("transaction_status", parameters);
            Assert.Equal("UNSPECIFIED", told.GetProperty("state").GetString());
            return told.GetProperty("outcome").GetString() == "never";
        }, static () => "still unknown");

        Assert.Equal("unknown", await OutcomeAsync(hash));
        parameters.Remove("height");
        Assert.Equal("REQUEST_INVALID", await Online.RefusedAsync(
            "/call", ("method", "transaction_status"), ("parameters", parameters)));
    }

    [Fact]
    public async Task Call_CanReceive_SaysWhyATransferWouldNotArrive()
    {
        var parameters = new JsonObject
        {
            ["address"] = Eip55.Format(cluster.Accounts[3].Address),
            ["asset_id"] = MeshCluster.Asset.ToString(),
            ["value"] = "5",
            ["tag"] = "7",
            ["from"] = Eip55.Format(cluster.Accounts[1].Address),
        };
        JsonElement can = await CallAsync("can_receive", parameters);
        Assert.True(can.GetProperty("can_receive").GetBoolean());
        parameters["address"] = Eip55.Format(cluster.Accounts[4].Address);
        JsonElement frozen = await CallAsync("can_receive", parameters);
        Assert.Equal(
            (false, "ACCOUNT_FROZEN"),
            (frozen.GetProperty("can_receive").GetBoolean(), frozen.GetProperty("code").GetString()));
        Assert.Equal("NOT_IMPLEMENTED", await Online.RefusedAsync(
            "/call", ("method", "mint"), ("parameters", new JsonObject())));
    }

    private async Task<string> ConstructAsync(PrivateKey key, JsonArray meant, JsonObject wishes) =>
        await SignAsync(key, meant, await MetadataAsync(key, meant, wishes));

    private async Task<JsonObject> MetadataAsync(PrivateKey key, JsonArray meant, JsonObject wishes)
    {
        JsonElement options = await Offline.AskAsync(
            "/construction/preprocess", ("operations", meant), ("metadata", wishes));
        JsonElement found = await Online.AskAsync(
            "/construction/metadata", ("options", Node(options.GetProperty("options"))),
            ("public_keys", new JsonArray(Intents.Key(key))));
        return (JsonObject)Node(found.GetProperty("metadata"));
    }

    private async Task<string> SignAsync(PrivateKey key, JsonArray meant, JsonObject metadata)
    {
        JsonElement built = await Offline.AskAsync(
            "/construction/payloads", ("operations", meant), ("metadata", metadata));
        string unsigned = built.GetProperty("unsigned_transaction").GetString()!;
        Intents.RequireSame(meant, (await Offline.AskAsync(
            "/construction/parse", ("signed", false), ("transaction", unsigned))).GetProperty("operations"));
        string signed = (await Offline.AskAsync(
            "/construction/combine", ("unsigned_transaction", unsigned),
            ("signatures", Intents.Sign(built.GetProperty("payloads"), key))))
            .GetProperty("signed_transaction").GetString()!;
        Intents.RequireSame(meant, (await Offline.AskAsync(
            "/construction/parse", ("signed", true), ("transaction", signed))).GetProperty("operations"));
        return signed;
    }

    private static async Task<string> HashAsync(string path, MeshClient client, string signed) =>
        (await client.AskAsync(path, ("signed_transaction", signed)))
            .GetProperty("transaction_identifier").GetProperty("hash").GetString()!;

    /// <summary>The transaction once it stands in a block.</summary>
    private async Task<JsonElement> FinalAsync(string hash)
    {
        var id = new JsonObject { ["hash"] = hash };
        JsonElement[] found = await Deadline.GetAsync("it is final", Within, async () =>
        {
            JsonElement answer = await Online.AskAsync(
                "/search/transactions", ("transaction_identifier", id));
            return answer.GetProperty("total_count").GetInt32() == 1
                ? (JsonElement[])[.. answer.GetProperty("transactions").EnumerateArray()]
                : null;
        });
        return Assert.Single(found);
    }

    private async Task<string> OutcomeAsync(string hash) => (await CallAsync(
        "transaction_status", new JsonObject
        {
            ["transaction_identifier"] = new JsonObject { ["hash"] = hash },
        })).GetProperty("outcome").GetString()!;

    private async Task<JsonElement> CallAsync(string method, JsonObject parameters) =>
        (await Online.AskAsync("/call", ("method", method), ("parameters", parameters)))
            .GetProperty("result");

    /// <summary>Operations of a block have a status; all else must be what was meant.</summary>
    private static void RequireMeant(JsonArray meant, JsonElement found)
    {
        var bare = (JsonArray)Node(found);
        foreach (JsonNode? operation in bare)
        {
            Assert.Equal("SUCCESS", operation!["status"]!.GetValue<string>());
            operation.AsObject().Remove("status");
        }

        Assert.True(JsonNode.DeepEquals(meant, bare), $"meant {meant}\nfound {bare}");
    }

    private async Task<string> BalanceAsync(Address account) => (await Online.AskAsync(
        "/account/balance",
        ("account_identifier", new JsonObject { ["address"] = Eip55.Format(account) }),
        ("currencies", new JsonArray(await CurrencyAsync()))))
        .GetProperty("balances")[0].GetProperty("value").GetString()!;

    private async Task<JsonObject> CurrencyAsync()
    {
        V1.GetAssetResponse asset = await cluster.Ledger.Nodes[0].Queries.GetAssetAsync(
            new V1.GetAssetRequest { Asset = MeshCluster.Asset.ToString() });
        return Intents.Currency(MeshCluster.Asset, (int)asset.Asset.Definition.Decimals);
    }

    private static JsonNode Node(JsonElement element) => JsonNode.Parse(element.GetRawText())!;
}
