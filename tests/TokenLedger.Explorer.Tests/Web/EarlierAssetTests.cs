// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Core;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Web;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Web;

/// <summary>Assets and their holders as of an earlier height.</summary>
[Collection(BusySite.Name)]
public sealed class EarlierAssetTests(BusySite busy)
{
    private SiteHost Site => busy.Host;

    [Fact]
    public async Task AssetAndHolders_AtEarlierHeights_AreThoseOfThen()
    {
        await using IIndexView view = await Site.ViewAsync();
        var seen = new HashSet<string>();
        for (ulong at = 0; at < (ulong)busy.Chain.Blocks.Count; at += 20)
        {
            SupplyRow? then = await view.FindSupplyAtAsync(TestNetwork.Bond, new Height(at), default);
            JsonElement asset = await DataAsync(at, "", "partly");
            Assert.Equal(
                (then?.Supply ?? Amount.Zero).ToString(),
                asset.GetProperty("asset").GetProperty("supply").GetString());
            Assert.Equal(then?.Holders ?? 0, asset.GetProperty("asset").GetProperty("holders").GetUInt64());
            seen.Add(asset.GetProperty("asset").GetProperty("supply").GetString()!);

            JsonElement holders = await DataAsync(at, "/holders", "whole");
            Assert.Equal(then?.Holders ?? 0, holders.GetProperty("holders").GetUInt64());
            Assert.Equal(at, holders.GetProperty("countedAt").GetUInt64());
            PastHolders all = await view.HoldersAtAsync(
                TestNetwork.Bond, new Height(at), null, Limits.PageRows, default);
            Assert.All(holders.GetProperty("named").EnumerateArray(), named => Assert.Contains(
                all.Rows, row => row.Amount.ToString() == named.GetProperty("amount").GetString()));
        }

        Assert.True(seen.Count > 2, "the supply changed");
    }

    [Fact]
    public async Task Days_AtAHeight_AreTheOnesThatHadEndedAndStaySo()
    {
        string path = $"/en/asset/{TestNetwork.Bond}?format=csv";
        string[] all = (await Site.GetAsync(path)).TrimEnd().Split("\r\n");
        var lengths = new List<int>();
        for (int at = 0; at < busy.Chain.Blocks.Count; at += 10)
        {
            string[] ended = (await Site.GetAsync($"{path}&at={at}")).TrimEnd().Split("\r\n");
            Assert.Equal(all[0], ended[0]);
            Assert.Equal(all[(all.Length - ended.Length + 1)..], ended[1..]);
            lengths.Add(ended.Length);
        }

        Assert.Equal(lengths.Order(), lengths);
        Assert.Equal(1, lengths[0]);
        Assert.InRange(lengths[^1], 2, all.Length - 1);
    }

    /// <summary>The day that is not over is in the file that the page links to; and days are days.</summary>
    [Fact]
    public async Task Days_OnTheFirstDay_AreInTheLinkedFileAndAreDates()
    {
        var chain = new FinalChain();
        chain.Ledger.Issue(TestNetwork.Alice, 600);
        await using SiteHost site = await SiteHost.StartAsync(chain);
        string page = await site.GetAsync($"/en/asset/{TestNetwork.Bond}");
        string link = Regex.Match(page, "href=\"([^\"]*format=csv[^\"]*)\"").Groups[1].Value;
        string file = await site.GetAsync(WebUtility.HtmlDecode(link));
        Assert.Equal(2, file.TrimEnd().Split("\r\n").Length);
        Assert.Contains(">Day (UTC)<", page, StringComparison.Ordinal);
        string chart = page[page.IndexOf("Day (UTC)", StringComparison.Ordinal)..];
        Assert.DoesNotContain(
            "Pakistan time", chart[..chart.IndexOf("</table>", StringComparison.Ordinal)],
            StringComparison.Ordinal);
        Assert.Contains("&amp;at=0", await site.GetAsync($"/en/asset/{TestNetwork.Bond}?at=0"));
    }

    [Fact]
    public async Task Asset_BeforeItWasMade_SaysSo() => Assert.Contains(
        "was created later, in block", await Site.GetAsync("/en/asset/PK-NEW-2?at=1"),
        StringComparison.Ordinal);

    [Fact]
    public async Task Holders_MoreThanAPageCounts_AreNotCountedForThen()
    {
        await using IIndexView view = await Site.ViewAsync();
        await using var census = new HolderCensus(
            Site.Store, TimeProvider.System, NullLogger<HolderCensus>.Instance)
        {
            AtOnce = 0,
        };
        AssetRow bond = (await view.FindAssetAsync(TestNetwork.Bond, default))!;
        Assert.Null(await census.ThenAsync(view, bond, view.Cursor.Height, default));
    }

    private async Task<JsonElement> DataAsync(ulong at, string rest, string answers)
    {
        using JsonDocument document = JsonDocument.Parse(
            await Site.GetAsync($"/en/asset/{TestNetwork.Bond}{rest}?format=json&at={at}"));
        Assert.Equal(answers, document.RootElement.GetProperty("atAnswers").GetString());
        return document.RootElement.GetProperty("data").Clone();
    }
}
