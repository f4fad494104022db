// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Mesh.Tests.Construction;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Mesh.Tests.Reconciliation;

/// <summary>What mesh-cli's check:data asks: operations explain every balance at every height.</summary>
[Collection(MeshGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class ReconciliationTests(MeshCluster cluster)
{
    private MeshClient Client => cluster.Online;

    [Fact]
    public async Task Blocks_FromGenesisToTheTip_SumToEveryBalance()
    {
        JsonElement allow = (await Client.AskAsync("/network/options")).GetProperty("allow");
        JsonElement status = await Client.AskAsync("/network/status");
        JsonElement tip = status.GetProperty("current_block_identifier");
        var book = new Book(allow);
        for (long height = 0; height <= tip.GetProperty("index").GetInt64(); height++)
        {
            JsonElement block = await BlockAsync(height);
            foreach ((string Account, string Currency) key in book.Add(block))
            {
                await RequireAsync(block.GetProperty("block_identifier"), key, book.Balances[key]);
            }

            if (height == 0)
            {
                Assert.Equal(
                    status.GetProperty("genesis_block_identifier").GetRawText(),
                    block.GetProperty("block_identifier").GetRawText());
            }
        }

        // At the tip, those too that were quiet for long.
        foreach ((var key, BigInteger balance) in book.Balances)
        {
            await RequireAsync(tip, key, balance);
        }

        // The past had something of everything that a devnet's accounts can do.
        string[] expected = ["transfer", "issue_units", "burn_units", "register_account", "freeze_account"];
        Assert.Empty(expected.Except(book.Seen));
        Assert.True(book.Failures > 0);
        await RequireSuppliesAsync(book, tip);
    }

    [Fact]
    public async Task Block_ByIndexAndByHash_IsTheSameForEver()
    {
        JsonElement first = await Client.AskAsync("/block", Named(2));
        string hash = first.GetProperty("block").GetProperty("block_identifier").GetProperty("hash")
            .GetString()!;
        JsonElement again = await Client.AskAsync(
            "/block", ("block_identifier", new JsonObject { ["hash"] = hash }));
        Assert.Equal(first.GetRawText(), again.GetRawText());
        await Client.AskAsync(
            "/block", ("block_identifier", new JsonObject { ["index"] = 2, ["hash"] = hash }));
        Assert.Equal("BLOCK_UNKNOWN", await Client.RefusedAsync(
            "/block", ("block_identifier", new JsonObject { ["index"] = 3, ["hash"] = hash })));
        Assert.Equal("BLOCK_UNKNOWN", await Client.RefusedAsync(
            "/block", ("block_identifier", new JsonObject { ["hash"] = new string('a', 64) })));
        Assert.Equal("BLOCK_UNKNOWN", await Client.RefusedAsync("/block", Named(1_000_000)));
        Assert.Equal("REQUEST_INVALID", await Client.RefusedAsync("/block", Named(-1)));

        // Without a name it is the newest.
        JsonElement newest = await Client.AskAsync("/block", ("block_identifier", new JsonObject()));
        Assert.True(newest.GetProperty("block").GetProperty("block_identifier").GetProperty("index")
            .GetInt64() > 2);
    }

    [Fact]
    public async Task Transaction_OfABlock_IsWhatTheBlockHas()
    {
        (JsonElement block, JsonElement inside) = await FirstTransferAsync();
        JsonElement alone = await Client.AskAsync(
            "/block/transaction",
            ("block_identifier", JsonNode.Parse(block.GetProperty("block_identifier").GetRawText())),
            ("transaction_identifier", JsonNode.Parse(
                inside.GetProperty("transaction_identifier").GetRawText())));
        Assert.Equal(inside.GetRawText(), alone.GetProperty("transaction").GetRawText());
        JsonElement found = await Client.AskAsync(
            "/search/transactions", ("transaction_identifier", JsonNode.Parse(
                inside.GetProperty("transaction_identifier").GetRawText())));
        Assert.Equal(1, found.GetProperty("total_count").GetInt32());
        Assert.Equal(
            inside.GetRawText(),
            found.GetProperty("transactions")[0].GetProperty("transaction").GetRawText());

        var unknown = new JsonObject { ["hash"] = new string('b', 64) };
        Assert.Equal("TRANSACTION_UNKNOWN", await Client.RefusedAsync(
            "/block/transaction",
            ("block_identifier", JsonNode.Parse(block.GetProperty("block_identifier").GetRawText())),
            ("transaction_identifier", unknown)));
        Assert.Equal(0, (await Client.AskAsync(
            "/search/transactions", ("transaction_identifier", unknown)))
            .GetProperty("total_count").GetInt32());
        Assert.Equal("NOT_IMPLEMENTED", await Client.RefusedAsync("/search/transactions", ("limit", 5)));
    }

    [Fact]
    public async Task Search_ForWhatABlockDidByItself_FindsItUnderTheBlocksHash()
    {
        JsonElement genesis = await BlockAsync(0);
        JsonElement only = Assert.Single(genesis.GetProperty("transactions").EnumerateArray());
        (string, JsonNode?) id = (
            "transaction_identifier",
            JsonNode.Parse(only.GetProperty("transaction_identifier").GetRawText()));
        JsonElement found = await Client.AskAsync("/search/transactions", id);
        Assert.Equal(1, found.GetProperty("total_count").GetInt32());
        Assert.Equal(
            only.GetRawText(), found.GetProperty("transactions")[0].GetProperty("transaction").GetRawText());

        // A block that did nothing by itself has no transaction of its hash.
        JsonElement block = (await FirstTransferAsync()).Block.GetProperty("block_identifier");
        JsonElement none = await Client.AskAsync(
            "/search/transactions",
            ("transaction_identifier",
                new JsonObject { ["hash"] = block.GetProperty("hash").GetString() }));
        Assert.Equal(0, none.GetProperty("total_count").GetInt32());
    }

    [Fact]
    public async Task Balance_OfNobody_IsZeroAtEveryHeight()
    {
        using var nobody = PrivateKey.Generate();
        JsonObject currency = await CurrencyAsync();
        foreach (JsonObject block in (JsonObject[])[[], new JsonObject { ["index"] = 0 }])
        {
            JsonElement told = await Client.AskAsync(
                "/account/balance", Account(nobody.Address), ("block_identifier", block),
                ("currencies", new JsonArray(currency.DeepClone())));
            Assert.Equal("0", Assert.Single(told.GetProperty("balances").EnumerateArray())
                .GetProperty("value").GetString());
        }

        JsonElement all = await Client.AskAsync("/account/balance", Account(nobody.Address));
        Assert.Equal(0, all.GetProperty("balances").GetArrayLength());
        JsonElement known = await Client.AskAsync(
            "/account/balance", Account(cluster.Accounts[3].Address));
        JsonElement only = Assert.Single(known.GetProperty("balances").EnumerateArray());
        Intents.RequireSame(
            new JsonArray(currency.DeepClone()), JsonDocument.Parse(
                $"[{only.GetProperty("currency").GetRawText()}]").RootElement);
    }

    [Fact]
    public async Task Balance_QuestionsThatAreWrong_AreRefused()
    {
        (string, JsonNode?) account = Account(cluster.Accounts[0].Address);
        JsonObject currency = await CurrencyAsync();
        JsonObject otherDecimals = (JsonObject)currency.DeepClone();
        otherDecimals["decimals"] = currency["decimals"]!.GetValue<int>() + 1;
        (JsonArray Currencies, string Message)[] wrong =
        [
            ([otherDecimals], "CURRENCY_UNKNOWN"),
            ([Intents.Currency(AssetId.Parse("NO-SUCH"), 2)], "CURRENCY_UNKNOWN"),
            ([.. Enumerable.Range(0, Limits.MeshCurrencies + 1).Select(_ => currency.DeepClone())],
                "REQUEST_INVALID"),
        ];
        foreach ((JsonArray currencies, string message) in wrong)
        {
            Assert.Equal(message, await Client.RefusedAsync(
                "/account/balance", account, ("currencies", currencies)));
        }

        await Client.AskAsync("/account/balance", account, ("currencies", new JsonArray(
            [.. Enumerable.Range(0, Limits.MeshCurrencies).Select(_ => currency.DeepClone())])));
        Assert.Equal("BLOCK_UNKNOWN", await Client.RefusedAsync(
            "/account/balance", account, Named(1_000_000)));
        Assert.Equal("COINS_UNSUPPORTED", await Client.RefusedAsync(
            "/account/coins", account, ("include_mempool", false)));
        Assert.Equal("SUB_ACCOUNT_UNSUPPORTED", await Client.RefusedAsync(
            "/account/balance", ("account_identifier", new JsonObject
            {
                ["address"] = Eip55.Format(cluster.Accounts[0].Address),
                ["sub_account"] = new JsonObject { ["address"] = "held" },
            })));
    }

    [Fact]
    public async Task Events_FromAnySequence_AreTheBlocks()
    {
        JsonElement tail = await Client.AskAsync("/events/blocks", ("limit", 3));
        Assert.Equal(3, tail.GetProperty("events").GetArrayLength());
        Assert.Equal(
            tail.GetProperty("max_sequence").GetInt64(),
            tail.GetProperty("events")[2].GetProperty("sequence").GetInt64());
        JsonElement head = await Client.AskAsync("/events/blocks", ("offset", 0), ("limit", 1_000));
        JsonElement.ArrayEnumerator events = head.GetProperty("events").EnumerateArray();
        Assert.InRange(events.Count(), 1, Limits.MeshBlockEvents);
        foreach ((int i, JsonElement added) in events.Index())
        {
            Assert.Equal((i, "block_added"), (
                added.GetProperty("sequence").GetInt32(), added.GetProperty("type").GetString()));
        }

        JsonElement beyond = await Client.AskAsync("/events/blocks", ("offset", 1_000_000));
        Assert.Equal(0, beyond.GetProperty("events").GetArrayLength());
    }

    private async Task<JsonElement> BlockAsync(long height)
    {
        JsonElement answer = await Client.AskAsync("/block", Named(height));
        Assert.False(answer.TryGetProperty("other_transactions", out _), "the devnet's blocks are small");
        return answer.GetProperty("block");
    }

    private async Task RequireAsync(
        JsonElement block, (string Account, string Currency) of, BigInteger expected)
    {
        JsonElement told = await Client.AskAsync(
            "/account/balance",
            ("account_identifier", JsonNode.Parse(of.Account)),
            ("block_identifier", JsonNode.Parse(block.GetRawText())),
            ("currencies", new JsonArray(JsonNode.Parse(of.Currency))));
        Assert.Equal(block.GetRawText(), told.GetProperty("block_identifier").GetRawText());
        JsonElement balance = Assert.Single(told.GetProperty("balances").EnumerateArray());
        Assert.Equal(of.Currency, balance.GetProperty("currency").GetRawText());
        Assert.Equal(
            expected.ToString(CultureInfo.InvariantCulture), balance.GetProperty("value").GetString());
    }

    /// <summary>All that is outstanding of an asset is in the book: no holder is missing.</summary>
    private async Task RequireSuppliesAsync(Book book, JsonElement tip)
    {
        V1.ListAssetsResponse assets = await cluster.Ledger.Nodes[0].Queries.ListAssetsAsync(new());
        Assert.True(assets.AsOfHeight >= tip.GetProperty("index").GetUInt64());
        foreach (V1.Asset asset in assets.Assets)
        {
            BigInteger held = book.Balances.Where(entry => JsonDocument.Parse(entry.Key.Currency).RootElement
                .GetProperty("symbol").GetString() == asset.Definition.Symbol)
                .Aggregate(BigInteger.Zero, static (sum, entry) => sum + entry.Value);
            Assert.Equal(asset.Supply, held.ToString(CultureInfo.InvariantCulture));
        }
    }

    private async Task<(JsonElement Block, JsonElement Transaction)> FirstTransferAsync()
    {
        for (long height = 1; ; height++)
        {
            JsonElement block = await BlockAsync(height);
            foreach (JsonElement transaction in block.GetProperty("transactions").EnumerateArray())
            {
                if (transaction.GetProperty("operations").EnumerateArray().Any(static operation =>
                    operation.GetProperty("type").GetString() == "transfer"))
                {
                    return (block, transaction);
                }
            }
        }
    }

    private async Task<JsonObject> CurrencyAsync()
    {
        V1.GetAssetResponse asset = await cluster.Ledger.Nodes[0].Queries.GetAssetAsync(
            new V1.GetAssetRequest { Asset = MeshCluster.Asset.ToString() });
        return Intents.Currency(MeshCluster.Asset, (int)asset.Asset.Definition.Decimals);
    }

    private static (string, JsonNode?) Account(Address address) =>
        ("account_identifier", new JsonObject { ["address"] = Eip55.Format(address) });

    private static (string, JsonNode?) Named(long height) =>
        ("block_identifier", new JsonObject { ["index"] = height });
}
