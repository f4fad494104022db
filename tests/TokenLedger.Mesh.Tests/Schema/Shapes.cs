// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace TokenLedger.Mesh.Tests.Schema;

/// <summary>
/// What the specification says of the form of each request and answer, read from shapes.txt. Stricter than
/// the specification in one thing: a member that it does not name is refused.
/// </summary>
internal static class Shapes
{
    private static readonly Dictionary<string, Member[]> All = Load();

    /// <summary>A member of a shape.</summary>
    public sealed record Member(string Name, string Kind, bool Required);

    /// <summary>Every endpoint's path.</summary>
    public static IEnumerable<string> Endpoints => All.Keys.Where(static name => name.StartsWith('/'));

    /// <summary>A shape's members; null when it is none but a kind.</summary>
    public static IReadOnlyList<Member>? MembersOf(string shape) => All.GetValueOrDefault(shape);

    /// <summary>Requires that a value has a shape, by its name or its endpoint's path.</summary>
    public static void Require(string shape, JsonElement value)
    {
        string[] faults = [.. Faults(shape, shape, value)];
        Assert.True(faults.Length == 0, string.Join('\n', faults) + "\n" + value.GetRawText());
    }

    /// <summary>Where a value is not of a kind.</summary>
    public static IEnumerable<string> Faults(string path, string kind, JsonElement value)
    {
        if (kind.StartsWith('['))
        {
            return value.ValueKind != JsonValueKind.Array
                ? [$"{path}: no list"]
                : value.EnumerateArray().SelectMany((item, i) => Faults($"{path}[{i}]", kind[1..^1], item));
        }

        if (All.TryGetValue(kind, out Member[]? members))
        {
            return value.ValueKind != JsonValueKind.Object
                ? [$"{path}: no {kind}"]
                : OfMembers(path, members, value);
        }

        bool right = kind switch
        {
            "text" => value.ValueKind == JsonValueKind.String,
            "flag" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "object" => value.ValueKind == JsonValueKind.Object,
            "int" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "number" => value.ValueKind == JsonValueKind.Number && value.GetDouble() >= 0,
            "int32" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int n) && n >= 0,
            "count" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long n) && n >= 0,
            _ when kind.Contains('|', StringComparison.Ordinal) =>
                value.ValueKind == JsonValueKind.String && kind.Split('|').Contains(value.GetString()),
            _ => throw new InvalidOperationException($"There is no kind {kind}."),
        };
        return right ? [] : [$"{path}: {value.ValueKind} is no {kind}"];
    }

    private static IEnumerable<string> OfMembers(string path, Member[] members, JsonElement value) =>
    [
        .. members.SelectMany(member => value.TryGetProperty(member.Name, out JsonElement found)
            ? Faults($"{path}.{member.Name}", member.Kind, found)
            : member.Required ? [$"{path}: lacks {member.Name}"] : []),
        .. value.EnumerateObject().Select(static property => property.Name)
            .Except(members.Select(static member => member.Name))
            .Select(name => $"{path}: {name} is not in the specification"),
    ];

    private static Dictionary<string, Member[]> Load()
    {
        using var reader = new StreamReader(
            typeof(Shapes).Assembly.GetManifestResourceStream("shapes.txt")!);
        return reader.ReadToEnd().Split('\n')
            .Where(static line => line.Length > 0 && !line.StartsWith('#'))
            .Select(static line => line.Split(": "))
            .ToDictionary(
                static parts => parts[0],
                static parts => parts[1].Split(", ").Select(static member => member.TrimEnd('!').Split(' ') is
                    [string name, string kind]
                        ? new Member(name, kind, member.EndsWith('!'))
                        : throw new InvalidOperationException(member)).ToArray(),
                StringComparer.Ordinal);
    }
}
