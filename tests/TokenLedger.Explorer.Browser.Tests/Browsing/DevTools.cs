// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Microsoft.Playwright;

namespace TokenLedger.Explorer.Browser.Tests.Browsing;

/// <summary>
/// The browser's own tools for a page. What they evaluate is not bound by the page's content security policy,
/// which stays in force for the page itself.
/// </summary>
internal sealed class DevTools
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ICDPSession _session;

    private DevTools(ICDPSession session) => _session = session;

    /// <summary>Opens them for a page in which scripts may run.</summary>
    public static async Task<DevTools> OpenAsync(IPage page) =>
        new(await page.Context.NewCDPSessionAsync(page));

    /// <summary>Makes each load ask for everything again, as a reader's first one does.</summary>
    public async Task ForgetFilesAsync()
    {
        await SendAsync("Network.enable");
        await SendAsync("Network.setCacheDisabled", ("cacheDisabled", true));
    }

    /// <summary>Evaluates an expression; waits for a promise.</summary>
    /// <returns>Its value as text; empty for none.</returns>
    public async Task<string> EvaluateAsync(string expression)
    {
        JsonElement answer = await SendAsync(
            "Runtime.evaluate", ("expression", expression), ("awaitPromise", true), ("returnByValue", true));
        Assert.False(answer.TryGetProperty("exceptionDetails", out JsonElement failed), failed.ToString());
        JsonElement result = answer.GetProperty("result");
        return result.TryGetProperty("value", out JsonElement value) ? value.ToString() : "";
    }

    /// <summary>A picture of the whole page, as JPEG.</summary>
    public async Task<byte[]> PictureAsync()
    {
        JsonElement picture = await SendAsync(
            "Page.captureScreenshot", ("format", "jpeg"), ("quality", 80), ("captureBeyondViewport", true),
            ("optimizeForSpeed", true));
        return picture.GetProperty("data").GetBytesFromBase64();
    }

    /// <summary>The families of the fonts in which an expression's elements are shown.</summary>
    public async Task<IReadOnlySet<string>> FontsOfAsync(string elements)
    {
        const string Mark = "data-fonts-of";
        await EvaluateAsync($"for (const one of {elements}) one.setAttribute('{Mark}', '')");
        await SendAsync("DOM.enable");
        await SendAsync("CSS.enable");
        JsonElement document = await SendAsync("DOM.getDocument");
        JsonElement found = await SendAsync(
            "DOM.querySelectorAll",
            ("nodeId", document.GetProperty("root").GetProperty("nodeId").GetInt32()),
            ("selector", $"[{Mark}]"));
        var families = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonElement node in found.GetProperty("nodeIds").EnumerateArray())
        {
            JsonElement fonts = await SendAsync("CSS.getPlatformFontsForNode", ("nodeId", node.GetInt32()));
            families.UnionWith(fonts.GetProperty("fonts").EnumerateArray()
                .Select(static font => font.GetProperty("familyName").GetString()!));
        }

        await EvaluateAsync(
            $"for (const one of document.querySelectorAll('[{Mark}]')) one.removeAttribute('{Mark}')");

        // Left on, they tell of every later change of the page.
        await SendAsync("CSS.disable");
        await SendAsync("DOM.disable");
        return families;
    }

    private async Task<JsonElement> SendAsync(string method, params (string Key, object Value)[] arguments) =>
        (await _session
            .SendAsync(method, arguments.ToDictionary(static one => one.Key, static one => one.Value))
            .WaitAsync(Patience)) ?? default;
}
