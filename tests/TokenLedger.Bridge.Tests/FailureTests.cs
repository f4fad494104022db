// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Bridge.Remote;
using TokenLedger.Bridge.Tests.Model;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Evm;
using TokenLedger.Evm.Tests;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Bridge.Tests;

/// <summary>How bridges were robbed, tried on a validator's reading of the chain: FAILURES.md.</summary>
public sealed class FailureTests
{
    private readonly World _world = new();
    private readonly RpcChain _true = new(World.Terms, [World.Token]);
    private readonly BridgeJournal _journal = new(new MemoryStore(BridgeJournal.Families), World.ChainId);

    /// <summary>Poisoned endpoints told of a burn that nobody made, while the honest ones were kept
    /// away.</summary>
    [Theory]
    [InlineData(3, 2)]
    [InlineData(5, 3)]
    public async Task Kelp2026_HonestEndpointsAwayAndOthersPoisoned_NothingIsTaken(int count, int required)
    {
        _true.Mine(1);
        RpcChain poisoned = _true.Fork(0);
        poisoned.Burn(World.Token, 1_000_000);
        poisoned.Mine(1);
        bool away = false;
        EvmClient[] clients =
        [
            .. Enumerable.Range(0, count).Select(i => i < required - 1
                ? FakeNode.Client((method, parameters) => Tell(poisoned, method, parameters), $"poisoned-{i}")
                : FakeNode.Client(
                    (method, parameters) => away
                        ? throw new HttpRequestException("flooded")
                        : Tell(_true, method, parameters),
                    $"honest-{i}")),
        ];
        LaneReader reader = Reader(clients, required);
        Assert.Empty((await reader.ReadAsync(_world.View, default)).Facts);
        _true.Mine(2);
        poisoned.Mine(2);
        away = true;
        RemoteFaultException fault =
            await Assert.ThrowsAsync<RemoteFaultException>(() => reader.ReadAsync(_world.View, default));
        Assert.Contains($"{required} must", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_journal.ReadFacts());
        away = false;
        Assert.Empty((await reader.ReadAsync(_world.View, default)).Facts);
        Assert.Equal(2UL, _journal.Head!.Value.Number);
    }

    /// <summary>A deposit was credited by what an event said, whoever had made it. All endpoints say so
    /// here.</summary>
    [Theory]
    [InlineData("another contract")]
    [InlineData("the register of signers")]
    [InlineData("the bridge, and its storage knows of none")]
    [InlineData("the bridge, of more than its storage knows of")]
    public async Task Allbridge2026_EventWithoutItsBurn_IsNotCredited(string of)
    {
        _true.Burn(World.Token, 10);
        _true.Mine(1);
        Address contract = of switch
        {
            "another contract" => TestNetwork.Named("another contract"),
            "the register of signers" => World.Terms.SignerContract,
            _ => World.Terms.Contract,
        };
        LaneReader reader = Reader(
            [FakeNode.Client((method, parameters) => Bend(Tell(_true, method, parameters)))], 1);
        await Assert.ThrowsAsync<RemoteFaultException>(() => reader.ReadAsync(_world.View, default));
        Assert.Null(_journal.Head);
        Assert.Empty(_journal.ReadFacts());

        JsonNode? Bend(JsonNode? answer)
        {
            if (answer is JsonArray logs)
            {
                JsonObject log = logs[0]!.AsObject();
                log["address"] = contract.ToString();
                if (of.EndsWith("knows of none", StringComparison.Ordinal))
                {
                    JsonObject more = log.DeepClone().AsObject();
                    more["topics"]![1] = "0x" + 2.ToString("x64");
                    more["logIndex"] = "0x1";
                    logs.Add(more);
                }
                else if (of.EndsWith("knows of", StringComparison.Ordinal))
                {
                    string data = log["data"]!.GetValue<string>();
                    log["data"] = string.Concat(
                        data.AsSpan(0, 2 + 64), 11.ToString("x64"), data.AsSpan(2 + 128));
                }
            }

            return answer;
        }
    }

    /// <summary>The same endpoints, telling what is so: what the test above refuses is the lie.</summary>
    [Fact]
    public async Task Allbridge2026_EventOfItsBurn_IsTaken()
    {
        _true.Burn(World.Token, 10);
        _true.Mine(1);
        LaneReader reader =
            Reader([FakeNode.Client((method, parameters) => Tell(_true, method, parameters))], 1);
        var burn = Assert.IsType<BurnObserved>(
            Assert.Single((await reader.ReadAsync(_world.View, default)).Facts));
        Assert.Equal((1UL, new Amount(10)), (burn.Nonce, burn.Amount));
    }

    private static JsonNode? Tell(RpcChain chain, string method, JsonArray parameters) =>
        chain.Answer(method, parameters, chain.Latest.Header.Number);

    private LaneReader Reader(EvmClient[] clients, int required) => new(
        new EvmRemoteChain(
            new ProviderQuorum(clients, required, TimeSpan.FromSeconds(30), TimeProvider.System),
            World.Terms, BridgeValidator.Settings),
        _journal);
}
