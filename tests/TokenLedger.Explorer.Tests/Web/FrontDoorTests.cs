// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Tests.Index;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Web;

/// <summary>What is asked in an unusual way: methods, letters, forms.</summary>
[Collection(BusySite.Name)]
public sealed class FrontDoorTests(BusySite busy)
{
    private SiteHost Site => busy.Host;

    [Theory]
    [InlineData("POST", "/en/")]
    [InlineData("PUT", "/ur/assets")]
    [InlineData("DELETE", "/api/status")]
    [InlineData("OPTIONS", "/live")]
    public async Task Method_ThatWrites_IsRefusedInWords(string method, string path)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(method), new Uri(path, UriKind.Relative));
        using HttpResponseMessage answer = await Site.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["GET", "HEAD"], answer.Content.Headers.Allow);
        Assert.Contains(
            "METHOD_NOT_ALLOWED", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/UR/assets?class=Bond", "/ur/assets?class=Bond")]
    [InlineData("/En", "/en")]
    [InlineData("/uR/%3Cx", "/ur/%3Cx")]
    public async Task Language_InOtherLetters_LeadsToItsPage(string path, string expected)
    {
        using HttpResponseMessage answer = await Site.Http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.MovedPermanently, answer.StatusCode);
        Assert.Equal(expected, answer.Headers.Location!.ToString());
    }

    [Theory]
    [InlineData("/en/assets?format=xml")]
    [InlineData("/en/suggest?q=a&format=html")]
    [InlineData("/ur/blocks?format=json&format=csv")]
    public async Task Format_Unknown_IsRefused(string path) =>
        await Site.GetAsync(path, HttpStatusCode.BadRequest);

    [Fact]
    public async Task Page_ThatFails_SaysSoInItsLanguage()
    {
        await using SiteHost site = await SiteHost.StartAsync(Activity.Chain(seed: 9, steps: 5));
        await site.Store.DisposeAsync();
        string urdu = await site.GetAsync("/ur/blocks", HttpStatusCode.InternalServerError);
        Assert.Contains("<html lang=\"ur\" dir=\"rtl\">", urdu, StringComparison.Ordinal);
        Assert.Contains("href=\"/en/blocks\"", urdu, StringComparison.Ordinal);
        string json = await site.GetAsync("/ur/blocks?format=json", HttpStatusCode.InternalServerError);
        Assert.Contains("\"FAILED\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_OfAList_LeadsToAllOfIt()
    {
        string? path = "/en/events?format=json&at=100";
        int rows = 0;
        for (int pages = 0; path is not null; pages++)
        {
            Assert.True(pages < 1_000);
            using JsonDocument document = JsonDocument.Parse(await Site.GetAsync(path));
            rows += document.RootElement.GetProperty("data").GetArrayLength();
            JsonElement next = document.RootElement.GetProperty("next");
            path = next.GetArrayLength() == 0 ? null : next[0].GetString();
        }

        Assert.Equal(busy.Chain.Verified().Take(101).Sum(static block => block.Events.Length), rows);
    }

    [Fact]
    public async Task Redirect_KeepsFormAndHeight()
    {
        string hash = busy.Chain.Verified()[7].Hash.ToString();
        await RequireLeadsAsync($"/en/block/{hash}?format=json&at=9", "/en/block/7?at=9&format=json");
        await RequireLeadsAsync($"/ur/search?q={hash}&format=json", "/ur/block/7?format=json");
        await RequireLeadsAsync($"/en/block/{hash}", "/en/block/7");
    }

    [Theory]
    [InlineData("/en/about?format=manifest", null)]
    [InlineData("/en/about?format=csv", "application/json")]
    public async Task Refusal_ToAProgram_IsJson(string path, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        using HttpResponseMessage answer = await Site.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.StartsWith(
            "{\"code\":\"NO_CSV\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_OfAListThatIsNarrowedDown_HasItsRowsOnly()
    {
        string page = await Site.GetAsync("/en/assets?class=Bond");
        Assert.Contains("href=\"/en/assets?format=csv&amp;class=Bond", page, StringComparison.Ordinal);
        string all = await Site.GetAsync("/en/assets?format=csv");
        string bonds = await Site.GetAsync("/en/assets?format=csv&class=Bond");
        Assert.All(
            bonds.TrimEnd().Split("\r\n").Skip(1),
            static row => Assert.Contains(",Bond,", row, StringComparison.Ordinal));
        string energy = await Site.GetAsync("/en/assets?format=csv&class=EnergyRevenue");
        Assert.True(bonds.Length + energy.Length <= all.Length + energy.Split("\r\n")[0].Length + 3);
        string blocks = await Site.GetAsync("/en/blocks?format=csv&from=9&at=50");
        Assert.Equal(1 + 10, blocks.TrimEnd().Split("\r\n").Length);
        Assert.NotEqual(
            await Site.GetAsync("/en/blocks?format=manifest&at=50"),
            await Site.GetAsync("/en/blocks?format=manifest&from=9&at=50"));
    }

    [Fact]
    public async Task Csv_OfInstitutionsAndOfficers_HasAllOfThem()
    {
        string institutions = await Site.GetAsync("/en/institutions?format=csv");
        Assert.Equal(
            1 + busy.Chain.Genesis.Institutions.Length, institutions.TrimEnd().Split("\r\n").Length);
        string address = Eip55.Format(TestNetwork.Ministry);
        string officers = await Site.GetAsync($"/en/institution/{address}?format=csv");
        Assert.Contains(Eip55.Format(TestNetwork.MinistryMaker), officers, StringComparison.Ordinal);
    }

    private async Task RequireLeadsAsync(string path, string expected)
    {
        using HttpResponseMessage answer = await Site.Http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(expected, answer.Headers.Location!.ToString());
    }
}
