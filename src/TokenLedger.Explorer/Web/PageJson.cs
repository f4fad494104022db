// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;

namespace TokenLedger.Explorer.Web;

/// <summary>
/// How rows become JSON: amounts and other numbers that JavaScript would round as strings of digits,
/// addresses with their checksum, bytes in hexadecimal, enumerations by name, and each event and operation
/// with its <c>kind</c>.
/// </summary>
internal static class PageJson
{
    /// <summary>Compact, as it is served.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: false);

    /// <summary>For people, as a page shows it.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DictionaryKeyPolicy = JsonNamingPolicy.CamelCase,
            Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
            WriteIndented = indented,
            Converters =
            {
                new TextConverter<Address>(static address => Eip55.Format(address)),
                new TextConverter<Hash256>(static hash => hash.ToString()),
                new TextConverter<AssetId>(static asset => asset.ToString()),
                new TextConverter<Amount>(static amount => amount.ToString()),
                new TextConverter<UInt128>(static number => new Amount(number).ToString()),
                new TextConverter<RejectionCode>(RejectionCodes.Name),
                new TextConverter<RequestId>(static id => id.ToString()),
                new TextConverter<ImmutableArray<byte>>(static bytes =>
                    Convert.ToHexStringLower(bytes.AsSpan())),
                new NumberConverter<Height>(static height => height.Value),
                new NumberConverter<TimestampMs>(static time => time.Value),
                new NumberConverter<View>(static view => view.Value),
                new NumberConverter<Epoch>(static epoch => epoch.Value),
                new KindConverter<LedgerEvent>(),
                new KindConverter<Operation>(),
                new KindConverter<PrivilegedOperation>(),
                new JsonStringEnumConverter(JsonNamingPolicy.CamelCase),
            },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class TextConverter<T>(Func<T, string> write) : JsonConverter<T>
    {
        public override T Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Pages only write JSON.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(write(value));
    }

    private sealed class NumberConverter<T>(Func<T, ulong> write) : JsonConverter<T>
    {
        public override T Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Pages only write JSON.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(write(value));
    }

    /// <summary>Writes a value as what it is, with the name of that: <c>"kind": "transferred"</c>.</summary>
    private sealed class KindConverter<T> : JsonConverter<T>
        where T : class
    {
        public override T Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Pages only write JSON.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            Type type = value.GetType();
            writer.WriteStartObject();
            writer.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(type.Name));
            JsonObject fields = JsonSerializer.SerializeToNode(value, type, options)!.AsObject();
            foreach ((string name, JsonNode? field) in fields)
            {
                // A privileged operation has its kind as an enumeration too.
                if (name == "kind")
                {
                    continue;
                }

                writer.WritePropertyName(name);
                if (field is null)
                {
                    writer.WriteNullValue();
                }
                else
                {
                    field.WriteTo(writer, options);
                }
            }

            writer.WriteEndObject();
        }
    }
}
