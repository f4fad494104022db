// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Playwright;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Browser.Tests.Browsing;
using TokenLedger.Protocol.Proofs;
using TokenLedger.Testing;
using Xunit.Abstractions;

namespace TokenLedger.Explorer.Browser.Tests.Verifying;

/// <summary>
/// The verifier in Chromium: the single file from the disk without a network, and the page that the explorer
/// serves.
/// </summary>
[Collection(ChromiumGroup.Name)]
[Trait("Category", "Interop")]
public sealed class VerifierPageTests(Chromium chromium, VerifierSite site, ITestOutputHelper output)
{
    private static readonly PageSetting Plain = new("en", Dark: false, 1280, Script: true);

    public static IEnumerable<object[]> Kinds => SampleProofs.All.Select(
        static one => new object[] { one.Name });

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task SavedFile_WithoutANetwork_Verifies(string name)
    {
        await using WatchedPage page = await OpenSavedAsync(Plain);
        await FillAsync(page.Page, Text(name), SampleProofs.Genesis);
        await page.Page.Locator("button[type=submit]").ClickAsync();
        await HeadlineAsync(page.Page, "verified");
        Assert.StartsWith("VERIFIED", await page.Page.Locator("#headline").InnerTextAsync());
        Assert.Empty(await page.Page.Locator("#steps li:not([data-state=holds])").AllAsync());
        Assert.Contains(
            SampleProofs.Genesis, await page.Page.Locator("#facts").InnerTextAsync(),
            StringComparison.Ordinal);
        AssertQuiet(page);
        Assert.All(page.Asked, static url => Assert.StartsWith("file://", url, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("genesis", "The network")]
    [InlineData("header", "The signatures")]
    [InlineData("certificate", "The signatures")]
    [InlineData("amount", "The entry")]
    [InlineData("stateProof", "The entry")]
    [InlineData("assetState", "The asset")]
    [InlineData("format", "The file")]
    public async Task SavedFile_TamperedBundle_FailsRedAndNamesTheStep(string key, string step)
    {
        await using WatchedPage page = await OpenSavedAsync(Plain);
        var json = System.Text.Json.Nodes.JsonNode.Parse(Text("balance"))!;
        string value = (string)json[key]!;
        json[key] = value[..^1] + (char)(value[^1] ^ 1);
        await FillAsync(page.Page, json.ToJsonString(), SampleProofs.Genesis);
        await page.Page.Locator("button[type=submit]").ClickAsync();
        await HeadlineAsync(page.Page, "failed");
        string headline = await page.Page.Locator("#headline").InnerTextAsync();
        Assert.StartsWith("NOT VERIFIED", headline, StringComparison.Ordinal);
        Assert.Contains(step, headline, StringComparison.Ordinal);
        ILocator failed = page.Page.Locator("#steps li[data-state=fails]");
        Assert.Contains(step, await failed.InnerTextAsync(), StringComparison.Ordinal);
        Assert.False(await page.Page.Locator("#facts").IsVisibleAsync());
        Assert.True(await page.Page.Locator("#advice").IsVisibleAsync());
        string colour = await page.Page.Locator("#headline").EvaluateAsync<string>(
            "one => getComputedStyle(one).color");
        Assert.Equal("rgb(143, 16, 16)", colour);
        AssertQuiet(page);
    }

    [Fact]
    public async Task SavedFile_FileChosenAndNoGenesis_AsksForTheComparison()
    {
        await using WatchedPage page = await OpenSavedAsync(Plain);
        await page.Page.Locator("#file").SetInputFilesAsync(new FilePayload
        {
            Name = "proof.json",
            MimeType = "application/json",
            Buffer = Encoding.UTF8.GetBytes(Text("supply")),
        });
        await HeadlineAsync(page.Page, "unpinned");
        Assert.Contains(
            SampleProofs.Genesis, await page.Page.Locator("#facts").InnerTextAsync(),
            StringComparison.Ordinal);
        await page.Page.Locator("#genesis").FillAsync("0x" + SampleProofs.Genesis.ToUpperInvariant());
        await page.Page.Locator("button[type=submit]").ClickAsync();
        await HeadlineAsync(page.Page, "verified");
    }

    [Fact]
    public async Task SavedFile_Dropped_IsVerified()
    {
        await using WatchedPage page = await OpenSavedAsync(Plain);
        await page.Page.Locator("#genesis").FillAsync(SampleProofs.Genesis);
        IJSHandle data = await page.Page.EvaluateHandleAsync(
            """
            text => {
              const data = new DataTransfer();
              data.items.add(new File([text], 'proof.json', { type: 'application/json' }));
              return data;
            }
            """,
            Text("event"));
        await page.Page.DispatchEventAsync("body", "drop", new { dataTransfer = data });
        await HeadlineAsync(page.Page, "verified");
        Assert.Contains(
            "Units were transferred", await page.Page.Locator("#facts").InnerTextAsync(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ur")]
    public async Task SavedFile_EventOfALaterKind_IsNotCalledForged(string language)
    {
        await using WatchedPage page = await OpenSavedAsync(Plain with { Language = language });
        await FillAsync(
            page.Page, Encoding.UTF8.GetString(SampleProofs.OfALaterKind.Write()), SampleProofs.Genesis);
        await page.Page.Locator("button[type=submit]").ClickAsync();
        await HeadlineAsync(page.Page, "newer");
        Assert.False(await page.Page.Locator("#advice").IsVisibleAsync());
        Assert.Equal(4, await page.Page.Locator("#steps li[data-state=holds]").CountAsync());
        await AssertWellAsync(page, $"verifier-newer-{language}");
        AssertQuiet(page);
    }

    [Fact]
    public async Task SavedFile_WrongGenesisText_IsSaidAtTheField()
    {
        await using WatchedPage page = await OpenSavedAsync(Plain);
        await FillAsync(page.Page, Text("supply"), "abc");
        await page.Page.Locator("button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Page.Locator("#genesisBad")).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.Locator("#genesis")).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(page.Page.Locator("#genesis")).ToBeFocusedAsync();
        Assert.Empty(await page.ViolationsAsync());
    }

    /// <summary>From the top with the tabulator and the space bar alone.</summary>
    [Fact]
    public async Task SavedFile_KeyboardAlone_Verifies()
    {
        await using WatchedPage page = await OpenSavedAsync(Plain);
        await FillAsync(page.Page, Text("balance"), SampleProofs.Genesis);
        await page.Page.Locator("#language").FocusAsync();
        var way = new List<string>();
        for (int i = 0; i < 8; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            way.Add(await page.Page.EvaluateAsync<string>(
                "document.activeElement.id || document.activeElement.type || ''"));
            if (way[^1] == "submit")
            {
                break;
            }
        }

        Assert.Equal(["file", "proof", "genesis", "submit"], way.Distinct());
        string outline = await page.Page.EvaluateAsync<string>(
            "getComputedStyle(document.activeElement).outlineStyle");
        Assert.Equal("solid", outline);
        await page.Page.Keyboard.PressAsync("Space");
        await HeadlineAsync(page.Page, "verified");
    }

    [Fact]
    public async Task SavedFile_HostileNames_AreShownAsText()
    {
        const string Hostile = "<img src=x onerror=alert(1)>\u202E\u200Bx";
        await using WatchedPage page = await OpenSavedAsync(Plain);
        using var proven = new ProvenChain("<script>x</script>\u202E");
        ProofBundle bundle = ProofBundle.Of(proven.Prove(TestNetwork.Alice, TestNetwork.Bond, 500));
        await FillAsync(
            page.Page, Encoding.UTF8.GetString(bundle.Write()), proven.Genesis.Hash.ToString());
        await page.Page.Locator("button[type=submit]").ClickAsync();
        await HeadlineAsync(page.Page, "verified");
        Assert.Contains(
            "<script>x</script>", await page.Page.Locator("#facts").InnerTextAsync(),
            StringComparison.Ordinal);
        await page.Page.Locator("#proof").FillAsync($$"""{"format":"{{Hostile}}"}""");
        await page.Page.Locator("button[type=submit]").ClickAsync();
        await HeadlineAsync(page.Page, "failed");
        Assert.Empty(await page.Page.Locator("main img, main script").AllAsync());
        AssertQuiet(page);
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("en", false)]
    [InlineData("ur", true)]
    [InlineData("ur", false)]
    public async Task SavedFile_EachSetting_IsAccessibleAndFits(string language, bool script)
    {
        await using WatchedPage page = await OpenSavedAsync(
            Plain with { Language = language, Script = script });
        await LookAsync(page, "verifier-file", "balance", "event");
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("en", false)]
    [InlineData("ur", true)]
    [InlineData("ur", false)]
    public async Task ServedPage_EachSetting_IsAccessibleAndFits(string language, bool script)
    {
        await using WatchedPage page = await chromium.OpenAsync(
            Plain with { Language = language, Script = script });
        await page.Page.GotoAsync(new Uri(site.Explorer.Address, $"/{language}/verify").ToString());
        await LookAsync(page, "verifier-page", "supply");
        Assert.All(page.Asked, url => Assert.StartsWith(
            site.Explorer.Address.ToString(), url, StringComparison.Ordinal));
        Assert.InRange(await page.BytesAsync(), 1, 200_000);
    }

    [Theory]
    [InlineData("en", "/api/proof/balance/{alice}/PK-BOND-30")]
    [InlineData("ur", "/api/proof/supply/PK-BOND-30")]
    [InlineData("en", "/api/proof/event/1/0")]
    public async Task ServedPage_BundleOfTheExplorer_IsFetchedAndVerified(string language, string path)
    {
        path = path.Replace("{alice}", Eip55.Format(TestNetwork.Alice), StringComparison.Ordinal);
        await using WatchedPage page = await chromium.OpenAsync(Plain with { Language = language });
        IResponse? response = await page.Page.GotoAsync(new Uri(
            site.Explorer.Address, $"/{language}/verify?bundle={path}").ToString());
        Assert.DoesNotContain(
            "unsafe", response!.Headers["content-security-policy"], StringComparison.Ordinal);
        await HeadlineAsync(page.Page, "unpinned");
        await page.Page.Locator("#genesis").FillAsync(SampleProofs.Genesis);
        await page.Page.Locator("button[type=submit]").ClickAsync();
        await HeadlineAsync(page.Page, "verified");
        AssertQuiet(page);
    }

    /// <summary>The served script itself, with a bit of some part of each bundle changed.</summary>
    [Fact]
    public async Task ServedScript_RandomBitsChanged_RefusesEach()
    {
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var texts = new List<string>();
        foreach (string name in (string[])["balance", "supply", "event"])
        {
            string[] keys = name == "event"
                ? ["genesis", "header", "certificate", "event"]
                : ["genesis", "header", "certificate", "stateProof", "assetState", "assetProof"];
            for (int i = 0; i < 60; i++)
            {
                var json = System.Text.Json.Nodes.JsonNode.Parse(Text(name))!;
                string key = keys[i % keys.Length];
                byte[] bytes = Convert.FromHexString((string)json[key]!);
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                json[key] = Convert.ToHexStringLower(bytes);
                texts.Add(json.ToJsonString());
            }
        }

        await using WatchedPage page = await chromium.OpenAsync(Plain);
        await page.Page.GotoAsync(new Uri(site.Explorer.Address, "/en/verify").ToString());
        int[] held = await page.Page.EvaluateAsync<int[]>(
            """
            async ([texts, good, genesis]) => {
              const { Failure, verify } = await import('/verify/verify.js');
              await verify(good, genesis);
              const held = [];
              for (let i = 0; i < texts.length; i++) {
                try {
                  await verify(texts[i], genesis);
                  held.push(i);
                } catch (e) {
                  if (!(e instanceof Failure)) throw e;
                }
              }
              return held;
            }
            """,
            new object[] { texts, Text("balance"), SampleProofs.Genesis });
        Assert.True(held.Length == 0, $"seed {seed}: {string.Join(", ", held)} hold");
    }

    [Fact]
    public async Task ServedPage_NoSuchAsset_SaysWhatTheNodeSays()
    {
        await using WatchedPage page = await chromium.OpenAsync(Plain);
        await page.Page.GotoAsync(new Uri(
            site.Explorer.Address, "/en/verify?bundle=/api/proof/supply/NO-SUCH").ToString());
        await HeadlineAsync(page.Page, "trouble");
        Assert.Contains(
            "There is no asset NO-SUCH", await page.Page.Locator("#headline").InnerTextAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServedFile_Downloaded_IsTheCommittedOne()
    {
        using var http = new HttpClient { BaseAddress = site.Explorer.Address };
        using HttpResponseMessage response = await http.GetAsync(
            new Uri("/verifier.html", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        byte[] served = await response.Content.ReadAsByteArrayAsync();
        byte[] committed = await File.ReadAllBytesAsync(SavedPath);
        Assert.Equal(SHA256.HashData(committed), SHA256.HashData(served));

        using var again = new HttpRequestMessage(HttpMethod.Get, "/verifier.html");
        again.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(response.Headers.ETag!.ToString()));
        using HttpResponseMessage unchanged = await http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    private static string SavedPath => Path.Combine(NodeRun.Folder, "Built", "verifier.html");

    private async Task<WatchedPage> OpenSavedAsync(PageSetting setting)
    {
        WatchedPage page = await chromium.OpenAsync(setting);
        await page.Page.Context.SetOfflineAsync(true);
        await page.Page.GotoAsync(new Uri(SavedPath).ToString());
        if (setting is { Language: "ur", Script: true })
        {
            await page.Page.Locator("#language").ClickAsync();
        }

        return page;
    }

    /// <summary>What every page must be, empty, with successes and with a failure, in every light and
    /// window.</summary>
    private static async Task LookAsync(WatchedPage page, string name, params IEnumerable<string> kinds)
    {
        if (!page.Setting.Script)
        {
            Assert.Contains(
                "tl proof verify", await page.Page.Locator("noscript").First.InnerTextAsync(),
                StringComparison.Ordinal);
            await AssertWellAsync(page, name);
            return;
        }

        await AssertWellAsync(page, name);
        Assert.Equal(
            page.Setting.Language == "ur" ? "rtl" : "ltr",
            await page.Page.Locator("html").GetAttributeAsync("dir"));
        foreach (string kind in kinds)
        {
            await FillAsync(page.Page, Text(kind), SampleProofs.Genesis);
            await page.Page.Locator("button[type=submit]").ClickAsync();
            await HeadlineAsync(page.Page, "verified");
            await AssertWellAsync(page, $"{name}-{kind}");
        }

        await page.Page.Locator("#proof").FillAsync(
            Text("supply").Replace("\"5", "\"4", StringComparison.Ordinal));
        await page.Page.Locator("button[type=submit]").ClickAsync();
        await HeadlineAsync(page.Page, "failed");
        await AssertWellAsync(page, $"{name}-failed");
        AssertQuiet(page);
    }

    private static async Task AssertWellAsync(WatchedPage page, string name)
    {
        Assert.Equal("", await page.MissingLettersAsync());
        if (page.Setting is { Language: "ur", Script: true })
        {
            Assert.Equal(["Noto Naskh Arabic"], await page.UrduFontsAsync());
        }

        foreach ((bool dark, int width) in PageSetting.Looks)
        {
            await page.ChangeAsync(dark, width);
            Assert.Equal(0, await page.OverflowAsync());
            Assert.Empty(await page.ViolationsAsync());
            await page.ScreenshotAsync(name);
        }
    }

    private static void AssertQuiet(WatchedPage page) => Assert.Empty(page.Complaints);

    private static async Task FillAsync(IPage page, string proof, string genesis)
    {
        await page.Locator("#proof").FillAsync(proof);
        await page.Locator("#genesis").FillAsync(genesis);
    }

    private static Task HeadlineAsync(IPage page, string state) =>
        Assertions.Expect(page.Locator("#headline")).ToHaveAttributeAsync(
            "data-state", state, new LocatorAssertionsToHaveAttributeOptions { Timeout = 15_000 });

    private static string Text(string name) => Encoding.UTF8.GetString(
        SampleProofs.All.First(one => one.Name == name).Bundle.Write());
}
