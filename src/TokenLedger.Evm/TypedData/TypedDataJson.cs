// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Evm;

/// <summary>Typed data in the form that EIP-712 gives for <c>eth_signTypedData</c>.</summary>
internal static class TypedDataJson
{
    // Text in messages is of people: names stay readable, as nothing of this is put into a page.
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(
        ImmutableSortedDictionary<string, ImmutableArray<TypedField>> types,
        TypedDomain domain,
        string primaryType,
        object[] message)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteStartObject("types");
            foreach ((string name, ImmutableArray<TypedField> fields) in types)
            {
                json.WriteStartArray(name);
                foreach (TypedField field in fields)
                {
                    json.WriteStartObject();
                    json.WriteString("name", field.Name);
                    json.WriteString("type", field.Type);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteString("primaryType", primaryType);
            json.WritePropertyName("domain");
            WriteValue(json, types, TypedDomain.TypeName, domain.Values);
            json.WritePropertyName("message");
            WriteValue(json, types, primaryType, message);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>What an array type is of, and how long it is; null for another type.</summary>
    public static (string Element, int? Length)? ArrayOf(string type)
    {
        int open = type.EndsWith(']') ? type.LastIndexOf('[') : -1;
        if (open < 0)
        {
            return null;
        }

        ReadOnlySpan<char> length = type.AsSpan(open + 1, type.Length - open - 2);
        return (type[..open], length.IsEmpty ? null : int.Parse(length, CultureInfo.InvariantCulture));
    }

    /// <summary>The values of an array's elements or a struct's fields.</summary>
    public static object[] Several(string type, object value) =>
        value as object[] ?? throw new ArgumentException($"A value of {type} is an object[].");

    private static void WriteValue(
        Utf8JsonWriter json,
        ImmutableSortedDictionary<string, ImmutableArray<TypedField>> types,
        string type,
        object value)
    {
        if (ArrayOf(type) is { } array)
        {
            json.WriteStartArray();
            foreach (object element in Several(type, value))
            {
                WriteValue(json, types, array.Element, element);
            }

            json.WriteEndArray();
        }
        else if (types.TryGetValue(type, out ImmutableArray<TypedField> fields))
        {
            json.WriteStartObject();
            foreach ((TypedField field, object member) in fields.Zip(Several(type, value)))
            {
                json.WritePropertyName(field.Name);
                WriteValue(json, types, field.Type, member);
            }

            json.WriteEndObject();
        }
        else if (value is bool yes)
        {
            json.WriteBooleanValue(yes);
        }
        else
        {
            json.WriteStringValue(value switch
            {
                string text => text,
                byte[] bytes => "0x" + Convert.ToHexStringLower(bytes),
                Address address => Eip55.Format(address),
                UInt256 number => number.ToString(),
                BigInteger number => number.ToString(CultureInfo.InvariantCulture),
                _ => throw new ArgumentException($"A {value?.GetType().Name ?? "null"} is no {type}."),
            });
        }
    }
}
