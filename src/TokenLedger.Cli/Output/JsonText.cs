// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TokenLedger.Cli.Output;

/// <summary>
/// JSON values as text that people can read: Urdu and quotation marks stand as they are. It goes to a stream,
/// never into a page, so nothing is escaped for HTML; what would not be harmless on a terminal is.
/// </summary>
internal static class JsonText
{
    public static string Indented(JsonNode node) => Write(node, indented: true);

    public static string Compact(JsonNode node) => Write(node, indented: false);

    /// <summary>The same value as YAML 1.2: strings double-quoted as in JSON, which YAML takes as they
    /// are.</summary>
    public static string Yaml(JsonNode node)
    {
        var text = new StringBuilder();
        WriteYaml(text, node, 0, onNewLine: true);
        return text.ToString().TrimEnd('\n');
    }

    private static string Write(JsonNode node, bool indented)
    {
        var options = new JsonWriterOptions
        {
            Indented = indented,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, options))
        {
            node.WriteTo(writer);
        }

        return Harmless(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }

    /// <summary>Escapes what the encoder leaves and a terminal might obey. Outside of strings JSON is ASCII,
    /// so whatever is found here stands in one, where an escape means the same.</summary>
    private static string Harmless(string json)
    {
        StringBuilder? safe = null;
        int start = 0;
        int i = 0;
        foreach (Rune rune in json.EnumerateRunes())
        {
            int next = i + rune.Utf16SequenceLength;
            if (rune.Value != '\n' && !TerminalText.IsHarmless(rune))
            {
                safe ??= new StringBuilder(json.Length + 16);
                safe.Append(json, start, i - start);
                foreach (char unit in json.AsSpan(i, rune.Utf16SequenceLength))
                {
                    safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
                }

                start = next;
            }

            i = next;
        }

        return safe?.Append(json, start, json.Length - start).ToString() ?? json;
    }

    private static void WriteYaml(StringBuilder text, JsonNode? node, int indent, bool onNewLine)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                bool first = true;
                foreach ((string key, JsonNode? value) in members)
                {
                    text.Append(' ', first && !onNewLine ? 0 : indent).Append(key).Append(':');
                    WriteYamlMember(text, value, indent);
                    first = false;
                }

                break;
            case JsonArray { Count: > 0 } items:
                foreach (JsonNode? item in items)
                {
                    text.Append(' ', indent).Append("- ");
                    WriteYaml(text, item, indent + 2, onNewLine: false);
                }

                break;
            default:
                text.Append(Scalar(node)).Append('\n');
                break;
        }
    }

    private static void WriteYamlMember(StringBuilder text, JsonNode? value, int indent)
    {
        if (value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
        {
            text.Append('\n');
            WriteYaml(text, value, indent + 2, onNewLine: true);
        }
        else
        {
            text.Append(' ').Append(Scalar(value)).Append('\n');
        }
    }

    private static string Scalar(JsonNode? node) => node is null ? "null" : Compact(node);
}
