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
        string path = site.Paths[kind];
        IEnumerable<IGrouping<(string, bool), PageSetting>> loads =
            PageSetting.All.GroupBy(static one => (one.Language, one.Script));

        // Two at a time: the machine has two processors at least, and a page mostly waits for its tools.
        await Parallel.ForEachAsync(
            loads, new ParallelOptions { MaxDegreeOfParallelism = 2 },
            async (settings, _) => await LookAsync(kind, path, [.. settings]));
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

    /// <summary>One load, seen by every light and in every window, without asking the site again.</summary>
    private async Task LookAsync(string kind, string path, IReadOnlyList<PageSetting> settings)
    {
        PageSetting first = settings[0];
        await using WatchedPage page = await chromium.OpenAsync(first);
        await page.Page.GotoAsync(site.Of($"/{first.Language}{path}"));
        string where = $"{kind} {first.Name}";
        AssertFirstLoad(
            where, first, await page.BytesAsync() + FontNotAskedFor(page), await page.BytesAsync("script"));
        string missing = await page.MissingLettersAsync();
        Assert.True(missing.Length == 0, $"{where} has no letter for {missing}");
        foreach (PageSetting setting in settings)
        {
            await page.ChangeAsync(setting.Dark, setting.Width);
            int overflow = await page.OverflowAsync();
            Assert.True(overflow == 0, $"{kind} {setting.Name} is {overflow} pixels too wide");

            // Without scripts the elements are the same: axe sees each colour and each width of them once.
            if (setting.Script || setting.Dark == (setting.Width == 360))
            {
                IReadOnlyList<string> violations = await page.ViolationsAsync();
                Assert.True(
                    violations.Count == 0, $"{kind} {setting.Name}:\n{string.Join('\n', violations)}");
                await page.ScreenshotAsync("page-" + kind);
            }
        }

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
