// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using TokenLedger.Explorer.Web;

namespace TokenLedger.Explorer.Tests.Web;

/// <summary>What all pages have in common: languages, headers, files, problems in words.</summary>
[Collection(BusySite.Name)]
public sealed partial class FoundationTests(BusySite busy)
{
    private SiteHost Site => busy.Host;

    [Theory]
    [InlineData("ur-PK,en;q=0.5", "/ur/")]
    [InlineData("en-GB,ur;q=0.9", "/en/")]
    [InlineData(null, "/en/")]
    [InlineData("de", "/en/")]
    public async Task Root_ByWhatTheBrowserPrefers_LeadsToALanguage(string? header, string expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative));
        if (header is not null)
        {
            request.Headers.Add("Accept-Language", header);
        }

        using HttpResponseMessage answer = await Site.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(expected, answer.Headers.Location!.ToString());
    }

    [Theory]
    [InlineData("/en/", HttpStatusCode.OK)]
    [InlineData("/ur/nothing/of/this", HttpStatusCode.NotFound)]
    [InlineData("/en/search?q=%3Cscript%3E", HttpStatusCode.OK)]
    [InlineData("/en/?format=json", HttpStatusCode.OK)]
    [InlineData("/files/0/site.css", HttpStatusCode.NotFound)]
    [InlineData("/health/live", HttpStatusCode.OK)]
    [InlineData("/api/status", HttpStatusCode.OK)]
    public async Task Headers_OfEveryAnswer_AllowNothingForeignOrInline(string path, HttpStatusCode expected)
    {
        using HttpResponseMessage answer = await Site.Http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(expected, answer.StatusCode);
        string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith(
            "default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Opener-Policy")));
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Pages_HaveNothingInlineThatThePolicyForbids()
    {
        string html = await Site.GetAsync("/en/");
        Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<style", html, StringComparison.Ordinal);
        Assert.Empty(InlineHandler().Matches(html));
        Assert.All(Script().Matches(html), static match => Assert.Contains(
            "src=\"/files/", match.Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pages_InBothLanguages_NameEachOther()
    {
        string english = await Site.GetAsync("/en/search?q=nothing");
        string urdu = await Site.GetAsync("/ur/search?q=nothing");
        Assert.Contains("<html lang=\"en\" dir=\"ltr\">", english, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"ur\" dir=\"rtl\">", urdu, StringComparison.Ordinal);
        foreach (string html in new[] { english, urdu })
        {
            Assert.Contains("hreflang=\"ur\" href=\"/ur/search?q=nothing\"", html, StringComparison.Ordinal);
            Assert.Contains("hreflang=\"en\" href=\"/en/search?q=nothing\"", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Files_OfEachKind_AreServedForEverAndCompressed()
    {
        var files = new SiteFiles(typeof(SiteFiles).Assembly);
        Assert.Equal(
            [
                "LICENSE-htmx.txt", "htmx.js", "icon.svg", "lists.js", "live.js", "naskh.txt", "naskh.woff2",
                "search.js", "site.css",
            ],
            files.All.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, SiteFile file) in files.All)
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get, new Uri(files.PathOf(name), UriKind.Relative));
            request.Headers.Add("Accept-Encoding", "gzip, br");
            using HttpResponseMessage answer = await Site.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl!.ToString());
            Assert.Equal(file.ContentType, answer.Content.Headers.ContentType!.ToString());
            byte[] body = await answer.Content.ReadAsByteArrayAsync();
            if (answer.Content.Headers.ContentEncoding.Contains("br"))
            {
                using var brotli = new BrotliStream(new MemoryStream(body), CompressionMode.Decompress);
                using var plain = new MemoryStream();
                await brotli.CopyToAsync(plain);
                body = plain.ToArray();
            }

            Assert.Equal(file.Bytes, body);
        }
    }

    [Fact]
    public async Task FirstLoad_OfEachLanguage_StaysWithinItsBudget()
    {
        var files = new SiteFiles(typeof(SiteFiles).Assembly);
        string[] names = ["live.js", "search.js", "htmx.js", "lists.js"];
        int scripts = names.Sum(name => files.All[name].Brotli.Length);
        int common = scripts + files.All["site.css"].Brotli.Length + files.All["icon.svg"].Bytes.Length;
        Assert.InRange(scripts, 1, 20 * 1024);
        Assert.InRange(common + await CompressedAsync("/en/"), 1, 60 * 1024);
        Assert.InRange(
            common + files.All["naskh.woff2"].Bytes.Length + await CompressedAsync("/ur/"), 1, 100 * 1024);
    }

    [Theory]
    [InlineData("/en/block/twelve", HttpStatusCode.BadRequest, "cannot be read")]
    [InlineData("/en/block/99999999999999999999999", HttpStatusCode.BadRequest, "cannot be read")]
    [InlineData("/en/block/999999", HttpStatusCode.NotFound, "no such block yet")]
    [InlineData("/en/account/0x12", HttpStatusCode.BadRequest, "cannot be read")]
    [InlineData(
        "/en/account/0x0000000000000000000000000000000000000001", HttpStatusCode.NotFound, "nothing of")]
    [InlineData("/en/asset/pk-bond-30", HttpStatusCode.BadRequest, "cannot be read")]
    [InlineData("/en/asset/NO-SUCH", HttpStatusCode.NotFound, "nothing of this name")]
    [InlineData("/en/asset/NO-SUCH/holders", HttpStatusCode.NotFound, "nothing of this name")]
    [InlineData("/en/transaction/xyz", HttpStatusCode.BadRequest, "cannot be read")]
    [InlineData("/en/event/1/99999999999", HttpStatusCode.NotFound, "nothing of this name")]
    [InlineData("/en/proposal/999", HttpStatusCode.NotFound, "nothing of this name")]
    [InlineData("/en/events?before=7", HttpStatusCode.BadRequest, "cannot be read")]
    [InlineData("/en/assets?format=csv&at=3", HttpStatusCode.NotFound, "earlier state is not kept")]
    [InlineData("/en/?at=-1", HttpStatusCode.BadRequest, "cannot be read")]
    [InlineData("/en/?at=999999", HttpStatusCode.NotFound, "no such block yet")]
    [InlineData("/en/nothing", HttpStatusCode.NotFound, "no such page")]
    [InlineData("/nothing", HttpStatusCode.NotFound, "no such page")]
    [InlineData("/en/about?format=csv", HttpStatusCode.NotFound, "no file of this page")]
    public async Task Problems_AreSaidInWords(string path, HttpStatusCode expected, string words)
    {
        string html = await Site.GetAsync(path, expected);
        Assert.Contains(words, html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("</html>", html, StringComparison.Ordinal);
        string separator = path.Contains('?', StringComparison.Ordinal) ? "&" : "?";
        if (!path.Contains("format", StringComparison.Ordinal))
        {
            string json = await Site.GetAsync(path + separator + "format=json", expected);
            Assert.StartsWith("{\"code\":\"", json, StringComparison.Ordinal);
        }
    }

    /// <summary>What others wrote is what it was when it was looked at.</summary>
    [Fact]
    public void Vendored_Htmx_HasTheHashOfTheReadme()
    {
        var files = new SiteFiles(typeof(SiteFiles).Assembly);
        string readme = File.ReadAllText(Path.GetFullPath(Path.Combine(
            Source(), "..", "..", "..", "..", "src", "TokenLedger.Explorer", "README.md")));
        string hash = Convert.ToHexStringLower(SHA256.HashData(files.All["htmx.js"].Bytes));
        Assert.Contains($"`htmx.js` | `htmx.org` 2.0.11, 0BSD | {hash}", readme, StringComparison.Ordinal);
        Assert.Contains("LICENSE-htmx.txt", files.All.Keys);
    }

    private static string Source([CallerFilePath] string path = "") => path;

    private async Task<int> CompressedAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Add("Accept-Encoding", "br");
        using HttpResponseMessage answer = await Site.Http.SendAsync(request);
        Assert.Contains("br", answer.Content.Headers.ContentEncoding);
        return (await answer.Content.ReadAsByteArrayAsync()).Length;
    }

    [GeneratedRegex(@"<[^>]* on\w+=")]
    private static partial Regex InlineHandler();

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex Script();
}
