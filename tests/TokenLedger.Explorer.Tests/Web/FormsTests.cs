// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Index;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Web;

/// <summary>The same page as JSON, as a file, and as of an earlier height.</summary>
[Collection(BusySite.Name)]
public sealed class FormsTests(BusySite busy)
{
    private SiteHost Site => busy.Host;

    [Fact]
    public async Task Json_ByQueryAndByHeader_IsTheSameAndTellsItsHeight()
    {
        string byQuery = await Site.GetAsync("/en/block/3?format=json");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/en/block/3", UriKind.Relative));
        request.Headers.Add("Accept", "application/json");
        using HttpResponseMessage answer = await Site.Http.SendAsync(request);
        Assert.Equal(byQuery, await answer.Content.ReadAsStringAsync());
        Assert.Contains("Accept", answer.Headers.Vary);
        using JsonDocument document = JsonDocument.Parse(byQuery);
        JsonElement root = document.RootElement;
        Assert.Equal(
            Site.Follower.Current.Cursor!.Height.Value,
            root.GetProperty("asOf").GetProperty("height").GetUInt64());
        Assert.True(root.GetProperty("verified").GetBoolean());
        JsonElement block = root.GetProperty("data");
        Assert.Equal(busy.Chain.Verified()[3].Hash.ToString(), block.GetProperty("hash").GetString());
        JsonElement operation = block.GetProperty("transactions")[0].GetProperty("content")
            .GetProperty("operations")[0];
        Assert.Equal("approveProposal", operation.GetProperty("kind").GetString());
        Assert.Equal(JsonValueKind.Number, operation.GetProperty("proposalId").ValueKind);
    }

    [Theory]
    [InlineData("/en/blocks")]
    [InlineData("/en/transactions")]
    [InlineData("/ur/events")]
    public async Task Csv_AtAHeight_IsWhatItsManifestSaysAndStaysSo(string path)
    {
        byte[] file = await Site.Http.GetByteArrayAsync(
            new Uri(path + "?format=csv&at=100", UriKind.Relative));
        using JsonDocument manifest = JsonDocument.Parse(
            await Site.GetAsync(path + "?format=manifest&at=100"));
        JsonElement root = manifest.RootElement;
        Assert.Equal(100UL, root.GetProperty("height").GetUInt64());
        Assert.Equal(
            new Hash256(SHA256.HashData(file)).ToString(), root.GetProperty("sha256").GetString());
        Assert.Equal(file.Length, root.GetProperty("bytes").GetInt32());
        string[] lines = Encoding.UTF8.GetString(file).TrimEnd().Split("\r\n");
        Assert.Equal(lines.Length - 1, root.GetProperty("rows").GetInt32());
        Assert.True(lines.Length > 50);
        Assert.All(lines.Skip(1), static line => Assert.InRange(
            ulong.Parse(line.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture), 0UL, 100UL));
        string urdu = path.Replace("/en/", "/ur/", StringComparison.Ordinal);
        Assert.Equal(
            file,
            await Site.Http.GetByteArrayAsync(new Uri(urdu + "?format=csv&at=100", UriKind.Relative)));
    }

    /// <summary>Citizens are in no file, as they are in no table.</summary>
    [Fact]
    public async Task Csv_OfHolders_HasThoseThatThePageNames()
    {
        string path = $"/en/asset/{TestNetwork.Bond}/holders";
        using JsonDocument page = JsonDocument.Parse(await Site.GetAsync(path + "?format=json"));
        string[] named =
        [
            .. page.RootElement.GetProperty("data").GetProperty("named").EnumerateArray()
                .Select(static one => one.GetProperty("account").GetString()!),
        ];
        Assert.NotEmpty(named);
        Assert.Equal(named, await FirstCellsAsync(path + "?format=csv"));
    }

    [Fact]
    public async Task Csv_OfReserves_HasEachDocument()
    {
        using JsonDocument page = JsonDocument.Parse(await Site.GetAsync("/en/reserves?format=json"));
        string[] symbols =
        [
            .. page.RootElement.GetProperty("data").EnumerateArray().SelectMany(static reserve =>
                reserve.GetProperty("documents").EnumerateArray().Select(
                    _ => reserve.GetProperty("asset").GetProperty("id").GetString()!)),
        ];
        Assert.Equal(symbols, await FirstCellsAsync("/en/reserves?format=csv"));
    }

    private async Task<string[]> FirstCellsAsync(string path) =>
        [.. (await Site.GetAsync(path)).TrimEnd().Split("\r\n").Skip(1).Select(static l => l.Split(',')[0])];

    [Fact]
    public async Task Csv_OfBlocks_HasAllOfThem()
    {
        string file = await Site.GetAsync("/en/blocks?format=csv");
        Assert.Equal(busy.Chain.Blocks.Count + 1, file.TrimEnd().Split("\r\n").Length);
    }

    [Fact]
    public async Task Account_AtEarlierHeights_HasTheBalancesOfThen()
    {
        string address = Eip55.Format(TestNetwork.Alice);
        await using IIndexView view = await Site.ViewAsync();
        for (ulong at = 0; at < (ulong)busy.Chain.Blocks.Count; at += 20)
        {
            using JsonDocument document = JsonDocument.Parse(
                await Site.GetAsync($"/en/account/{address}?format=json&at={at}"));
            JsonElement root = document.RootElement;
            Assert.Equal(at, root.GetProperty("at").GetUInt64());
            Assert.Equal("partly", root.GetProperty("atAnswers").GetString());
            string? bonds = root.GetProperty("data").GetProperty("balances").EnumerateArray()
                .Where(static b => b.GetProperty("asset").GetString() == TestNetwork.Bond.ToString())
                .Select(static b => b.GetProperty("amount").GetString()).SingleOrDefault();
            Amount then = await view.BalanceAtAsync(
                TestNetwork.Alice, TestNetwork.Bond, new Height(at), default);
            Assert.Equal(then.IsZero ? null : then.ToString(), bonds);
            Assert.All(
                root.GetProperty("data").GetProperty("movements").EnumerateArray(),
                m => Assert.True(m.GetProperty("place").GetProperty("height").GetUInt64() <= at));
        }
    }

    [Fact]
    public async Task History_PageByPage_IsAllOfIt()
    {
        string address = Eip55.Format(TestNetwork.Alice);
        string file = await Site.GetAsync($"/en/account/{address}?format=csv");
        int rows = file.TrimEnd().Split("\r\n").Length - 1;
        string? path = $"/en/account/{address}";
        int shown = 0;
        while (path is not null)
        {
            string html = await Site.GetAsync(path);
            string movements = html[html.LastIndexOf("<h2>Movements</h2>", StringComparison.Ordinal)..];
            shown += movements.Split("<th scope=\"row\"").Length - 1;
            int next = movements.IndexOf("rel=\"next\" href=\"", StringComparison.Ordinal);
            path = next < 0
                ? null
                : WebUtility.HtmlDecode(movements[(next + 17)..movements.IndexOf('"', next + 17)]);
        }

        Assert.Equal(rows, shown);
    }

    [Fact]
    public async Task PinnedPage_WhereNothingIsKept_SaysSo()
    {
        Assert.Contains(
            "No earlier state of this page is kept here", await Site.GetAsync("/en/about?at=5"),
            StringComparison.Ordinal);
        Assert.Contains(
            "as it stood at block", await Site.GetAsync("/en/blocks?at=5"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writer_HostileCells_AreNoFormulas()
    {
        using var stream = new MemoryStream();
        using var writer = CsvWriter.Begin(stream, ["a", "b"]);
        string[][] rows =
        [
            ["=cmd|' /C calc'!A0", "+1+1"], ["-1.50", "-2+3"], ["@SUM(A1)", "\tx"], ["a,b", "say \"hi\""],
            ["＝1", " spaced"], ["سونا", "line\r\nbreak"],
            ["paid;=HYPERLINK(1)", "a\t -b;c"],
        ];
        foreach (string[] row in rows)
        {
            await writer.WriteAsync(row, default);
        }

        CsvManifest manifest = await writer.CompleteAsync(7, default);
        Assert.Equal(7UL, manifest.Rows);
        Assert.Equal(
            "\uFEFFa,b\r\n'=cmd|' /C calc'!A0,'+1+1\r\n-1.50,'-2+3\r\n'@SUM(A1),\"'\tx\"\r\n"
                + "\"a,b\",\"say \"\"hi\"\"\"\r\n"
                + "'＝1,\" spaced\"\r\nسونا,\"line\r\nbreak\"\r\n"
                + "\"paid;'=HYPERLINK(1)\",\"a\t '-b;c\"\r\n",
            new UTF8Encoding(false).GetString(stream.ToArray()));
        Assert.Equal(manifest.Bytes, (ulong)stream.Length);
        Assert.Equal(SHA256.HashData(stream.ToArray()), manifest.Sha256.ToArray());
        await Assert.ThrowsAsync<ArgumentException>(() => writer.WriteAsync(["one"], default).AsTask());
    }
}
