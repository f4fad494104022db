// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace TokenLedger.Explorer.Browser.Tests.Browsing;

/// <summary>
/// A page with all that a test asks of every page: what it said in the console, what it asked for, how many
/// bytes came, what axe-core finds, which letters are missing, whether it is wider than the window.
/// </summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    private static readonly string Axe =
        File.ReadAllText(Evm.Tests.Interop.Tool.Installed("axe-core", "axe.min.js"));

    private readonly IBrowserContext _context;
    private Seen _seen = new();
    private IPage? _twin;
    private DevTools? _tools;
    private DevTools? _twinTools;

    public WatchedPage(PageSetting setting, IBrowserContext context, IPage page)
    {
        Setting = setting;
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _seen.Complaints.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => _seen.Complaints.Enqueue(error);
        page.Request += (_, request) => _seen.Asked.Enqueue(request);
        page.RequestFinished += (_, request) => _seen.Finished.Enqueue(request);
    }

    public PageSetting Setting { get; private set; }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, a breach of the content security policy among
    /// them.</summary>
    public IReadOnlyCollection<string> Complaints => _seen.Complaints;

    /// <summary>Every address that was asked for.</summary>
    public IReadOnlyCollection<string> Asked => [.. _seen.Asked.Select(static one => one.Url)];

    /// <summary>Goes to an address, and forgets what was seen before.</summary>
    public async Task LoadAsync(string address)
    {
        _seen = new Seen();
        await Page.GotoAsync(address);
    }

    /// <summary>Makes each load ask for everything again.</summary>
    public async Task ForgetFilesAsync() => await (await ToolsAsync()).ForgetFilesAsync();

    /// <summary>Looks at the same page by other light or in another window.</summary>
    public async Task ChangeAsync(bool dark, int width)
    {
        Setting = Setting with { Dark = dark, Width = width };
        foreach (IPage page in _twin is null ? [Page] : (IPage[])[Page, _twin])
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions
            {
                ColorScheme = Setting.Options.ColorScheme,
            });
            await page.SetViewportSizeAsync(width, Setting.Options.ViewportSize!.Height);
        }
    }

    /// <summary>Bytes of all answers as they came over the wire, heads included.</summary>
    /// <param name="kind">Of these only: "script", say.</param>
    public async Task<long> BytesAsync(string? kind = null)
    {
        long sum = 0;
        // What the page before had asked for may have come in after it.
        foreach (IRequest request in _seen.Finished.Intersect(_seen.Asked)
            .Where(one => kind is null || one.ResourceType == kind))
        {
            RequestSizesResult sizes = await request.SizesAsync();
            sum += sizes.ResponseBodySize + sizes.ResponseHeadersSize;
        }

        return sum;
    }

    /// <summary>What axe-core finds, a line each. Of a dark page, what depends on colours: nothing else of it
    /// is other than in the light.</summary>
    public async Task<IReadOnlyList<string>> ViolationsAsync()
    {
        DevTools tools = await TimedToolsAsync();
        if (await tools.EvaluateAsync("typeof axe") == "undefined")
        {
            await tools.EvaluateAsync(Axe);
        }

        string rules = Setting.Dark
            ? ", runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }"
            : "";
        string found = await tools.EvaluateAsync($$"""
            axe.run(document, { resultTypes: ['violations']{{rules}} }).then((r) => r.violations
              .flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target}: ${n.failureSummary}`)).join('\u0001'))
            """);
        return found.Length == 0 ? [] : found.Split('\u0001');
    }

    /// <summary>
    /// Letters that would be seen as boxes: drawn, they look like a character that no font has.
    /// </summary>
    public async Task<string> MissingLettersAsync()
    {
        DevTools tools = await ToolsAsync();
        return await tools.EvaluateAsync("""
            (() => {
              const canvas = new OffscreenCanvas(80, 80);
              const pen = canvas.getContext('2d', { willReadFrequently: true });
              const draw = (font, letter) => {
                pen.clearRect(0, 0, 80, 80);
                pen.font = font;
                pen.fillText(letter, 20, 50);
                return pen.getImageData(0, 0, 80, 80).data.join();
              };
              const missing = new Set();
              const seen = new Set();
              const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const style = getComputedStyle(node.parentElement);
                const font = `${style.fontWeight} 32px ${style.fontFamily}`;
                for (const letter of node.data) {
                  if (/[\p{L}\p{N}\p{P}\p{S}]/u.test(letter) && !seen.has(font + letter)) {
                    seen.add(font + letter);
                    if (draw(font, letter) === draw(font, '\u{10fffd}')) missing.add(letter);
                  }
                }
              }
              return [...missing].join('');
            })()
            """);
    }

    /// <summary>The families of the fonts that Urdu text is in, as the browser chose them.</summary>
    public async Task<IReadOnlySet<string>> UrduFontsAsync()
    {
        DevTools tools = await ToolsAsync();
        return await tools.FontsOfAsync("""
            [...document.body.querySelectorAll('*')].filter((one) =>
              one.checkVisibility() && [...one.childNodes].some((n) =>
                n.nodeType === 3 && /^[\s\p{P}\p{Script=Arabic}]+$/u.test(n.data)
                && /\p{Script=Arabic}/u.test(n.data)))
            """);
    }

    /// <summary>By how many CSS pixels the page is wider than the window: 0 for none.</summary>
    public async Task<int> OverflowAsync() => int.Parse(
        await (await ToolsAsync()).EvaluateAsync(
            "String(document.documentElement.scrollWidth - document.documentElement.clientWidth)"),
        System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>All elements with their texts, without what scripts show and without what names the
    /// moment.</summary>
    public async Task<string> ElementsAsync() => await (await ToolsAsync()).EvaluateAsync("""
        (() => {
          const page = document.body.cloneNode(true);
          for (const one of page.querySelectorAll('script, #freshness, #live-toggle, #live-lost, .warning')) {
            one.remove();
          }
          return page.outerHTML;
        })()
        """);

    /// <summary>Keeps a picture of the whole page in .artifacts/screenshots.</summary>
    public async Task ScreenshotAsync(string name)
    {
        string folder = Path.Combine(
            Evm.Tests.Interop.Tool.Installed(), "..", "..", "screenshots");
        Directory.CreateDirectory(folder);
        byte[] picture = await (await ToolsAsync()).PictureAsync();
        await File.WriteAllBytesAsync(Path.Combine(folder, $"{name}-{Setting.Name}.jpeg"), picture);
    }

    public async ValueTask DisposeAsync()
    {
        if (_twin is not null)
        {
            await _twin.Context.DisposeAsync();
        }

        await _context.DisposeAsync();
    }

    private async Task<DevTools> ToolsAsync() => _tools ??= await DevTools.OpenAsync(Page);

    /// <summary>The tools of a page where timers run.</summary>
    private async Task<DevTools> TimedToolsAsync()
    {
        if (Setting.Script)
        {
            return await ToolsAsync();
        }

        _twin ??= await TwinAsync();
        return _twinTools ??= await DevTools.OpenAsync(_twin);
    }

    /// <summary>
    /// axe needs timers, which do not run where scripts are off. So it looks at the same elements in a page
    /// at the same address where scripts are on and there are none.
    /// </summary>
    private async Task<IPage> TwinAsync()
    {
        string content = await Page.ContentAsync();
        content = Regex.Replace(content, "<script.*?</script>", "", RegexOptions.Singleline);
        content = Regex.Replace(content, "</?noscript>", "");
        IBrowserContext context = await _context.Browser!.NewContextAsync(
            (Setting with { Script = true }).Options);
        IPage twin = await context.NewPageAsync();
        await twin.GotoAsync(Page.Url);
        await twin.SetContentAsync(content);
        return twin;
    }

    /// <summary>What was seen since an address was gone to.</summary>
    private sealed class Seen
    {
        public ConcurrentQueue<string> Complaints { get; } = [];

        public ConcurrentQueue<IRequest> Asked { get; } = [];

        public ConcurrentQueue<IRequest> Finished { get; } = [];
    }
}
