// SPDX-License-Identifier: Apache-2.0
using Microsoft.Playwright;
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Browser.Tests.Browsing;

namespace TokenLedger.Explorer.Browser.Tests.Pages;

/// <summary>Lists go on and are narrowed down: in place where scripts run, by loading pages where they do
/// not; addresses and what is shown are the same.</summary>
[Collection(ChromiumGroup.Name)]
[Trait("Category", "Interop")]
public sealed class ListUseTests(Chromium chromium, PagesSite site)
{
    [Theory]
    [InlineData("en", true)]
    [InlineData("en", false)]
    [InlineData("ur", true)]
    public async Task Blocks_NextAndFromABlock_AreShownWithTheirAddress(string language, bool script)
    {
        await using WatchedPage watched = await chromium.OpenAsync(
            new PageSetting(language, Dark: false, 1280, script));
        IPage page = watched.Page;
        await watched.LoadAsync(site.Of($"/{language}/blocks"));
        string first = await FirstAsync(page);
        await MarkAsync(page);

        await page.Locator(".next").ClickAsync();
        int next = site.Chain.Blocks.Count - 1 - Explorer.Web.Listing.PageRows;
        await Assertions.Expect(page).ToHaveURLAsync(site.Of($"/{language}/blocks?from={next}"));
        await Assertions.Expect(Rows(page).First).ToHaveTextAsync($"{next}");
        await Assertions.Expect(page.Locator("#forms a[href*='format=json']")).ToHaveAttributeAsync(
            "href", $"/{language}/blocks?from={next}&format=json");
        await Assertions.Expect(page.Locator("#language")).ToHaveAttributeAsync(
            "href", new System.Text.RegularExpressions.Regex($"/blocks\\?from={next}$"));
        await StaysAsync(page, script);
        if (script)
        {
            await Assertions.Expect(page.Locator("#content")).ToBeFocusedAsync();
        }

        await page.Locator("#filter-from").FillAsync("3");
        await page.Locator("#filter-from").PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(site.Of($"/{language}/blocks?from=3"));
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(4);
        await Assertions.Expect(page.Locator("#filter-from")).ToHaveValueAsync("3");
        await StaysAsync(page, script);

        await page.GoBackAsync();
        await Assertions.Expect(Rows(page).First).ToHaveTextAsync($"{next}");
        await page.GoBackAsync();
        await Assertions.Expect(Rows(page).First).ToHaveTextAsync(first);
        Assert.Empty(watched.Complaints);
        Assert.All(watched.Asked, url => Assert.StartsWith(site.Of("/"), url, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Assets_OfAClass_AreShownAlone(bool script)
    {
        await using WatchedPage watched = await chromium.OpenAsync(
            new PageSetting("en", Dark: false, 360, script));
        IPage page = watched.Page;
        await watched.LoadAsync(site.Of("/en/assets"));
        int all = await Rows(page).CountAsync();
        await MarkAsync(page);
        await page.Locator("#filter-class").SelectOptionAsync(nameof(AssetClass.CarbonCertificate));
        await page.Locator(".filter button").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(site.Of("/en/assets?class=CarbonCertificate"));
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(1);
        Assert.True(all > 1, $"{all} assets");
        await Assertions.Expect(page.Locator("#filter-class")).ToHaveValueAsync("CarbonCertificate");
        await StaysAsync(page, script);
        Assert.Empty(await watched.ViolationsAsync());
        Assert.Empty(watched.Complaints);
    }

    /// <summary>What the site refuses is shown as it would be without scripts.</summary>
    [Fact]
    public async Task Blocks_FromWhatIsNoBlock_SaysWhatIsWrong()
    {
        await using WatchedPage watched = await chromium.OpenAsync(
            new PageSetting("en", Dark: false, 1280, Script: true));
        IPage page = watched.Page;
        await watched.LoadAsync(site.Of("/en/blocks"));
        Assert.False(await page.EvaluateAsync<bool>("htmx.config.allowEval"));
        await MarkAsync(page);
        await page.Locator("#filter-from").FillAsync(new string('9', 20));
        await page.Locator("#filter-from").PressAsync("Enter");
        await Assertions.Expect(page.Locator("h1")).Not.ToHaveTextAsync("Blocks");
        await StaysAsync(page, script: true);
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Blocks");
    }

    private static ILocator Rows(IPage page) => page.Locator("main section:first-of-type tbody th");

    private static Task<string> FirstAsync(IPage page) => Rows(page).First.InnerTextAsync();

    /// <summary>What is set on a page is gone when another is loaded.</summary>
    private static async Task MarkAsync(IPage page) =>
        await page.EvaluateAsync("() => { window.isMarked = true; }");

    private static async Task StaysAsync(IPage page, bool script) =>
        Assert.Equal(script, await page.EvaluateAsync<bool>("window.isMarked === true"));
}
