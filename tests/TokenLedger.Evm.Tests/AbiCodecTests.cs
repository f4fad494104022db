// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Text;
using TokenLedger.Core;

namespace TokenLedger.Evm.Tests;

/// <summary>Vectors: the examples of Solidity's contract ABI specification.</summary>
public sealed class AbiCodecTests
{
    public static TheoryData<string, object[], string> Examples => new()
    {
        {
            "baz(uint32,bool)", [(UInt256)69, true],
            "cdcd77c0" + Words("45", "1")
        },
        {
            "sam(bytes,bool,uint256[])",
            [Encoding.ASCII.GetBytes("dave"), true, new object[] { (UInt256)1, (UInt256)2, (UInt256)3 }],
            "a5643bf2" + Words("60", "1", "a0", "4") + Left("64617665") + Words("3", "1", "2", "3")
        },
        {
            "f(uint256,uint32[],bytes10,bytes)",
            [
                (UInt256)0x123, new object[] { (UInt256)0x456, (UInt256)0x789 },
                Encoding.ASCII.GetBytes("1234567890"), Encoding.ASCII.GetBytes("Hello, world!"),
            ],
            "8be65246" + Words("123", "80") + Left("31323334353637383930")
                + Words("e0", "2", "456", "789", "d")
                + Left("48656c6c6f2c20776f726c6421")
        },
        {
            "g(uint256[][],string[])",
            [
                new object[] { new object[] { (UInt256)1, (UInt256)2 }, new object[] { (UInt256)3 } },
                new object[] { "one", "two", "three" },
            ],
            "2289b18c"
                + Words("40", "140", "2", "40", "a0", "2", "1", "2", "1", "3", "3", "60", "a0", "e0", "3")
                + Left("6f6e65") + Words("3") + Left("74776f") + Words("5") + Left("7468726565")
        },
        {
            "bar(bytes3[2])", [new object[] { "abc"u8.ToArray(), "def"u8.ToArray() }],
            "fce353f6" + Left("616263") + Left("646566")
        },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void EncodeCall_Examples_AreThoseOfTheSpecification(
        string signature, object[] arguments, string hex)
    {
        AbiFunction function = AbiFunction.Parse(signature);
        byte[] data = function.EncodeCall(arguments);
        Assert.Equal(hex, Convert.ToHexStringLower(data));
        Assert.Equal(Plain.Of(arguments).ToJsonString(), Plain.Of(function.DecodeCall(data)).ToJsonString());
    }

    [Theory]
    [InlineData("(uint8)", "100")]
    [InlineData("(int8)", "80")]
    [InlineData("(bool)", "2")]
    [InlineData("(address)", "10000000000000000000000000000000000000000")]
    [InlineData("(bytes3)", "1")]
    [InlineData("(uint256)", "1", "2")]
    [InlineData("(bytes)", "20")]
    [InlineData("(bytes)", "20", "1", "1")]
    [InlineData("(bytes)", "40", "0", "0")]
    [InlineData("(bytes)", "0")]
    [InlineData("(bytes)", "20", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("(bytes)", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "0")]
    [InlineData("(bytes)", "8000000000000020", "0")]
    [InlineData("(uint8[])", "20", "2", "1")]
    [InlineData("(uint8[])", "20", "ffffffff")]
    [InlineData("(bytes[])", "20", "2", "40", "40", "0")]
    [InlineData("(bytes,bytes)", "40", "40", "0")]
    [InlineData("(uint8[2])", "1")]
    public void Decode_DirtyCutOrCrossed_IsRefused(string types, params string[] words) =>
        Assert.Throws<EvmFormatException>(() => AbiCodec.Decode(
            (AbiTuple)AbiType.Parse(types), Convert.FromHexString(Words(words))));

    [Fact]
    public void Decode_TextThatIsNotUtf8_IsRefused() =>
        Assert.Throws<EvmFormatException>(() => AbiCodec.Decode(
        (AbiTuple)AbiType.Parse("(string)"), Convert.FromHexString(Words("20", "1") + Left("ff"))));

    /// <summary>
    /// Each level's elements all point at the next level: 8 words that would be 10^12 values.
    /// </summary>
    [Fact]
    public void Decode_OffsetsThatMultiply_AreRefusedAtOnce()
    {
        var bomb = new StringBuilder(Words("20"));
        for (int level = 0; level < 4; level++)
        {
            bomb.Append(Words([.. new[] { "3e8" }.Concat(Enumerable.Repeat("7d00", 1_000))]));
        }

        Assert.Throws<EvmFormatException>(() => AbiCodec.Decode(
            (AbiTuple)AbiType.Parse("(uint8[][][][][])"), Convert.FromHexString(bomb.ToString())));
    }

    [Theory]
    [InlineData("(()[1024][1024][1024])")]
    [InlineData("(()[])")]
    public void Decode_TuplesOfNothing_AreBounded(string types) => Assert.Throws<EvmFormatException>(() =>
        AbiCodec.Decode((AbiTuple)AbiType.Parse(types), Convert.FromHexString(Words("20", "ffffff"))));

    [Fact]
    public void Decode_AboveTheSize_IsRefused() => Assert.Throws<EvmFormatException>(() =>
        AbiCodec.Decode((AbiTuple)AbiType.Parse("(bytes)"), new byte[EvmLimits.AbiBytes + 32]));

    [Theory]
    [InlineData("uint")]
    [InlineData("uint7")]
    [InlineData("uint264")]
    [InlineData("uint08")]
    [InlineData("bytes0")]
    [InlineData("bytes33")]
    [InlineData("uint8[0]")]
    [InlineData("uint8[01]")]
    [InlineData("uint8[1025]")]
    [InlineData("uint8[")]
    [InlineData("uint8 []")]
    [InlineData("(uint8")]
    [InlineData("(uint8,)")]
    [InlineData("function")]
    [InlineData("fixed128x18")]
    [InlineData("")]
    [InlineData("uint8[1024][1024][1024]")]
    [InlineData("uint8[99999999999999999999]")]
    [InlineData("uint8[][][][][][][][][][][][][][][][][]")]
    [InlineData("((((((((((((((((((uint8))))))))))))))))))")]
    public void Parse_NoType_IsRefused(string text) =>
        Assert.Throws<EvmFormatException>(() => AbiType.Parse(text));

    [Fact]
    public void Encode_ValueOfAnotherType_IsAnArgumentError()
    {
        foreach ((string type, object? value) in ((string, object?)[])
            [
                ("uint8", (UInt256)256), ("uint8", new BigInteger(1)), ("uint8", 1),
                ("int8", new BigInteger(128)),
                ("int8", new BigInteger(-129)), ("int8", (UInt256)1), ("bytes4", new byte[3]), ("bool", 1),
                ("string", "\uD800"), ("address", Hash256.Zero), ("uint8[2]", new object[] { (UInt256)1 }),
                ("(uint8)", Array.Empty<object>()), ("uint8", null), ("uint8[]", null),
            ])
        {
            Assert.ThrowsAny<ArgumentException>(() =>
                AbiCodec.Encode(AbiType.Tuple(AbiType.Parse(type)), [value!]));
        }
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public void Decode_MutatedBytes_IsRefusedOrEncodesToTheSame(int seed)
    {
        var gen = new Gen(seed);
        for (int i = 0; i < 10_000; i++)
        {
            AbiTuple types = gen.Tuple(3, 0);
            Assert.Equal(types, AbiType.Parse(types.ToString()));
            object[] values = gen.Values(types.Members);
            byte[] bytes = AbiCodec.Encode(types, values);
            object[] read = AbiCodec.Decode(types, bytes);
            Assert.Equal(Plain.Of(values).ToJsonString(), Plain.Of(read).ToJsonString());
            byte[] mutated = gen.Mutate(bytes);
            try
            {
                Assert.Equal(mutated, AbiCodec.Encode(types, AbiCodec.Decode(types, mutated)));
            }
            catch (EvmFormatException)
            {
                // What is refused is refused by this type.
            }
        }
    }

    private static string Words(params string[] words) =>
        string.Concat(words.Select(w => w.PadLeft(64, '0')));

    private static string Left(string hex) => hex.PadRight(64, '0');
}
