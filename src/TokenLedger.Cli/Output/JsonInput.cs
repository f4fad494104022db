// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Core;

namespace TokenLedger.Cli.Output;

/// <summary>JSON that people hand in. No key stands in it twice: readers would differ about which counts.
/// </summary>
internal static class JsonInput
{
    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = Limits.JsonDepth,
        AllowDuplicateProperties = false,
    };

    /// <exception cref="JsonException">The text is no JSON object.</exception>
    public static JsonObject Object(string text)
    {
        try
        {
            return JsonNode.Parse(text, nodeOptions: null, Options) as JsonObject
                ?? throw new JsonException("An object was expected.");
        }
        catch (InvalidOperationException e)
        {
            // A key with half a surrogate pair, which is met while keys are compared.
            throw new JsonException(e.Message, e);
        }
    }
}
