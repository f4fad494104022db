// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TokenLedger.Evm.Tests;

public sealed class EvmBlockHeaderTests
{
    private const string EmptyRoot = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
    private const string Zero = "0x0000000000000000000000000000000000000000000000000000000000000000";
    private const string Zero20 = "0x0000000000000000000000000000000000000000";

    [Fact]
    public void Parse_GenesisOfEthereum_HasItsHash()
    {
        EvmBlockHeader header = Parse(Genesis());
        Assert.Equal(
            "d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3", header.Hash.ToString());
        Assert.Equal(header, Parse(Genesis()));
    }

    [Fact]
    public void Parse_AnyFieldChanged_IsRefused()
    {
        foreach (string name in Genesis().Select(field => field.Key).ToArray())
        {
            JsonObject changed = Genesis();
            string text = changed[name]!.GetValue<string>();
            changed[name] = text[..^1] + (text[^1] == '7' ? '8' : '7');
            Assert.Throws<EvmFormatException>(() => Parse(changed));
            changed[name] = null;
            Assert.Throws<EvmFormatException>(() => Parse(changed));
            changed[name] = 1;
            Assert.Throws<EvmFormatException>(() => Parse(changed));
            changed.Remove(name);
            Assert.Throws<EvmFormatException>(() => Parse(changed));
        }
    }

    [Theory]
    [InlineData("baseFeePerGas", "0x7")]
    [InlineData("withdrawalsRoot", EmptyRoot)]
    [InlineData("blobGasUsed", "0x0")]
    [InlineData("requestsHash", EmptyRoot)]
    public void Parse_FieldsOfAnotherFork_IsRefused(string name, string value)
    {
        JsonObject changed = Genesis();
        changed[name] = value;
        Assert.Throws<EvmFormatException>(() => Parse(changed));
    }

    [Fact]
    public void Parse_NoObject_IsRefused()
    {
        Assert.Throws<EvmFormatException>(() => EvmBlockHeader.Parse(JsonDocument.Parse("[]").RootElement));
        Assert.Throws<EvmFormatException>(() => EvmBlockHeader.Parse(JsonDocument.Parse("7").RootElement));
    }

    internal static JsonObject Genesis() => new()
    {
        ["hash"] = "0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3",
        ["parentHash"] = Zero,
        ["sha3Uncles"] = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
        ["miner"] = Zero20,
        ["stateRoot"] = "0xd7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544",
        ["transactionsRoot"] = EmptyRoot,
        ["receiptsRoot"] = EmptyRoot,
        ["logsBloom"] = "0x" + new string('0', 512),
        ["difficulty"] = "0x400000000",
        ["number"] = "0x0",
        ["gasLimit"] = "0x1388",
        ["gasUsed"] = "0x0",
        ["timestamp"] = "0x0",
        ["extraData"] = "0x11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa",
        ["mixHash"] = Zero,
        ["nonce"] = "0x0000000000000042",
    };

    private static EvmBlockHeader Parse(JsonNode block)
    {
        using var document = JsonDocument.Parse(block.ToJsonString());
        return EvmBlockHeader.Parse(document.RootElement);
    }
}
