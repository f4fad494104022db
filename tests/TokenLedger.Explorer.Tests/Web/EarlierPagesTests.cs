// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Crypto;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Web;

/// <summary>
/// A page as of a height says what the page said when that height was the newest: it is compared with a site
/// that has indexed no more. What it names as kept for the newest only is left out of the comparison.
/// </summary>
[Collection(BusySite.Name)]
public sealed class EarlierPagesTests(BusySite busy)
{
    // What of each page's data the names in atNewest and atLeftOut stand for.
    private static readonly Dictionary<string, string[]> Fields = new()
    {
        ["cap"] = ["cap"],
        ["paused"] = ["paused", "pauseReason"],
        ["documents"] = ["documents"],
        ["counts"] = ["counts"],
        ["today"] = ["today"],
        ["signers"] = ["epoch", "signers", "changedAt", "changed"],
        ["stops"] = ["stops", "stopReason"],
        ["freeze"] = ["freeze", "legalReference", "freezeDocument", "frozenAt"],
        ["tagRequired"] = ["tagRequired"],
        ["officer"] = ["officer", "officers"],
    };

    private static readonly string[] Paths =
    [
        "/", "/assets", "/proposals", "/reserves", "/freezes", "/institutions", "/bridge", "/blocks",
        "/transactions", "/events", "/block/3", "/event/3/0", $"/asset/{TestNetwork.Bond}/holders",
        $"/account/{Eip55.Format(TestNetwork.Alice)}",
        $"/account/{Eip55.Format(TestNetwork.ExchangeAccount)}",
        $"/institution/{Eip55.Format(TestNetwork.Ministry)}",
    ];

    [Fact]
    public async Task Page_AsOfAHeight_SaysWhatItSaidThen()
    {
        for (int at = 5; at < busy.Chain.Blocks.Count - 1; at += busy.Chain.Blocks.Count / 9)
        {
            await using SiteHost then = await SiteHost.StartAsync(busy.Chain, blocks: at + 1);
            JsonNode list = JsonNode.Parse(await then.GetAsync("/en/proposals?format=json"))!;
            IEnumerable<string> proposals = list["data"]!.AsArray().Select(
                static row => $"/proposal/{row!["id"]}");
            foreach (string path in Paths.Concat(proposals))
            {
                await AssertSameAsync(then, path, at);
            }
        }
    }

    /// <summary>Files too: what the newest page's link gives is the same when it is asked for
    /// later.</summary>
    [Theory]
    [InlineData("/proposals")]
    [InlineData("/freezes")]
    [InlineData("/bridge")]
    public async Task File_AsOfAHeight_IsTheOneOfThen(string path)
    {
        int at = busy.Chain.Blocks.Count / 2;
        await using SiteHost then = await SiteHost.StartAsync(busy.Chain, blocks: at + 1);
        string file = await then.GetAsync($"/en{path}?format=csv");
        Assert.Equal(file, await busy.Host.GetAsync($"/en{path}?format=csv&at={at}"));
        string page = await then.GetAsync($"/en{path}");
        Assert.Contains($"format=csv&amp;at={at}", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileOfAssets_AsOfAHeight_IsNotKept()
    {
        await busy.Host.GetAsync("/en/assets?format=csv&at=5", System.Net.HttpStatusCode.NotFound);
        Assert.Contains("\"/en/assets?format=csv\"", await busy.Host.GetAsync("/en/assets"));
    }

    [Fact]
    public async Task Page_AsOfAHeight_NamesWhatIsNotKept()
    {
        string assets = await busy.Host.GetAsync("/en/assets?at=5");
        Assert.Contains("how much may exist at most, whether an asset is paused", assets);
        string home = await busy.Host.GetAsync("/ur/?at=5");
        Assert.Contains("پرانی حالت محفوظ نہیں", home, StringComparison.Ordinal);
        Assert.DoesNotContain("آدھی رات سے اب تک", home, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(await busy.Host.GetAsync("/en/?at=5&format=json"));
        Assert.Equal(3, json.RootElement.GetProperty("atLeftOut").GetArrayLength());
        Assert.Equal("whole", json.RootElement.GetProperty("atAnswers").GetString());
        foreach (string page in (string[])["/en/about", "/en/about/check"])
        {
            string text = await busy.Host.GetAsync(page + "?at=5");
            Assert.Contains("No earlier state of this page is kept here", text, StringComparison.Ordinal);
        }
    }

    private async Task AssertSameAsync(SiteHost then, string path, int at)
    {
        JsonNode now = JsonNode.Parse(await busy.Host.GetAsync($"/en{path}?at={at}&format=json"))!;
        JsonNode was = JsonNode.Parse(await then.GetAsync($"/en{path}?format=json"))!;
        Assert.NotEqual("newest", (string)now["atAnswers"]!);
        string[] unkept =
        [
            .. now["atNewest"]!.AsArray().Concat(now["atLeftOut"]!.AsArray())
                .SelectMany(static name => Fields[(string)name!]),
        ];
        Without(now["data"], unkept);
        Without(was["data"], unkept);
        Assert.True(
            JsonNode.DeepEquals(was["data"], now["data"]),
            $"{path} at {at}: {was["data"]?.ToJsonString()} was, {now["data"]?.ToJsonString()} is shown");
    }

    private static void Without(JsonNode? node, string[] names)
    {
        if (node is JsonObject one)
        {
            foreach (string name in names)
            {
                one.Remove(name);
            }

            foreach ((_, JsonNode? value) in one)
            {
                Without(value, names);
            }
        }
        else if (node is JsonArray list)
        {
            foreach (JsonNode? item in list)
            {
                Without(item, names);
            }
        }
    }
}
