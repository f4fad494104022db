// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;

namespace TokenLedger.Evm.Tests;

public sealed class AbiSignatureTests
{
    private const string TransferTopic = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

    private static readonly Address Contract = new([.. Enumerable.Repeat((byte)1, 20)]);

    [Fact]
    public void Function_OfERC20_HasTheKnownSelector()
    {
        AbiFunction transfer = AbiFunction.Parse("transfer(address to, uint256 amount) returns (bool)");
        Assert.Equal("a9059cbb", Convert.ToHexStringLower(transfer.Selector.AsSpan()));
        Assert.Equal("transfer(address,uint256)", transfer.Signature);
        Assert.Equal([true], transfer.DecodeResult(((UInt256)1).ToArray()));
        Assert.Throws<EvmFormatException>(() => transfer.DecodeCall([1, 2, 3]));
        Assert.Throws<EvmFormatException>(() => transfer.DecodeCall(new byte[68]));
        Assert.Equal(
            "08c379a0", Convert.ToHexStringLower(AbiFunction.Parse("Error(string)").Selector.AsSpan()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("f")]
    [InlineData("f(")]
    [InlineData("f(uint8")]
    [InlineData("f(uint8))")]
    [InlineData("f(uint8,)")]
    [InlineData("f(,uint8)")]
    [InlineData("(uint8)")]
    [InlineData("1f(uint8)")]
    [InlineData("f (uint8)")]
    [InlineData("f(uint)")]
    [InlineData("f(uint8 a b)")]
    [InlineData("f(uint8 indexed)")]
    [InlineData("f(uint8) returns (bool")]
    [InlineData("f(uint8) returns bool")]
    [InlineData("f(uint8) returns (bool) x")]
    public void Function_NoSignature_IsRefused(string text) =>
        Assert.Throws<EvmFormatException>(() => AbiFunction.Parse(text));

    [Fact]
    public void Event_OfERC20_DecodesTopicsAndData()
    {
        AbiEvent transfer = AbiEvent.Parse("Transfer(address indexed from,address indexed to,uint256 value)");
        Assert.Equal(TransferTopic, transfer.Topic.ToString());
        ImmutableArray<Hash256> topics = [transfer.Topic, Topic(5), Topic(6)];
        object[] values = transfer.Decode(new EvmLog(
            Contract, topics, [.. ((UInt256)7).ToArray()], 1, default, default, 0));
        Assert.Equal(["0x0000000000000000000000000000000000000005",
            "0x0000000000000000000000000000000000000006", "7"], values.Select(one => one.ToString()!));

        byte[] seven = ((UInt256)7).ToArray();
        Assert.Throws<EvmFormatException>(() => transfer.Decode(topics[..2], seven));
        Assert.Throws<EvmFormatException>(() => transfer.Decode([.. topics, Topic(1)], seven));
        Assert.Throws<EvmFormatException>(() => transfer.Decode([Topic(1), .. topics[1..]], seven));
        Assert.Throws<EvmFormatException>(() => transfer.Decode([], seven));
        Assert.Throws<EvmFormatException>(() => transfer.Decode(topics, [.. seven, 0]));
        Assert.Throws<EvmFormatException>(() => transfer.Decode([.. topics[..2], transfer.Topic], seven));
    }

    [Fact]
    public void Event_IndexedText_IsItsHash()
    {
        AbiEvent named =
            AbiEvent.Parse("Named(uint64 a,string indexed name,(uint8,bool)[] indexed list,bytes b)");
        Assert.Equal("Named(uint64,string,(uint8,bool)[],bytes)", named.Signature);
        byte[] data =
            AbiCodec.Encode((AbiTuple)AbiType.Parse("(uint64,bytes)"), (UInt256)9, new byte[] { 1 });
        object[] values = named.Decode([named.Topic, Topic(1), Topic(2)], data);
        Assert.Equal([(UInt256)9, Topic(1), Topic(2), new byte[] { 1 }], values);
    }

    [Theory]
    [InlineData("E(uint8 indexed,uint8 indexed,uint8 indexed,uint8 indexed)")]
    [InlineData("E(uint8) returns (bool)")]
    [InlineData("E(indexed uint8)")]
    [InlineData("E")]
    public void Event_NoSignature_IsRefused(string text) =>
        Assert.Throws<EvmFormatException>(() => AbiEvent.Parse(text));

    [Theory]
    [InlineData(41)]
    public void Parse_MutatedText_IsRefusedOrRead(int seed)
    {
        var gen = new Gen(seed);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] text = System.Text.Encoding.ASCII.GetBytes("f" + gen.Tuple(3, 0) + " returns (bool)");
            string mutated = System.Text.Encoding.Latin1.GetString(gen.Mutate(text));
            try
            {
                _ = AbiFunction.Parse(mutated);
            }
            catch (EvmFormatException)
            {
                // What is refused is refused by this type.
            }
        }
    }

    private static Hash256 Topic(ulong number) => new(((UInt256)number).ToArray());
}
