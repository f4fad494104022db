// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Browser.Tests.Browsing;
using TokenLedger.Explorer.Web;

namespace TokenLedger.Explorer.Browser.Tests.Pages;

/// <summary>
/// Every kind of page in both languages, light and dark, on a phone and a desk, with and without JavaScript.
/// </summary>
[Collection(ChromiumGroup.Name)]
[Trait("Category", "Interop")]
public sealed class PageMatrixTests(Chromium chromium, PagesSite site)
{
    private const int KiB = 1024;

    [Theory]
    [InlineData("home")]
    [InlineData("home-then")]
    [InlineData("assets")]
    [InlineData("asset")]
    [InlineData("asset-then")]
    [InlineData("holders")]
    [InlineData("institutions")]
    [InlineData("institution")]
    [InlineData("proposals")]
    [InlineData("proposal")]
    [InlineData("reserves")]
    [InlineData("freezes")]
    [InlineData("freezes-then")]
    [InlineData("blocks")]
    [InlineData("block")]
    [InlineData("transactions")]
    [InlineData("transaction")]
    [InlineData("events")]
    [InlineData("event")]
    [InlineData("account")]
    [InlineData("bridge")]
    [InlineData("about")]
    [InlineData("check")]
    [InlineData("search")]
    [InlineData("missing")]
    [InlineData("hostile")]
    public async Task Page_EverySetting_IsAccessibleFitsAndAsksNobodyElse(string kind)
    {
        // Both at a time: the machine has two processors at least, and a page mostly waits for its tools.
        await Task.WhenAll(PageSetting.Languages.Select(language => LookAsync(kind, language)));
    }

    [Fact]
    public void Kinds_OfTheSite_AreAllLookedAt()
    {
        System.Reflection.MethodInfo theory = typeof(PageMatrixTests)
            .GetMethod(nameof(Page_EverySetting_IsAccessibleFitsAndAsksNobodyElse))!;
        Assert.Equal(
            site.Paths.Keys,
            theory.GetCustomAttributesData()
                .Where(static one => one.AttributeType == typeof(InlineDataAttribute))
                .Select(static one => (string)((IReadOnlyList<
                    System.Reflection.CustomAttributeTypedArgument>)one.ConstructorArguments[0].Value!)[0]
                    .Value!));
    }

    /// <summary>One load with scripts and one without, each seen by every light and in every window, without
    /// asking the site again.</summary>
    private async Task LookAsync(string kind, string language)
    {
        WatchedPage scripted = await chromium.KeptAsync(language, script: true);
        WatchedPage plain = await chromium.KeptAsync(language, script: false);
        await LoadAsync(kind, scripted);
        await LoadAsync(kind, plain);

        // Without scripts the elements are the same: axe and who looks for missing letters see them once.
        Assert.Equal(await plain.ElementsAsync(), await scripted.ElementsAsync());
        string missing = await scripted.MissingLettersAsync();
        Assert.True(missing.Length == 0, $"{kind} {language} has no letter for {missing}");
        foreach ((bool dark, int width) in PageSetting.Looks)
        {
            await FitAsync(kind, scripted, dark, width);
            await FitAsync(kind, plain, dark, width);
            IReadOnlyList<string> violations = await scripted.ViolationsAsync();
            Assert.True(
                violations.Count == 0, $"{kind} {scripted.Setting.Name}:\n{string.Join('\n', violations)}");
            await scripted.ScreenshotAsync("page-" + kind);
            if (dark == (width == 360))
            {
                await plain.ScreenshotAsync("page-" + kind);
            }
        }

        AssertQuiet(kind, scripted);
        AssertQuiet(kind, plain);
    }

    private async Task LoadAsync(string kind, WatchedPage page)
    {
        (bool dark, int width) = PageSetting.Looks[0];
        await page.ChangeAsync(dark, width);
        await page.LoadAsync(site.Of($"/{page.Setting.Language}{site.Paths[kind]}"));
        AssertFirstLoad(
            $"{kind} {page.Setting.Name}", page.Setting, await page.BytesAsync() + FontNotAskedFor(page),
            await page.BytesAsync("script"));
    }

    private static async Task FitAsync(string kind, WatchedPage page, bool dark, int width)
    {
        await page.ChangeAsync(dark, width);
        int overflow = await page.OverflowAsync();
        Assert.True(overflow == 0, $"{kind} {page.Setting.Name} is {overflow} pixels too wide");
    }

    private void AssertQuiet(string kind, WatchedPage page)
    {
        // That a page is missing, the browser says itself.
        Assert.DoesNotContain(page.Complaints, complaint => kind != "missing"
            || !complaint.StartsWith("Failed to load resource", StringComparison.Ordinal));
        Assert.All(page.Asked, url => Assert.StartsWith(site.Of("/"), url, StringComparison.Ordinal));
    }

    /// <summary>On a machine with a Nastaliq of its own the browser does without the site's font; others do
    /// not.</summary>
    private static long FontNotAskedFor(WatchedPage page)
    {
        const string Font = "naskh.woff2";
        return page.Setting.Language != "ur"
            || page.Asked.Any(static url => url.EndsWith(Font, StringComparison.Ordinal))
                ? 0
                : new SiteFiles(typeof(SiteFiles).Assembly).All[Font].Bytes.Length;
    }

    private static void AssertFirstLoad(string where, PageSetting setting, long all, long scripts)
    {
        long most = (setting.Language == "ur" ? 100 : 60) * KiB;
        Assert.True(all > 0 && all <= most, $"{where} takes {all} bytes, more than {most}");
        Assert.True(scripts <= 20 * KiB, $"{where} has {scripts} bytes of scripts");
        Assert.Equal(setting.Script, scripts > 0);
    }
}
