// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json;
using TokenLedger.Explorer.Index;

namespace TokenLedger.Explorer.Tests.Web;

/// <summary>A page as of a height shows nothing that came after it.</summary>
[Collection(BusySite.Name)]
public sealed class PinnedTests(BusySite busy)
{
    private SiteHost Site => busy.Host;

    [Theory]
    [InlineData("events", "999999-0")]
    [InlineData("events", "6-0")]
    [InlineData("transactions", "999999-0")]
    [InlineData("freezes", "999999-0")]
    public async Task List_GoingOnBehindTheHeight_BeginsAtTheHeight(string list, string before)
    {
        string path = $"/en/{list}?at=5&format=json";
        using JsonDocument first = JsonDocument.Parse(await Site.GetAsync(path));
        using JsonDocument behind = JsonDocument.Parse(await Site.GetAsync($"{path}&before={before}"));
        Assert.Equal(
            first.RootElement.GetProperty("data").GetRawText(),
            behind.RootElement.GetProperty("data").GetRawText());
        if (list != "freezes")
        {
            Assert.All(
                behind.RootElement.GetProperty("data").EnumerateArray(),
                static row => Assert.InRange(row.GetProperty("height").GetUInt64(), 0UL, 5UL));
        }
    }

    [Theory]
    [InlineData("en", "was not there yet")]
    [InlineData("ur", "موجود نہیں تھا")]
    public async Task BlockEventAndTransaction_AfterTheHeight_AreNotThere(string language, string words)
    {
        await using IIndexView view = await Site.ViewAsync();
        IReadOnlyList<EventRow> events = await view.LatestEventsAsync(null, 1, default);
        IReadOnlyList<TransactionRow> transactions = await view.LatestTransactionsAsync(null, 1, default);
        string[] paths =
        [
            "/block/20", $"/event/{events[0].Height}/{events[0].Index}",
            $"/transaction/{transactions[0].Receipt.TransactionId}",
        ];
        foreach (string path in paths)
        {
            string page = await Site.GetAsync($"/{language}{path}?at=5", HttpStatusCode.NotFound);
            Assert.Contains(words, page, StringComparison.Ordinal);
            using JsonDocument json = JsonDocument.Parse(
                await Site.GetAsync($"/{language}{path}?at=5&format=json", HttpStatusCode.NotFound));
            Assert.Equal("LATER", json.RootElement.GetProperty("code").GetString());
            await Site.GetAsync($"/{language}{path}?at={view.Cursor.Height}");
        }
    }

    [Fact]
    public async Task Block_AtItsOwnHeight_IsThereAndLeadsNowhereLater()
    {
        string page = await Site.GetAsync("/en/block/20?at=20");
        Assert.DoesNotContain("/en/block/21", page, StringComparison.Ordinal);
        Assert.Contains("/en/block/21", await Site.GetAsync("/en/block/20"), StringComparison.Ordinal);
        Assert.Contains("/en/block/21", await Site.GetAsync("/en/block/20?at=21"), StringComparison.Ordinal);
    }
}
