// SPDX-License-Identifier: Apache-2.0
using System.Net;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Language;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Web;

/// <summary>Names, reasons and memos of people who mean harm, and an index that is not well.</summary>
public sealed class HostileTests
{
    private const string Script = "<script>alert(1)</script>\"'><img src=x onerror=y>";

    [Fact]
    public async Task Pages_OfHostileNames_ShowThemAsText()
    {
        var chain = new FinalChain();
        TestLedger ledger = chain.Ledger;
        var id = AssetId.Parse("EVIL");
        ledger.Pass(
            TestNetwork.MinistryMaker,
            new CreateAsset(TestNetwork.BondDefinition(id) with { Name = Script, NameUrdu = Script }),
            new AttachDocument(
                id, new AssetDocument(Script, ProvenChain.Filled(3), "javascript:alert(1)")));
        ledger.Pass(TestNetwork.MinistryMaker, new PauseAsset(id, "=cmd|calc"));
        Transaction memo = ledger.Draft(
            TestNetwork.ExchangeAccount, new Transfer(TestNetwork.Bond, TestNetwork.Alice, new Amount(1)))
            with
        { Memo = Script };
        ledger.RunBlock(memo);
        string transaction = ledger.Verify(memo).Id.ToString();
        await using SiteHost site = await SiteHost.StartAsync(chain);
        string[] paths =
        [
            "/en/", "/ur/", "/en/assets", "/en/asset/EVIL", "/ur/asset/EVIL", "/en/asset/EVIL/holders",
            "/en/proposals", "/en/proposal/1", "/en/events", "/en/transactions",
            $"/en/transaction/{transaction}", "/en/search?q=" + WebUtility.UrlEncode(Script),
            "/en/search?q=evil", "/en/account/" + WebUtility.UrlEncode(Script),
            "/en/institution/" + Eip55.Format(TestNetwork.Ministry),
        ];
        foreach (string path in paths)
        {
            using HttpResponseMessage answer = await site.Http.GetAsync(new Uri(path, UriKind.Relative));
            string html = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotContain("<script>", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("href=\"javascript", html, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains(
            "&lt;script&gt;", await site.GetAsync($"/en/transaction/{transaction}"),
            StringComparison.Ordinal);
        string assets = await site.GetAsync("/en/assets?format=csv");
        Assert.Contains(
            "\"<script>alert(1)</script>\"\"'><img src=x onerror=y>\"", assets, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("a\u202Eb", "a[U+202E]b")]
    [InlineData("a\u200Bb", "a[U+200B]b")]
    [InlineData("\u2066x\u2069", "[U+2066]x[U+2069]")]
    [InlineData("a\0b\n", "a[U+0000]b[U+000A]")]
    [InlineData("\u3164", "[U+3164]")]
    [InlineData("آ\u200Cپ", "آ[U+200C]پ")]
    [InlineData("می\u200Cخواہم", "می\u200Cخواہم")]
    [InlineData("e\u0301\u0301\u0301\u0301\u0301", "e\u0301\u0301\u0301\u0301[U+0301]")]
    public void VisibleText_OfWhatHides_ShowsIt(string text, string expected) =>
        Assert.Equal(expected, VisibleText.Of(text));

    [Fact]
    public void VisibleText_OfALongText_IsBounded()
    {
        Assert.Equal(new string('a', 120) + "…", VisibleText.Of(new string('a', 5_000)));
        Assert.Equal("a\nb[U+202E]", VisibleText.Code("a\nb\u202E"));

        // Half a character, which no attribute of a test can hold.
        Assert.Equal("[U+D800]", VisibleText.Of("\uD800"));
    }

    [Theory]
    [InlineData("https://finance.example/report.pdf", true)]
    [InlineData("http://finance.example/", false)]
    [InlineData("https://finance.example@evil.example/", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("https://finance.example/\u202E", false)]
    [InlineData("//evil.example", false)]
    public void Foreign_OnlyPlainHttps_IsALink(string uri, bool link) =>
        Assert.Equal(link, Markup.Foreign(uri).ToString().StartsWith("<a ", StringComparison.Ordinal));

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("javascript:alert(1)")]
    public void Link_ToElsewhere_IsRefused(string path) =>
        Assert.Throws<ArgumentException>(() => Markup.Link(path, Markup.Empty));

    [Fact]
    public async Task Pages_BeforeAnythingIsIndexed_SaySo()
    {
        await using SiteHost site = await SiteHost.StartAsync(new FinalChain(), blocks: 0);
        Assert.Contains(
            "This site is starting",
            await site.GetAsync("/en/", HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
        Assert.Contains(
            "STARTING",
            await site.GetAsync("/ur/blocks?format=json", HttpStatusCode.ServiceUnavailable),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_OfAnIndexThatIsNotWell_WarnOfIt()
    {
        var chain = new FinalChain();
        chain.Ledger.RunBlock();
        await using SiteHost site = await SiteHost.StartAsync(chain);
        site.Follower.Change(static status => status with { NodeHeight = new Height(50) });
        string behind = await site.GetAsync("/en/blocks");
        Assert.Contains("blocks behind the ledger", behind, StringComparison.Ordinal);
        site.Follower.Change(static status => status with { Connected = false });
        Assert.Contains(
            "reaches no node of the ledger", await site.GetAsync("/en/blocks"), StringComparison.Ordinal);
        Assert.Contains(
            "\"lagBlocks\":null", await site.GetAsync("/en/blocks?format=json"), StringComparison.Ordinal);
        site.Follower.Change(static status => status with { Unverified = true });
        string unverified = await site.GetAsync("/ur/blocks");
        Assert.Contains("تصدیق نہیں ہو سکی", unverified, StringComparison.Ordinal);
        Assert.Contains(
            "\"verified\":false", await site.GetAsync("/en/blocks?format=json"), StringComparison.Ordinal);
        Assert.NotEqual(FollowerStatus.Initial, site.Follower.Current);
    }
}
