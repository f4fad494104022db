// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TokenLedger.Cli.Tests.Networks;

/// <summary>
/// Checks a value against the part of JSON Schema that our schema uses. A keyword that it does not know is an
/// error, so that the schema cannot say something that nobody checks.
/// </summary>
internal sealed class SchemaChecker(JsonObject schema)
{
    private static readonly HashSet<string> Known =
    [
        "$schema", "$defs", "$ref", "title", "type", "additionalProperties", "required", "properties",
        "items", "const", "enum", "pattern", "minimum", "maximum", "maxLength", "minItems", "maxItems",
    ];

    /// <summary>What is wrong, each with its place; empty when nothing is.</summary>
    public IReadOnlyList<string> Problems(JsonNode value)
    {
        var problems = new List<string>();
        Check(schema, value, "$", problems);
        return problems;
    }

    private void Check(JsonObject rule, JsonNode value, string path, List<string> problems)
    {
        if (rule["$ref"]?.GetValue<string>() is { } reference)
        {
            rule = schema["$defs"]![reference["#/$defs/".Length..]]!.AsObject();
        }

        problems.AddRange(
            rule.Select(p => p.Key).Where(k => !Known.Contains(k)).Select(k => $"{path}: keyword {k}?"));
        Require(
            rule["type"] is not { } type || IsType(value, type.GetValue<string>()),
            $"{path}: type", problems);
        Require(rule["const"] is not { } one || JsonNode.DeepEquals(one, value), $"{path}: const", problems);
        Require(
            rule["enum"] is not { } many || many.AsArray().Any(item => JsonNode.DeepEquals(item, value)),
            $"{path}: enum", problems);
        switch (value)
        {
            case JsonObject members:
                CheckObject(rule, members, path, problems);
                break;
            case JsonArray items:
                Require(items.Count >= Number(rule, "minItems", 0), $"{path}: minItems", problems);
                Require(
                    items.Count <= Number(rule, "maxItems", long.MaxValue), $"{path}: maxItems", problems);
                for (int i = 0; i < items.Count; i++)
                {
                    Check(rule["items"]!.AsObject(), items[i]!, $"{path}[{i}]", problems);
                }

                break;
            default:
                CheckScalar(rule, value, path, problems);
                break;
        }
    }

    private void CheckObject(JsonObject rule, JsonObject members, string path, List<string> problems)
    {
        JsonObject properties = rule["properties"]!.AsObject();
        foreach (JsonNode? required in rule["required"]!.AsArray())
        {
            Require(members.ContainsKey(required!.GetValue<string>()), $"{path}: no {required}", problems);
        }

        foreach ((string key, JsonNode? member) in members)
        {
            if (properties[key] is JsonObject inner)
            {
                Check(inner, member!, $"{path}.{key}", problems);
            }
            else
            {
                problems.Add($"{path}: {key} is unknown");
            }
        }
    }

    private static void CheckScalar(JsonObject rule, JsonNode value, string path, List<string> problems)
    {
        if (value.GetValueKind() == System.Text.Json.JsonValueKind.String)
        {
            string text = value.GetValue<string>();
            Require(text.Length <= Number(rule, "maxLength", long.MaxValue), $"{path}: maxLength", problems);
            Require(
                rule["pattern"] is not { } pattern || Regex.IsMatch(text, pattern.GetValue<string>()),
                $"{path}: pattern", problems);
            return;
        }

        decimal number = decimal.Parse(
            value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);
        Require(number >= Number(rule, "minimum", long.MinValue), $"{path}: minimum", problems);
        Require(number <= Number(rule, "maximum", long.MaxValue), $"{path}: maximum", problems);
    }

    private static bool IsType(JsonNode value, string type) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value.GetValueKind() == System.Text.Json.JsonValueKind.String,
        "integer" => value.GetValueKind() == System.Text.Json.JsonValueKind.Number,
        _ => false,
    };

    private static long Number(JsonObject rule, string keyword, long absent) =>
        rule[keyword]?.GetValue<long>() ?? absent;

    private static void Require(bool condition, string problem, List<string> problems)
    {
        if (!condition)
        {
            problems.Add(problem);
        }
    }
}
