// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Microsoft.Playwright;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Browser.Tests.Browsing;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Browser.Tests.Verifying;

/// <summary>
/// The whole way of a reader who does not believe a page: from the page, which the explorer's program serves
/// from what it indexed of a node, by its link to the proof of that node, checked in the browser.
/// </summary>
[Collection(ChromiumGroup.Name)]
[Trait("Category", "Interop")]
public sealed class CheckYourselfTests(Chromium chromium, VerifierSite site)
{
    private static readonly string[] OfAnEntry =
        ["file", "network", "header", "certificate", "path", "asset"];

    private static readonly string[] OfAnEvent = ["file", "network", "header", "certificate", "event"];
    private static readonly string Account = "/account/" + Eip55.Format(TestNetwork.Alice);
    private static readonly string Asset = "/asset/" + TestNetwork.Bond;

    public static TheoryData<string, string, string[], string> Ways { get; } = new()
    {
        { "en", Account, OfAnEntry, "amount" },
        { "ur", Asset, OfAnEntry, "amount" },
        { "en", "/event/1/0", OfAnEvent, "event" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Link_OfAPage_LeadsToAProofOfWhichEveryStepHolds(
        string language, string path, string[] steps, string shown)
    {
        await using WatchedPage page = await chromium.OpenAsync(Of(language));
        string before = await OpenAsync(page, language, path);
        await StateAsync(page.Page, "unpinned");
        await CheckAsync(page.Page);
        await StateAsync(page.Page, "verified");
        ILocator found = page.Page.Locator("#steps li");
        await Assertions.Expect(found).ToHaveCountAsync(steps.Length);
        Assert.Empty(await page.Page.Locator("#steps li:not([data-state=holds])").AllAsync());

        // What was proven is what the page said.
        string facts = await page.Page.Locator("#facts").InnerTextAsync();
        Assert.Contains(SampleProofs.Genesis, facts, StringComparison.Ordinal);
        if (shown == "amount")
        {
            Assert.Contains(Amount(path), before, StringComparison.Ordinal);
            Assert.Contains(Amount(path), facts, StringComparison.Ordinal);
        }

        Assert.Empty(page.Complaints);
        Assert.All(page.Asked, url => Assert.StartsWith(site.Of("/"), url, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Link_AnswerChangedOnTheWay_FailsAndShowsNothingOfIt(
        string language, string path, string[] steps, string changed)
    {
        await using WatchedPage page = await chromium.OpenAsync(Of(language));
        await page.Page.AddInitScriptAsync($$"""
            const ask = window.fetch;
            window.fetch = async (...what) => {
              const answer = await ask(...what);
              if (!answer.url.includes('/api/proof/')) return answer;
              const bundle = await answer.json();
              const value = bundle.{{changed}};
              bundle.{{changed}} = value.slice(0, -1) + (value.endsWith('1') ? '2' : '1');
              return new Response(JSON.stringify(bundle), { status: answer.status });
            };
            """);
        await OpenAsync(page, language, path);
        await StateAsync(page.Page, "failed");
        await CheckAsync(page.Page);
        await StateAsync(page.Page, "failed");
        string failing = changed == "event" ? "event" : "path";
        ILocator fails = page.Page.Locator("#steps li[data-state=fails]");
        await Assertions.Expect(fails).ToHaveCountAsync(1);
        int before = await page.Page.Locator("#steps li[data-state=holds]").CountAsync();
        Assert.Equal(Array.IndexOf(steps, failing), before);
        await Assertions.Expect(page.Page.Locator("#facts")).ToBeHiddenAsync();
        await Assertions.Expect(page.Page.Locator("#advice")).ToBeVisibleAsync();
    }

    private static PageSetting Of(string language) => new(language, Dark: false, 1280, Script: true);

    /// <summary>What the chain of the samples left to the account, or has in all.</summary>
    private static string Amount(string path)
    {
        TestLedger ledger = SampleProofs.Chain.Ledger;
        Amount amount = path == Account
            ? ledger.View.Balance(TestNetwork.Alice, TestNetwork.Bond)
            : ledger.View.Supply(TestNetwork.Bond);
        return ((decimal)amount.Units / 100).ToString("N2", CultureInfo.InvariantCulture);
    }

    /// <summary>Opens a page and follows its link to the proof.</summary>
    /// <returns>What the page said.</returns>
    private async Task<string> OpenAsync(WatchedPage page, string language, string path)
    {
        await page.LoadAsync(site.Of($"/{language}{path}"));
        string said = await page.Page.Locator("main").InnerTextAsync();
        await page.Page.Locator("main a[href*='/verify?bundle=']").First.ClickAsync();
        await Assertions.Expect(page.Page).ToHaveURLAsync(
            new System.Text.RegularExpressions.Regex($"/{language}/verify\\?bundle="));
        return said;
    }

    private static async Task CheckAsync(IPage page)
    {
        await page.Locator("#genesis").FillAsync(SampleProofs.Genesis);
        await page.Locator("button[type=submit]").ClickAsync();
    }

    private static Task StateAsync(IPage page, string state) =>
        Assertions.Expect(page.Locator("#headline")).ToHaveAttributeAsync(
            "data-state", state, new LocatorAssertionsToHaveAttributeOptions { Timeout = 15_000 });
}
