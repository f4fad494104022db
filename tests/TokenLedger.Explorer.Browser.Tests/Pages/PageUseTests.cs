// SPDX-License-Identifier: Apache-2.0
using Microsoft.Playwright;
using TokenLedger.Explorer.Browser.Tests.Browsing;
using TokenLedger.Explorer.Tests.Web;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Browser.Tests.Pages;

/// <summary>What people do with pages: by keyboard, while blocks come, while they type.</summary>
[Collection(ChromiumGroup.Name)]
[Trait("Category", "Interop")]
public sealed class PageUseTests(Chromium chromium, PagesSite site)
{
    private const float PatienceMs = 20_000;

    private static readonly PageSetting Plain = new("en", Dark: false, 1280, Script: true);

    [Theory]
    [InlineData("en")]
    [InlineData("ur")]
    public async Task Keyboard_Alone_ReachesContentMenuSearchAndPause(string language)
    {
        await using WatchedPage watched = await chromium.OpenAsync(Plain with { Language = language });
        IPage page = watched.Page;
        await page.GotoAsync(site.Of($"/{language}/"));
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator(".skip")).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator(".skip")).ToBeInViewportAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#content")).ToBeFocusedAsync();

        await page.GotoAsync(site.Of($"/{language}/"));
        string[] order = [".skip", ".brand", ".language", "#q", ".search button", ".menu a"];
        foreach (string one in order)
        {
            await page.Keyboard.PressAsync("Tab");
            await Assertions.Expect(page.Locator(one).First).ToBeFocusedAsync();
            Assert.Equal("solid", await OutlineAsync(page));
        }

        await WalkToAsync(page, "live-toggle");
        string running = await page.Locator("#live-toggle").InnerTextAsync();
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.Locator("#live-toggle")).Not.ToHaveTextAsync(running);
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.Locator("#live-toggle")).ToHaveTextAsync(running);

        await page.Locator(".menu a").Nth(1).PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(site.Of($"/{language}/assets"));
        await page.Locator("#q").FocusAsync();
        await page.Keyboard.TypeAsync(TestNetwork.Bond.ToString());
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(site.Of($"/{language}/asset/{TestNetwork.Bond}"));
        Assert.Empty(watched.Complaints);
    }

    /// <summary>A second page that is not paused tells when the paused one would have shown the
    /// block.</summary>
    [Fact]
    public async Task Live_NewBlocks_AppearUntilTheReaderPauses()
    {
        int blocks = site.Chain.Blocks.Count;
        await using SiteHost live = await SiteHost.StartAsync(site.Chain, blocks - 2);
        string address = new Uri(live.Http.BaseAddress!, "/en/blocks").ToString();
        await using WatchedPage paused = await chromium.OpenAsync(Plain);
        await using WatchedPage running = await chromium.OpenAsync(Plain);
        await paused.Page.GotoAsync(address);
        await running.Page.GotoAsync(address);
        await Assertions.Expect(Block(paused.Page, blocks - 3)).ToBeVisibleAsync();
        await Assertions.Expect(Block(paused.Page, blocks - 2)).ToHaveCountAsync(0);

        await live.IndexAsync(blocks - 1);
        await ShownAsync(paused.Page, blocks - 2);
        await ShownAsync(running.Page, blocks - 2);

        ILocator toggle = paused.Page.Locator("#live-toggle");
        await toggle.ClickAsync();
        await Assertions.Expect(toggle).ToHaveTextAsync("Resume live updates");
        await live.IndexAsync(blocks);
        await ShownAsync(running.Page, blocks - 1);
        await Assertions.Expect(Block(paused.Page, blocks - 1)).ToHaveCountAsync(0);

        await toggle.ClickAsync();
        await Assertions.Expect(toggle).ToHaveTextAsync("Pause live updates");
        await ShownAsync(paused.Page, blocks - 1);
        Assert.Empty(paused.Complaints);
        Assert.Empty(running.Complaints);
    }

    /// <summary>A browser gives up after a refusal; the page does not.</summary>
    [Fact]
    public async Task Live_StreamIsRefused_IsAskedForAgain()
    {
        await using WatchedPage watched = await chromium.OpenAsync(Plain);
        await watched.Page.RouteAsync(
            "**/live", static route => route.FulfillAsync(new RouteFulfillOptions { Status = 503 }),
            new PageRouteOptions { Times = 1 });
        await watched.Page.GotoAsync(site.Of("/en/blocks"));
        ILocator lost = watched.Page.Locator("#live-lost");
        await Assertions.Expect(lost).ToBeVisibleAsync();
        await Assertions.Expect(lost).ToBeHiddenAsync(new LocatorAssertionsToBeHiddenOptions
        {
            Timeout = 2 * PatienceMs,
        });
    }

    [Theory]
    [InlineData("en", "carb", "PK-CARBON")]
    [InlineData("ur", "وزار", "")]
    public async Task Search_WhileSomebodyTypes_Suggests(string language, string typed, string expected)
    {
        await using WatchedPage watched = await chromium.OpenAsync(Plain with { Language = language });
        IPage page = watched.Page;
        await page.GotoAsync(site.Of($"/{language}/about"));
        await page.Locator("#q").PressSequentiallyAsync(typed);
        ILocator first = page.Locator("#suggestions option").First;
        await Assertions.Expect(first).ToBeAttachedAsync(
            new LocatorAssertionsToBeAttachedOptions { Timeout = PatienceMs });
        string value = (await first.GetAttributeAsync("value"))!;
        Assert.Contains(expected, value, StringComparison.Ordinal);

        // What a browser does when one of them is chosen.
        await page.Locator("#q").EvaluateAsync(
            """
            (field, value) => {
              field.value = value;
              field.dispatchEvent(new InputEvent('input', { inputType: 'insertReplacementText' }));
            }
            """,
            value);
        await Assertions.Expect(page).Not.ToHaveURLAsync(
            site.Of($"/{language}/about"), new PageAssertionsToHaveURLOptions { Timeout = PatienceMs });
        Assert.Empty(watched.Complaints);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ur")]
    public async Task Pages_OfHostileNamesAndMemos_AreText(string language)
    {
        await using WatchedPage watched = await chromium.OpenAsync(Plain with { Language = language });
        IPage page = watched.Page;
        var dialogs = new List<string>();
        page.Dialog += async (_, dialog) =>
        {
            dialogs.Add(dialog.Message);
            await dialog.DismissAsync();
        };
        string hostile = Uri.EscapeDataString(PagesSite.HostileSearch);
        string[] paths =
        [
            site.Paths["hostile"], site.Paths["hostile"] + "/holders", site.Paths["transaction"], "/assets",
            "/events", "/proposals", "/search?q=" + hostile, "/search?q=evi",
        ];
        foreach (string path in paths)
        {
            await page.GotoAsync(site.Of($"/{language}{path}"));
            Assert.Equal(0, await page.Locator("body img, body script, body [onerror]").CountAsync());
            Assert.Equal(0, await page.Locator("a[href^=javascript]").CountAsync());
        }

        string memo = await TextAsync(page, language, site.Paths["transaction"]);
        Assert.Contains(
            PagesSite.Hostile + "x\u0336\u0336\u0336\u0336[U+0336]", memo, StringComparison.Ordinal);
        string searched = await TextAsync(page, language, "/search?q=" + hostile);
        Assert.Contains(
            PagesSite.Hostile + "[U+202E]gnp[U+200B][U+2066]", searched, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202E", searched, StringComparison.Ordinal);
        Assert.Empty(dialogs);
        Assert.Empty(watched.Complaints);
        Assert.All(watched.Asked, url => Assert.StartsWith(site.Of("/"), url, StringComparison.Ordinal));
    }

    private async Task<string> TextAsync(IPage page, string language, string path)
    {
        await page.GotoAsync(site.Of($"/{language}{path}"));
        return await page.Locator("main").InnerTextAsync();
    }

    private static ILocator Block(IPage page, int height) =>
        page.Locator($"main a[href='/en/block/{height}']").First;

    private static Task ShownAsync(IPage page, int height) =>
        Assertions.Expect(Block(page, height)).ToBeVisibleAsync(
            new LocatorAssertionsToBeVisibleOptions { Timeout = PatienceMs });

    private static async Task WalkToAsync(IPage page, string id)
    {
        for (int i = 0; i < 300; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string>("document.activeElement.id") == id)
            {
                Assert.Equal("solid", await OutlineAsync(page));
                return;
            }
        }

        Assert.Fail($"The tabulator does not lead to {id}.");
    }

    private static Task<string> OutlineAsync(IPage page) =>
        page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle");
}
