// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace TokenLedger.Evm.Tests;

/// <summary>Vectors: the examples of Ethereum's documentation and of its RLP tests.</summary>
public sealed class RlpTests
{
    private const string Lorem = "Lorem ipsum dolor sit amet, consectetur adipisicing elit";

    public static TheoryData<string, RlpItem> Examples => new()
    {
        { "83646f67", Text("dog") },
        { "c88363617483646f67", RlpItem.List(Text("cat"), Text("dog")) },
        { "80", Text("") },
        { "c0", RlpItem.List() },
        { "80", RlpItem.Number(0) },
        { "00", RlpItem.Bytes([0]) },
        { "01", RlpItem.Number(1) },
        { "0f", RlpItem.Number(15) },
        { "7f", RlpItem.Number(127) },
        { "8180", RlpItem.Number(128) },
        { "820400", RlpItem.Number(1024) },
        { "830186a0", RlpItem.Number(100_000) },
        {
            "8f102030405060708090a0b0c0d0e0f2",
            RlpItem.Bytes(Convert.FromHexString("102030405060708090a0b0c0d0e0f2"))
        },
        {
            "c7c0c1c0c3c0c1c0",
            RlpItem.List(
                RlpItem.List(), RlpItem.List(RlpItem.List()),
                RlpItem.List(RlpItem.List(), RlpItem.List(RlpItem.List())))
        },
        { "b838" + Convert.ToHexStringLower(Encoding.ASCII.GetBytes(Lorem)), Text(Lorem) },
        { "c6827a77c10401", RlpItem.List(Text("zw"), RlpItem.List(RlpItem.Number(4)), RlpItem.Number(1)) },
        {
            "f83c836161618362626283636363836464648365656583666666836767678368686883696969836a6a6a"
                + "836b6b6b836c6c6c836d6d6d836e6e6e836f6f6f",
            RlpItem.List([.. "abcdefghijklmno".Select(letter => Text(new string(letter, 3)))])
        },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void Encode_Examples_AreThoseOfTheSpecification(string hex, RlpItem item)
    {
        Assert.Equal(hex, Convert.ToHexStringLower(Rlp.Encode(item)));
        Assert.Equal(item, Rlp.Decode(Convert.FromHexString(hex)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("8100")]
    [InlineData("817f")]
    [InlineData("b800")]
    [InlineData("b83700")]
    [InlineData("b90038")]
    [InlineData("81")]
    [InlineData("83646f")]
    [InlineData("83646f6700")]
    [InlineData("c1")]
    [InlineData("c283646f67")]
    [InlineData("c0c0")]
    [InlineData("f800")]
    [InlineData("f83700")]
    [InlineData("bf0f0e0d0c0b0a0908")]
    [InlineData("bfffffffffffffffff")]
    [InlineData("ffffffffffffffffff")]
    [InlineData("bbffffffff")]
    [InlineData("fb7fffffff")]
    public void Decode_NotCanonicalOrCut_IsRefused(string hex) =>
        Assert.Throws<EvmFormatException>(() => Rlp.Decode(Convert.FromHexString(hex)));

    [Fact]
    public void Decode_AboveLimits_IsRefused()
    {
        RlpItem nested = RlpItem.List();
        for (int i = 1; i < EvmLimits.RlpDepth; i++)
        {
            nested = RlpItem.List(nested);
        }

        Assert.Equal(nested, Rlp.Decode(Rlp.Encode(nested)));
        Assert.Throws<EvmFormatException>(() => Rlp.Decode(Rlp.Encode(RlpItem.List(nested))));
        byte[] many =
            Rlp.Encode(new RlpList([.. Enumerable.Repeat(RlpItem.Number(1), EvmLimits.RlpItems - 1)]));
        Assert.Equal(EvmLimits.RlpItems - 1, Rlp.Decode(many).AsList().Length);
        many = Rlp.Encode(new RlpList([.. Enumerable.Repeat(RlpItem.Number(1), EvmLimits.RlpItems)]));
        Assert.Throws<EvmFormatException>(() => Rlp.Decode(many));
        byte[] large = Rlp.Encode(RlpItem.Bytes(new byte[EvmLimits.RlpBytes]));
        Assert.Throws<EvmFormatException>(() => Rlp.Decode(large));
    }

    [Theory]
    [InlineData("0000")]
    [InlineData("0001")]
    [InlineData("010000000000000000000000000000000000000000000000000000000000000000")]
    public void AsNumber_LeadingZeroOrMoreThanAWord_IsRefused(string hex) =>
        Assert.Throws<EvmFormatException>(
        () => RlpItem.Bytes(Convert.FromHexString(hex)).AsNumber());

    [Fact]
    public void Views_OfAnotherKind_AreRefused()
    {
        Assert.Throws<EvmFormatException>(() => RlpItem.List().AsBytes());
        Assert.Throws<EvmFormatException>(() => RlpItem.Bytes([]).AsList());
        Assert.Throws<EvmFormatException>(() => RlpItem.List().AsList(1));
        Assert.Throws<EvmFormatException>(() => RlpItem.Bytes(new byte[19]).AsAddress());
        Assert.Throws<EvmFormatException>(() => RlpItem.Bytes(new byte[31]).AsHash());
        Assert.Throws<EvmFormatException>(() => RlpItem.Number((UInt256)UInt128.MaxValue).AsUInt64());
        Assert.Null(RlpItem.Bytes([]).AsAddress());
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Decode_MutatedBytes_IsRefusedOrCanonical(int seed)
    {
        var gen = new Gen(seed);
        for (int i = 0; i < 20_000; i++)
        {
            RlpItem item = gen.Rlp(4);
            byte[] bytes = Rlp.Encode(item);
            Assert.Equal(item, Rlp.Decode(bytes));
            byte[] mutated = gen.Mutate(bytes);
            try
            {
                Assert.Equal(mutated, Rlp.Encode(Rlp.Decode(mutated)));
            }
            catch (EvmFormatException)
            {
                // What is refused is refused by this type.
            }
        }
    }

    private static RlpBytes Text(string text) => RlpItem.Bytes(Encoding.ASCII.GetBytes(text));
}
