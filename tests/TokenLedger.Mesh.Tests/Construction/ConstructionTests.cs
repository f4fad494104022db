// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Mesh.Requests;
using TokenLedger.Protocol.Wire;
using TokenLedger.Testing;

namespace TokenLedger.Mesh.Tests.Construction;

/// <summary>Construction offline: what is parsed is what was meant, and what is signed is the body.</summary>
public sealed class ConstructionTests : IDisposable
{
    private const string RequestId = "0191e2a4-5c1d-7f3e-8a52-9d6b1f0c4e77";

    private static readonly GenesisDocument Genesis = TestNetwork.Genesis();
    private static readonly JsonObject Bond = Intents.Currency(TestNetwork.Bond, 2);

    private readonly InProcess _offline = new(Genesis);
    private readonly PrivateKey _key = PrivateKey.Generate();

    private MeshClient Client => _offline.Client;

    public void Dispose()
    {
        _offline.Dispose();
        _key.Dispose();
    }

    [Fact]
    public async Task Steps_OfTwoPayments_LeadToTheBytesThatTheLedgerTakes()
    {
        JsonArray meant = Meant();
        JsonElement options = (await Client.AskAsync(
            "/construction/preprocess", ("operations", meant), ("metadata", new JsonObject
            {
                ["request_id"] = RequestId,
                ["memo"] = "withdrawal 17",
                ["lane"] = 3,
            }))).GetProperty("options");
        Assert.Equal(Eip55.Format(_key.Address), options.GetProperty("sender").GetString());

        JsonElement built = await PayloadsAsync(meant, Metadata());
        JsonNode unsigned = built.GetProperty("unsigned_transaction").GetString()!;
        Intents.RequireSame(meant, (await ParseAsync(unsigned, signed: false)).GetProperty("operations"));

        JsonNode signed = (await Client.AskAsync(
            "/construction/combine", ("unsigned_transaction", unsigned),
            ("signatures", Intents.Sign(built.GetProperty("payloads"), _key))))
            .GetProperty("signed_transaction").GetString()!;
        JsonElement parsed = await ParseAsync(signed, signed: true);
        Intents.RequireSame(meant, parsed.GetProperty("operations"));
        Assert.Equal(
            Eip55.Format(_key.Address),
            Assert.Single(parsed.GetProperty("account_identifier_signers").EnumerateArray())
                .GetProperty("address").GetString());
        Assert.Equal(RequestId, parsed.GetProperty("metadata").GetProperty("request_id").GetString());

        // The same by the ledger's own code.
        byte[] body = Convert.FromHexString(Field(signed, "body"));
        Assert.Null(TransactionMapper.TryDecode(body, out Transaction? content));
        Assert.Equal(
            (_key.Address, 3U, 41UL, "withdrawal 17", RequestId),
            (content!.Sender, content.Lane, content.Nonce, content.Memo,
                RequestName.Of(content.RequestId!.Value).ToString()));
        Assert.Equal(
            new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(250), 7421), content.Operations[0]);
        byte[] signature = Convert.FromHexString(Field(signed, "signature"));
        Assert.True(new Secp256k1Scheme().TryRecover(
            new TransactionDigest(Genesis.ChainId, Genesis.Hash).Of(body), signature, out Address signer));
        Assert.Equal(_key.Address, signer);
        JsonElement hashed = await Client.AskAsync("/construction/hash", ("signed_transaction", signed));
        Assert.Equal(
            new SignedTransaction([.. body], [.. signature]).IdOn(Genesis.Hash).ToString(),
            hashed.GetProperty("transaction_identifier").GetProperty("hash").GetString());
    }

    public static TheoryData<string, string, string> WrongIntents => new()
    {
        { "0.type", "\"issue_units\"", "OPERATIONS_INVALID" },
        { "0.status", "\"SUCCESS\"", "OPERATIONS_INVALID" },
        { "0.amount.value", "\"-251\"", "OPERATIONS_INVALID" },
        { "0.amount.value", "\"250\"", "OPERATIONS_INVALID" },
        { "0.amount.value", "\"-0\"", "OPERATIONS_INVALID" },
        { "0.amount.value", "\"+250\"", "OPERATIONS_INVALID" },
        { "0.amount.value", "-250", "REQUEST_INVALID" },
        { "1.amount.value", "\"0250\"", "OPERATIONS_INVALID" },
        { "1.amount.currency.decimals", "3", "OPERATIONS_INVALID" },
        { "1.amount.currency.symbol", "\"bond\"", "REQUEST_INVALID" },
        { "1.amount.currency.metadata.asset_id", "\"PK-CARBON\"", "CURRENCY_UNKNOWN" },
        { "1.operation_identifier.index", "2", "OPERATIONS_INVALID" },
        { "1.related_operations", """[{ "index": 1 }]""", "OPERATIONS_INVALID" },
        { "1.account.address", "\"0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359\"", "ADDRESS_INVALID" },
        { "1.account.address", "\"0xFb6916095ca1df60bB79Ce92cE3Ea74c37c5d358\"", "ADDRESS_INVALID" },
        { "1.account.sub_account", """{ "address": "held" }""", "SUB_ACCOUNT_UNSUPPORTED" },
        { "0.metadata", """{ "tag": "7" }""", "OPERATIONS_INVALID" },
        { "1.metadata", """{ "tag": 7 }""", "REQUEST_INVALID" },
        { "1.metadata", """{ "tag": "18446744073709551616" }""", "REQUEST_INVALID" },
        { "1.metadata", """{ "memo": "7" }""", "REQUEST_INVALID" },
        { "1.coin_change", "{}", "REQUEST_INVALID" },
        { "0", "null", "REQUEST_INVALID" },
    };

    [Theory]
    [MemberData(nameof(WrongIntents))]
    public async Task Preprocess_AnIntentThatIsNotOne_IsRefused(string place, string json, string message)
    {
        JsonArray meant = Meant();
        Set(meant, place, json);
        Assert.Equal(message, await Client.RefusedAsync(
            "/construction/preprocess", ("operations", meant)));
        Assert.Equal(message, await Client.RefusedAsync(
            "/construction/payloads", ("operations", meant), ("metadata", Metadata())));
    }

    [Fact]
    public async Task Preprocess_OtherThanPairsOfOneSender_IsRefused()
    {
        JsonArray odd = [.. Meant().Take(3).Select(static node => node!.DeepClone())];
        JsonArray two = Both(
            Intents.Transfer(0, _key.Address, TestNetwork.Bob, 1, Bond),
            Intents.Transfer(2, TestNetwork.Bob, TestNetwork.Alice, 1, Bond));
        JsonArray itself = Intents.Transfer(0, _key.Address, _key.Address, 1, Bond);
        JsonArray most = Both([.. Enumerable.Range(0, Limits.OperationsPerTransaction).Select(i =>
            Intents.Transfer(2 * i, _key.Address, TestNetwork.Bob, 1, Bond))]);
        foreach (JsonArray wrong in (JsonArray[])[[], odd, two, itself])
        {
            Assert.Equal("OPERATIONS_INVALID", await Client.RefusedAsync(
                "/construction/preprocess", ("operations", wrong)));
        }

        await Client.AskAsync("/construction/preprocess", ("operations", most));
        Assert.Equal("REQUEST_INVALID", await Client.RefusedAsync(
            "/construction/preprocess", ("operations", Both(most, Intents.Transfer(
                2 * Limits.OperationsPerTransaction, _key.Address, TestNetwork.Bob, 1, Bond)))));
    }

    [Theory]
    [InlineData("genesis_hash", "\"0000000000000000000000000000000000000000000000000000000000000000\"",
        "METADATA_INVALID")]
    [InlineData("chain_id", "\"1\"", "METADATA_INVALID")]
    [InlineData("sender", "\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\"", "METADATA_INVALID")]
    [InlineData("lane", "64", "REQUEST_INVALID")]
    [InlineData("nonce", "41", "REQUEST_INVALID")]
    [InlineData("request_id", "\"0191E2A4-5C1D-7F3E-8A52-9D6B1F0C4E77\"", "REQUEST_INVALID")]
    [InlineData("fee", "\"1\"", "REQUEST_INVALID")]
    public async Task Payloads_MetadataOfSomethingElse_AreRefused(string member, string json, string message)
    {
        JsonObject metadata = Metadata();
        metadata[member] = JsonNode.Parse(json);
        Assert.Equal(message, await Client.RefusedAsync(
            "/construction/payloads", ("operations", Meant()), ("metadata", metadata)));
    }

    [Fact]
    public async Task Combine_ASignatureThatIsNotTheSenders_IsRefused()
    {
        JsonElement built = await PayloadsAsync(Meant(), Metadata());
        JsonNode unsigned = built.GetProperty("unsigned_transaction").GetString()!;
        JsonArray right = Intents.Sign(built.GetProperty("payloads"), _key);
        using var other = PrivateKey.Generate();
        JsonArray otherKey = Intents.Sign(built.GetProperty("payloads"), other);
        JsonArray otherClaimed = (JsonArray)otherKey.DeepClone();
        otherClaimed[0]!["public_key"] = Intents.Key(_key);
        JsonArray otherDigest = (JsonArray)right.DeepClone();
        otherDigest[0]!["signing_payload"]!["hex_bytes"] = new string('1', 64);
        JsonArray shorter = (JsonArray)right.DeepClone();
        shorter[0]!["hex_bytes"] = shorter[0]!["hex_bytes"]!.GetValue<string>()[..128];
        foreach (JsonArray wrong in (JsonArray[])[otherKey, otherClaimed, otherDigest, shorter])
        {
            Assert.Equal("BAD_SIGNATURE", await Client.RefusedAsync(
                "/construction/combine", ("unsigned_transaction", unsigned), ("signatures", wrong)));
        }

        JsonArray otherType = (JsonArray)right.DeepClone();
        otherType[0]!["signature_type"] = "ecdsa";
        JsonArray twice = [right[0]!.DeepClone(), right[0]!.DeepClone()];
        foreach (JsonArray wrong in (JsonArray[])[otherType, twice, []])
        {
            Assert.Equal("REQUEST_INVALID", await Client.RefusedAsync(
                "/construction/combine", ("unsigned_transaction", unsigned), ("signatures", wrong)));
        }
    }

    [Fact]
    public async Task Parse_ATransactionThatWasChanged_IsRefusedOrIsNotWhatWasMeant()
    {
        JsonArray meant = Meant();
        JsonElement built = await PayloadsAsync(meant, Metadata());
        string unsigned = built.GetProperty("unsigned_transaction").GetString()!;
        string signed = (await Client.AskAsync(
            "/construction/combine", ("unsigned_transaction", unsigned),
            ("signatures", Intents.Sign(built.GetProperty("payloads"), _key))))
            .GetProperty("signed_transaction").GetString()!;

        // Another amount under the same signature.
        JsonElement other = await PayloadsAsync(
            Intents.Transfer(0, _key.Address, TestNetwork.Bob, 999, Bond), Metadata());
        JsonNode changed = JsonNode.Parse(signed)!;
        changed["body"] = Field(other.GetProperty("unsigned_transaction").GetString()!, "body");
        changed["currencies"]!.AsArray().RemoveAt(1);
        Assert.Equal("BAD_SIGNATURE", await ParseRefusedAsync(changed.ToJsonString(), signed: true));

        // Other decimals, which nobody signs: what comes out is not what was meant.
        JsonNode decimals = JsonNode.Parse(unsigned)!;
        decimals["currencies"]![0]!["decimals"] = 0;
        JsonElement parsed = await ParseAsync(decimals.ToJsonString(), signed: false);
        Assert.False(JsonNode.DeepEquals(
            meant, JsonNode.Parse(parsed.GetProperty("operations").GetRawText())));

        JsonNode network = JsonNode.Parse(unsigned)!;
        network["genesis_hash"] = new string('0', 64);
        JsonNode missing = JsonNode.Parse(unsigned)!;
        missing["currencies"]!.AsArray().RemoveAt(1);
        foreach (string wrong in (string[])[network.ToJsonString(), missing.ToJsonString(), "", "{}", signed])
        {
            Assert.Equal("TRANSACTION_INVALID", await ParseRefusedAsync(wrong, signed: false));
        }

        Assert.Equal("TRANSACTION_INVALID", await ParseRefusedAsync(unsigned, signed: true));
        JsonNode canonical = JsonNode.Parse(unsigned)!;
        canonical["body"] = canonical["body"]!.GetValue<string>() + "00";
        Assert.NotEqual("", await ParseRefusedAsync(canonical.ToJsonString(), signed: false));
    }

    [Fact]
    public async Task Combine_AnSInTheUpperHalf_IsRefused()
    {
        JsonElement built = await PayloadsAsync(Meant(), Metadata());
        JsonArray signatures = Intents.Sign(built.GetProperty("payloads"), _key);
        byte[] bytes = Convert.FromHexString(signatures[0]!["hex_bytes"]!.GetValue<string>());
        Array.Fill(bytes, (byte)0xF0, 32, 32);
        signatures[0]!["hex_bytes"] = Convert.ToHexStringLower(bytes);
        Assert.Equal("HIGH_S", await Client.RefusedAsync(
            "/construction/combine",
            ("unsigned_transaction", built.GetProperty("unsigned_transaction").GetString()),
            ("signatures", signatures)));
    }

    private JsonArray Meant() => Both(
        Intents.Transfer(0, _key.Address, TestNetwork.Bob, 250, Bond, tag: 7421),
        Intents.Transfer(2, _key.Address, TestNetwork.Alice, 3, Intents.Currency(TestNetwork.Carbon, 0)));

    private JsonObject Metadata() => new()
    {
        ["genesis_hash"] = Genesis.Hash.ToString(),
        ["chain_id"] = "424242",
        ["height"] = 9,
        ["sender"] = Eip55.Format(_key.Address),
        ["nonce"] = "41",
        ["valid_until_ms"] = 1_767_225_900_000,
        ["lane"] = 3,
        ["request_id"] = RequestId,
        ["memo"] = "withdrawal 17",
    };

    private Task<JsonElement> PayloadsAsync(JsonArray meant, JsonObject metadata) => Client.AskAsync(
        "/construction/payloads", ("operations", meant), ("metadata", metadata));

    private Task<JsonElement> ParseAsync(JsonNode transaction, bool signed) => Client.AskAsync(
        "/construction/parse", ("transaction", transaction), ("signed", signed));

    private Task<string> ParseRefusedAsync(string transaction, bool signed) => Client.RefusedAsync(
        "/construction/parse", ("transaction", transaction), ("signed", signed));

    private static string Field(JsonNode blob, string name) =>
        JsonNode.Parse(blob.GetValue<string>())![name]!.GetValue<string>();

    private static JsonArray Both(params JsonArray[] parts) =>
        [.. parts.SelectMany(static part => part).Select(static node => node!.DeepClone())];

    private static void Set(JsonArray meant, string place, string json)
    {
        string[] parts = place.Split('.');
        JsonNode at = meant;
        foreach (string part in parts[..^1])
        {
            at = int.TryParse(part, out int index) ? at[index]! : at[part]!;
        }

        JsonNode? value = JsonNode.Parse(json);
        if (int.TryParse(parts[^1], out int last))
        {
            at[last] = value;
        }
        else
        {
            at[parts[^1]] = value;
        }
    }
}
