// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Microsoft.Playwright;
using TokenLedger.Explorer.Browser.Tests.Pages;
using TokenLedger.Explorer.Browser.Tests.Verifying;

namespace TokenLedger.Explorer.Browser.Tests.Browsing;

/// <summary>
/// Debian's Chromium without a window, one for all tests of a collection. Nothing is downloaded: the driver
/// comes with the package, the browser from the system.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private readonly ConcurrentDictionary<(string, bool), WatchedPage> _kept = [];

    public async Task InitializeAsync()
    {
        Assert.True(File.Exists(Program), $"There is no {Program}: run tests/run.sh, which installs it.");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            Headless = true,
            // Tests may run as root, where the sandbox refuses to start; only our own pages are opened.
            Args = ["--no-sandbox", "--disable-dev-shm-usage"],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>A page in a profile of its own, with nothing remembered, and what was seen of it; disposes of
    /// both.</summary>
    internal async Task<WatchedPage> OpenAsync(PageSetting setting)
    {
        IBrowserContext context = await _browser!.NewContextAsync(setting.Options);
        return new WatchedPage(setting, context, await context.NewPageAsync());
    }

    /// <summary>
    /// A page that is kept for the next test: a profile costs more than many loads. Each load of it is like
    /// the first one. For one test at a time, which does not dispose of it.
    /// </summary>
    internal async Task<WatchedPage> KeptAsync(string language, bool script)
    {
        if (!_kept.TryGetValue((language, script), out WatchedPage? page))
        {
            page = await OpenAsync(new PageSetting(language, Dark: false, 1280, script));
            await page.ForgetFilesAsync();
            _kept[(language, script)] = page;
        }

        return page;
    }
}

/// <summary>Tests that share the browser and the sites, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ChromiumGroup
    : ICollectionFixture<Chromium>, ICollectionFixture<PagesSite>, ICollectionFixture<VerifierSite>
{
    public const string Name = "Chromium";
}
