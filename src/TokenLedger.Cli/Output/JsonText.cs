// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TokenLedger.Cli.Output;

/// <summary>
/// JSON values as text. Everything outside ASCII is escaped, so the output is harmless on a terminal too.
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
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = indented }))
        {
            node.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
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
