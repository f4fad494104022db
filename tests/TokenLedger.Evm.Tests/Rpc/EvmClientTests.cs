// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Evm.Tests;

public sealed class EvmClientTests
{
    private static readonly Address Contract = new([.. Enumerable.Repeat((byte)0xC0, 20)]);
    private static readonly Hash256 Block = new([.. Enumerable.Repeat((byte)0xB1, 32)]);
    private static readonly Hash256 Topic = new([.. Enumerable.Repeat((byte)0x70, 32)]);
    private static readonly EvmLogFilter Filter = new([Contract], [[Topic]]);

    [Fact]
    public async Task StateReads_AtAHash_NameItAndWantItCanonical()
    {
        var seen = new List<string>();
        EvmClient client = FakeNode.Client((_, parameters) =>
        {
            seen.Add(parameters[^1]!.ToJsonString());
            return "0x";
        });
        await client.CallAsync(new EvmCall(Contract, new byte[] { 1 }), Block);
        await client.CodeAsync(Contract, Block);
        await client.CodeAsync(Contract, BlockId.Number(10));
        await client.CodeAsync(Contract, default);
        string pinned = $$"""{"blockHash":"0x{{Block}}","requireCanonical":true}""";
        Assert.Equal([pinned, pinned, "\"0xa\"", "\"latest\""], seen);
        Assert.Throws<ArgumentException>(() => BlockId.Hash(default));
    }

    [Fact]
    public async Task Block_AnotherThanWasAsked_IsMalformed()
    {
        EvmClient client = FakeNode.Client((_, _) => EvmBlockHeaderTests.Genesis());
        Assert.Equal(0ul, (await client.BlockAsync(BlockId.Number(0)))!.Number);
        Assert.Equal(0ul, (await client.BlockAsync(BlockId.Finalized))!.Number);
        await Assert.ThrowsAsync<EvmAnswerException>(() => client.BlockAsync(BlockId.Number(1)));
        await Assert.ThrowsAsync<EvmAnswerException>(() => client.BlockAsync(Block));
        Assert.Null(await FakeNode.Client((_, _) => null).BlockAsync(Block));
    }

    public static TheoryData<string, string?> LogLies => new()
    {
        { "address", "\"0x0000000000000000000000000000000000000001\"" },
        { "topics", "[]" },
        { "topics", "[\"0x0000000000000000000000000000000000000000000000000000000000000001\"]" },
        { "topics", "7" },
        { "data", "\"0x1\"" },
        { "blockNumber", "\"0x63\"" },
        { "blockNumber", "\"0xc9\"" },
        { "blockNumber", "null" },
        { "logIndex", "\"0x00\"" },
        { "removed", "true" },
        { "removed", "null" },
        { "transactionHash", null },
        { "blockHash", null },
    };

    [Theory]
    [MemberData(nameof(LogLies))]
    public async Task Logs_ThatWereNotAskedFor_AreMalformed(string member, string? value)
    {
        JsonObject lie = Log(150, 3);
        lie.Remove(member);
        if (value is not null)
        {
            lie[member] = JsonNode.Parse(value);
        }

        EvmClient client = FakeNode.Client((_, _) => new JsonArray(lie.DeepClone()));
        await Assert.ThrowsAsync<EvmAnswerException>(() => client.LogsAsync(Filter, 100, 200));
    }

    [Fact]
    public async Task Logs_OutOfOrderOrOfAnotherBlock_AreMalformed()
    {
        EvmClient twice = FakeNode.Client((_, _) => new JsonArray(Log(150, 3), Log(150, 3)));
        await Assert.ThrowsAsync<EvmAnswerException>(() => twice.LogsAsync(Filter, 100, 200));
        EvmClient back = FakeNode.Client((_, _) => new JsonArray(Log(150, 3), Log(149, 4)));
        await Assert.ThrowsAsync<EvmAnswerException>(() => back.LogsAsync(Filter, 100, 200));
        EvmClient right = FakeNode.Client((_, _) => new JsonArray(Log(150, 3), Log(150, 4), Log(151, 0)));
        Assert.Equal(3, (await right.LogsAsync(Filter, 100, 200)).Length);
        Assert.Equal(3, (await right.LogsAsync(Filter, Block)).Length);
        await Assert.ThrowsAsync<EvmAnswerException>(() => right.LogsAsync(Filter, Topic));
    }

    [Theory]
    [InlineData(1, 1_000)]
    [InlineData(7, 1_000)]
    [InlineData(5_000, 1_000)]
    public async Task Logs_ProviderWithALimit_IsAskedForLess(ulong limit, ulong blocks)
    {
        int calls = 0;
        EvmClient client = FakeNode.Client((_, parameters) =>
        {
            calls++;
            (ulong from, ulong to) = RangeOf(parameters);
            return to - from >= limit
                ? FakeNode.Error(-32602, "range is too wide")
                : new JsonArray(
                    [.. Enumerable.Range((int)from, (int)(to - from + 1)).Select(n => Log(n, 0))]);
        });
        ImmutableArray<EvmLog> logs = await client.LogsAsync(Filter, 1, blocks);
        Assert.Equal(
            Enumerable.Range(1, (int)blocks).Select(n => (ulong)n), logs.Select(log => log.BlockNumber));
        Assert.InRange(calls, 1, (int)(2 * blocks / limit) + 20);
    }

    /// <summary>One crowded block among many: after it, the range grows again.</summary>
    [Fact]
    public async Task Logs_CrowdedStretch_SlowsOnlyItself()
    {
        var node = new FakeNode((_, parameters) =>
            RangeOf(parameters) is var (from, to) && from < to && from <= 500 && to > 500
                ? FakeNode.Error(-32005, "more than 10000 results")
                : new JsonArray());
        Assert.Empty(await node.ToClient().LogsAsync(Filter, 0, 100_000));
        Assert.InRange(node.Asked.Count, 2, 300);
    }

    [Fact]
    public async Task Logs_ProviderThatAlwaysRefuses_FailsAfterFewCalls()
    {
        var node = new FakeNode((_, _) => FakeNode.Error(-32000, "no"));
        await Assert.ThrowsAsync<EvmRpcException>(() => node.ToClient().LogsAsync(Filter, 0, ulong.MaxValue));
        Assert.InRange(node.Asked.Count, 2, 70);
    }

    [Fact]
    public async Task Logs_WithoutEnd_AreBounded()
    {
        EvmClient one = FakeNode.Client((_, parameters) => RangeOf(parameters) is var (from, to) && to > from
            ? FakeNode.Error(-32000, "one block")
            : new JsonArray());
        EvmAnswerException e = await Assert.ThrowsAsync<EvmAnswerException>(() =>
            one.LogsAsync(Filter, 0, ulong.MaxValue));
        Assert.True(e.IsTooLarge);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => one.LogsAsync(Filter, 2, 1));
    }

    [Fact]
    public async Task Send_ProviderThatTellsAnotherId_IsMalformed()
    {
        using PrivateKey key = new Gen(1).Key();
        SignedEip1559Transaction signed = new Gen(1).Transaction().Sign(key);
        EvmClient right = FakeNode.Client((_, _) => "0x" + signed.Hash);
        Assert.Equal(signed.Hash, await right.SendAsync(signed));
        EvmClient wrong = FakeNode.Client((_, _) => "0x" + Block);
        await Assert.ThrowsAsync<EvmAnswerException>(() => wrong.SendAsync(signed));
    }

    [Fact]
    public async Task FeeHistory_OfOtherForm_IsMalformed()
    {
        foreach (string body in (string[])
            [
                """{"oldestBlock":"0x1","baseFeePerGas":[]}""",
                """{"oldestBlock":"0x1","baseFeePerGas":["0x1","0x1","0x1","0x1"]}""",
                """{"oldestBlock":"0x1","baseFeePerGas":["0x1","0x1"],"reward":[["0x1"],["0x1"]]}""",
                """{"oldestBlock":"0x1","baseFeePerGas":["0x1","0x1"],"reward":[[]]}""",
                """{"oldestBlock":1,"baseFeePerGas":["0x1","0x1"]}""",
                "null", "[]", "7",
            ])
        {
            EvmClient client = FakeNode.Client((_, _) => JsonNode.Parse(body));
            await Assert.ThrowsAsync<EvmAnswerException>(() => client.FeeHistoryAsync(2, [50]));
        }
    }

    /// <summary>
    /// Every typed method, on answers with some bytes changed: a typed error, or an answer.
    /// </summary>
    [Theory]
    [InlineData(71)]
    [InlineData(72)]
    public async Task EveryMethod_MutatedAnswers_GiveTypedErrorsOnly(int seed)
    {
        var gen = new Gen(seed);
        EvmClient client = new FakeNode(Genuine) { Mutate = bytes => gen.Mutate(bytes) }.ToClient();
        EvmClient genuine = FakeNode.Client(Genuine);
        foreach (Func<EvmClient, Task> call in Calls)
        {
            await call(genuine);
            int refused = 0;
            for (int i = 0; i < 300; i++)
            {
                try
                {
                    await call(client);
                }
                catch (EvmCallException)
                {
                    refused++;
                }
            }

            Assert.InRange(refused, 30, 300);
        }
    }

    private static readonly SignedEip1559Transaction Sent = new Gen(5).Transaction().Sign(new Gen(6).Key());

    private static IEnumerable<Func<EvmClient, Task>> Calls =>
    [
        client => client.ChainIdAsync(),
        client => client.BlockAsync(BlockId.Latest),
        client => client.CallAsync(new EvmCall(Contract, default), Block),
        client => client.CodeAsync(Contract, Block),
        client => client.BalanceAsync(Contract, Block),
        client => client.StorageAsync(Contract, Topic, Block),
        client => client.NonceAsync(Contract, Block),
        client => client.ProofAsync(Contract, [Topic], Block),
        client => client.LogsAsync(Filter, Block),
        client => client.LogsAsync(Filter, 100, 200),
        client => client.ReceiptAsync(Topic),
        client => client.TransactionAsync(Sent.Hash),
        client => client.EstimateGasAsync(new EvmCall(null, default, Contract, 5)),
        client => client.GasPriceAsync(),
        client => client.FeeHistoryAsync(1, [50]),
        client => client.SendAsync(Sent),
    ];

    private static JsonNode? Genuine(string method, JsonArray parameters) => method switch
    {
        "eth_getBlockByNumber" => EvmBlockHeaderTests.Genesis(),
        "eth_getLogs" => new JsonArray(Log(150, 3), Log(151, 0)),
        "eth_getProof" => new JsonObject
        {
            ["address"] = Contract.ToString(),
            ["balance"] = "0x1",
            ["nonce"] = "0x2",
            ["codeHash"] = "0x" + PatriciaProof.EmptyCodeHash,
            ["storageHash"] = "0x" + PatriciaProof.EmptyRoot,
            ["accountProof"] = new JsonArray("0xc0", "0xc1"),
            ["storageProof"] = new JsonArray(new JsonObject
            {
                ["key"] = "0x" + Topic,
                ["value"] = "0x0",
                ["proof"] = new JsonArray(),
            }),
        },
        "eth_getTransactionReceipt" => new JsonObject
        {
            ["transactionHash"] = "0x" + Topic,
            ["blockNumber"] = "0x96",
            ["blockHash"] = "0x" + Block,
            ["status"] = "0x1",
            ["gasUsed"] = "0x5208",
            ["effectiveGasPrice"] = "0x7",
            ["contractAddress"] = null,
            ["logs"] = new JsonArray(Log(150, 3)),
        },
        "eth_getTransactionByHash" => Transaction(),
        "eth_feeHistory" => JsonNode.Parse(
            """{"oldestBlock":"0x1","baseFeePerGas":["0x1","0x2"],"reward":[["0x3"]]}"""),
        "eth_sendRawTransaction" => "0x" + Sent.Hash,
        "eth_call" or "eth_getCode" => "0x0102",
        _ => "0x1234",
    };

    private static JsonObject Transaction() => new()
    {
        ["hash"] = "0x" + Sent.Hash,
        ["type"] = "0x2",
        ["from"] = new Gen(6).Key().Address.ToString(),
        ["nonce"] = EvmHex.Quantity(Sent.Transaction.Nonce),
        ["blockNumber"] = null,
        ["blockHash"] = null,
        ["chainId"] = EvmHex.Quantity(Sent.Transaction.ChainId),
        ["maxPriorityFeePerGas"] = EvmHex.Quantity(Sent.Transaction.MaxPriorityFeePerGas),
        ["maxFeePerGas"] = EvmHex.Quantity(Sent.Transaction.MaxFeePerGas),
        ["gas"] = EvmHex.Quantity(Sent.Transaction.GasLimit),
        ["to"] = Sent.Transaction.To?.ToString(),
        ["value"] = EvmHex.Quantity(Sent.Transaction.Value),
        ["input"] = Plain.Hex(Sent.Transaction.Data.AsSpan()),
        ["accessList"] = new JsonArray([.. Sent.Transaction.AccessList.Select(entry => new JsonObject
        {
            ["address"] = entry.Account.ToString(),
            ["storageKeys"] = new JsonArray([.. entry.Slots.Select(slot => (JsonNode)("0x" + slot))]),
        })]),
        ["r"] = EvmHex.Quantity(new UInt256(Sent.Signature.AsSpan(0, 32))),
        ["s"] = EvmHex.Quantity(new UInt256(Sent.Signature.AsSpan(32, 32))),
        ["yParity"] = EvmHex.Quantity((ulong)(Sent.Signature[64] - 27)),
    };

    private static JsonObject Log(int block, int index) => new()
    {
        ["address"] = Contract.ToString(),
        ["topics"] = new JsonArray("0x" + Topic),
        ["data"] = "0x",
        ["blockNumber"] = EvmHex.Quantity((ulong)block),
        ["blockHash"] = "0x" + Block,
        ["transactionHash"] = "0x" + Topic,
        ["logIndex"] = EvmHex.Quantity((ulong)index),
        ["removed"] = false,
    };

    private static (ulong From, ulong To) RangeOf(JsonArray parameters)
    {
        Assert.True(UInt256.TryParseHex(parameters[0]!["fromBlock"]!.GetValue<string>(), out UInt256 from));
        Assert.True(UInt256.TryParseHex(parameters[0]!["toBlock"]!.GetValue<string>(), out UInt256 to));
        return ((ulong)from, (ulong)to);
    }
}
