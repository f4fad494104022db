// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using TokenLedger.Core;

namespace TokenLedger.Evm.Tests;

/// <summary>Values as JSON that other programs read and write, and that compares as text.</summary>
internal static class Plain
{
    public static string Hex(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.AsSpan(2));

    public static JsonNode Of(object value) => value switch
    {
        UInt256 number => number.ToString(),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        bool yes => yes,
        Address address => address.ToString(),
        Hash256 hash => "0x" + hash,
        byte[] bytes => Hex(bytes),
        string text => text,
        object[] many => new JsonArray([.. many.Select(Of)]),
        _ => throw new ArgumentException($"There is no form for {value.GetType()}."),
    };

    public static JsonNode Of(RlpItem item) => item switch
    {
        RlpBytes { Value: var bytes } => Hex(bytes.AsSpan()),
        RlpList { Items: var items } => new JsonArray([.. items.Select(Of)]),
        _ => throw new ArgumentException("It is no item."),
    };

    /// <summary>As cast takes arguments.</summary>
    public static string Argument(AbiType type, object value) => (type, value) switch
    {
        (AbiArray array, object[] many) =>
            $"[{string.Join(',', many.Select(one => Argument(array.Element, one)))}]",
        (AbiTuple tuple, object[] many) =>
            $"({string.Join(',', many.Zip(tuple.Members, (one, member) => Argument(member, one)))})",
        (_, bool yes) => yes ? "true" : "false",
        _ => Of(value).GetValue<string>(),
    };
}
