// SPDX-License-Identifier: Apache-2.0
using Microsoft.Playwright;
using TokenLedger.Explorer.Browser.Tests.Pages;

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

    /// <summary>A browser profile of its own, with nothing remembered.</summary>
    internal Task<IBrowserContext> NewContextAsync(PageSetting setting) =>
        _browser!.NewContextAsync(setting.Options);

    /// <summary>A page in a profile of its own, and what was seen of it; disposes of both.</summary>
    internal async Task<WatchedPage> OpenAsync(PageSetting setting)
    {
        IBrowserContext context = await NewContextAsync(setting);
        return new WatchedPage(setting, context, await context.NewPageAsync());
    }
}

/// <summary>Tests that share the browser and the site, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ChromiumGroup : ICollectionFixture<Chromium>, ICollectionFixture<PagesSite>
{
    public const string Name = "Chromium";
}
