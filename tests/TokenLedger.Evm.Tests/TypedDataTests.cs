// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Evm.Tests;

public sealed class TypedDataTests
{
    private static readonly object[] Cow = ["Cow", Parse("0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826")];
    private static readonly object[] Bob = ["Bob", Parse("0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")];

    private static readonly TypedDomain Domain = new(
        "Ether Mail", "1", 1, Parse("0xcccccccccccccccccccccccccccccccccccccccc"));

    /// <summary>EIP-712's own example: every number of it.</summary>
    [Fact]
    public void Digest_MailOfTheSpecification_IsItsDigest()
    {
        TypedData mail = Mail();
        object[] message = [Cow, Bob, "Hello, Bob!"];
        Assert.Equal(
            "Mail(Person from,Person to,string contents)Person(string name,address wallet)", mail.TypeText);
        Assert.Equal(
            "f2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f",
            mail.DomainSeparator.ToString());
        Assert.Equal(
            "c52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e",
            mail.HashStruct("Mail", message).ToString());
        Assert.Equal(
            "be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2",
            mail.Digest(message).ToString());

        using var cow = PrivateKey.Import(Keccak256.Hash("cow"u8).ToArray());
        Assert.Equal(
            "4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d"
                + "07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c",
            Convert.ToHexStringLower(cow.Sign(mail.Digest(message))));
    }

    [Fact]
    public void Create_StructThatHoldsItself_Works()
    {
        TypedData tree = Of("Node", ("Node", [new("name", "string"), new("children", "Node[]")]));
        object[] leaf = ["leaf", Array.Empty<object>()];
        object[] root = ["root", new object[] { leaf, leaf }];
        Assert.Equal("Node(string name,Node[] children)", tree.TypeText);
        Assert.NotEqual(tree.Digest(leaf), tree.Digest(root));
    }

    public static TheoryData<string, string, string> BadTypes => new()
    {
        { "A", "x", "Unknown" }, { "A", "x", "uint" }, { "A", "x", "uint8[0]" }, { "A", "x", "uint8[x]" },
        { "A", "x", "A[2" }, { "A", "x", "A]" }, { "A", "x", "A[x]" }, { "A", "x", "(uint8)" },
        { "A", "x", "" }, { "A", "x", "A[][99999999999]" }, { "A", "", "bool" }, { "A", "x y", "bool" },
        { "A", "x,bool y", "bool" }, { "A(", "x", "bool" }, { "bool", "x", "bool" }, { "", "x", "bool" },
        { "A", "1x", "bool" },
    };

    [Theory]
    [MemberData(nameof(BadTypes))]
    public void Create_ImproperType_Throws(string name, string field, string type) =>
        Assert.ThrowsAny<ArgumentException>(() => Of(name, (name, [new(field, type)])));

    [Fact]
    public void Create_OneNameTwiceOrNoPrimaryType_Throws()
    {
        Assert.Throws<ArgumentException>(() => Of("A", ("A", [new("x", "bool"), new("x", "bool")])));
        Assert.Throws<ArgumentException>(() => Of("B", ("A", [new("x", "bool")])));
    }

    [Fact]
    public void Digest_ValuesOfOtherTypes_Throw()
    {
        TypedData mail = Mail();
        foreach (object[] message in (object[][])
            [
                [], [Cow, Bob], [Cow, Bob, 7], [Cow, "Bob", "Hello"], [Cow, Bob, "\uD800"],
                [Cow, Bob, null!], [Cow, new object[] { "Bob", "0xbb" }, "Hello"],
            ])
        {
            Assert.ThrowsAny<ArgumentException>(() => mail.Digest(message));
        }

        TypedData arrays = Of("A", ("A", [new("x", "uint8[2][]")]));
        Assert.ThrowsAny<ArgumentException>(() => arrays.Digest(["x"]));
        Assert.ThrowsAny<ArgumentException>(
            () => arrays.Digest([new object[] { new object[] { (UInt256)1 } }]));
        Assert.ThrowsAny<ArgumentException>(() => arrays.ToJson(["x"]));
    }

    private static TypedData Mail() => new(Domain, "Mail", new Dictionary<string, ImmutableArray<TypedField>>
    {
        ["Mail"] = [new("from", "Person"), new("to", "Person"), new("contents", "string")],
        ["Person"] = [new("name", "string"), new("wallet", "address")],
    });

    private static TypedData Of(
        string primary, params (string Name, ImmutableArray<TypedField> Fields)[] types) =>
        new(Domain, primary, types.ToDictionary(type => type.Name, type => type.Fields));

    private static Address Parse(string text) => Address.TryParse(text, out Address address)
        ? address
        : throw new FormatException(text);
}
