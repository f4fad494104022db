// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;

namespace TokenLedger.Evm;

/// <summary>Members and items of answers.</summary>
internal static class EvmJson
{
    public static bool IsNull(JsonElement element) => element.ValueKind == JsonValueKind.Null;

    public static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member)
            ? member
            : throw new EvmFormatException($"An answer has no {name}.");

    /// <summary>A member that may be missing or null.</summary>
    public static T? Optional<T>(JsonElement element, string name, Func<JsonElement, T> read)
        where T : struct =>
        element.ValueKind == JsonValueKind.Object
            && element.TryGetProperty(name, out JsonElement member) && !IsNull(member)
            ? read(member)
            : null;

    public static ImmutableArray<T> List<T>(JsonElement element, int max, Func<JsonElement, T> read) =>
        element.ValueKind == JsonValueKind.Array && element.GetArrayLength() <= max
            ? [.. element.EnumerateArray().Select(read)]
            : throw new EvmFormatException($"An answer has no list of at most {max} where one belongs.");
}
