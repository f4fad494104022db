// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Microsoft.Playwright;

namespace TokenLedger.Explorer.Browser.Tests.Browsing;

/// <summary>
/// The browser's own tools for a page. What they evaluate is not bound by the page's content security policy,
/// which stays in force for the page itself.
/// </summary>
internal sealed class DevTools(ICDPSession session) : IAsyncDisposable
{
    /// <summary>Evaluates an expression; waits for a promise.</summary>
    /// <returns>Its value as text; empty for none.</returns>
    public async Task<string> EvaluateAsync(string expression)
    {
        JsonElement answer = await session.SendAsync("Runtime.evaluate", new Dictionary<string, object>
        {
            ["expression"] = expression,
            ["awaitPromise"] = true,
            ["returnByValue"] = true,
        }) ?? throw new InvalidOperationException("There is no answer.");
        Assert.False(answer.TryGetProperty("exceptionDetails", out JsonElement failed), failed.ToString());
        JsonElement result = answer.GetProperty("result");
        return result.TryGetProperty("value", out JsonElement value) ? value.ToString() : "";
    }

    /// <summary>The families of the fonts in which an expression's elements are shown.</summary>
    public async Task<IReadOnlySet<string>> FontsOfAsync(string elements)
    {
        const string Mark = "data-fonts-of";
        await EvaluateAsync($"for (const one of {elements}) one.setAttribute('{Mark}', '')");
        await session.SendAsync("DOM.enable");
        await session.SendAsync("CSS.enable");
        JsonElement document = (await session.SendAsync("DOM.getDocument"))!.Value;
        JsonElement found = (await session.SendAsync("DOM.querySelectorAll", new Dictionary<string, object>
        {
            ["nodeId"] = document.GetProperty("root").GetProperty("nodeId").GetInt32(),
            ["selector"] = $"[{Mark}]",
        }))!.Value;
        var families = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonElement node in found.GetProperty("nodeIds").EnumerateArray())
        {
            JsonElement fonts = (await session.SendAsync(
                "CSS.getPlatformFontsForNode",
                new Dictionary<string, object> { ["nodeId"] = node.GetInt32() }))!.Value;
            families.UnionWith(fonts.GetProperty("fonts").EnumerateArray()
                .Select(static font => font.GetProperty("familyName").GetString()!));
        }

        await EvaluateAsync(
            $"for (const one of document.querySelectorAll('[{Mark}]')) one.removeAttribute('{Mark}')");
        return families;
    }

    public async ValueTask DisposeAsync() => await session.DetachAsync();
}
