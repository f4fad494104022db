// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace TokenLedger.Cli.Tests;

public sealed class StreamTests
{
    [Fact]
    public async Task EventWatch_ConnectionLost_ResumesFromTheLastCursor()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await PayAsync(tl, 5);
        tl.Nodes[0].BreakStreamAfter = 2;

        CliResult result = await tl.RunAsync("event", "watch", "--limit", "5", "-o", "ndjson");

        Assert.Equal(0, result.Exit);
        string[] cursors =
            [.. result.Out.Trim().Split('\n').Select(l => (string)JsonNode.Parse(l)!["cursor"]!)];
        Assert.Equal(["1", "2", "3", "4", "5"], cursors);
        Assert.Equal(["", "2", "4"], tl.Nodes[0].Cursors);
        Assert.Contains("connection lost", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventWatch_FromCursor_GivesWhatIsAfterIt()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await PayAsync(tl, 3);

        CliResult result = await tl.RunAsync("event", "watch", "--from", "2", "--limit", "1", "-o", "ndjson");

        JsonNode only = JsonNode.Parse(result.Out)!;
        Assert.Equal("3", (string)only["cursor"]!);
        Assert.Equal("transferred", (string)only["type"]!);
        Assert.Equal("300", (string)only["amount"]!);
    }

    [Fact]
    public async Task EventWatch_CursorOfNobody_SaysWhereCursorsComeFrom()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync("event", "watch", "--from", "nonsense", "-o", "ndjson");

        Assert.Equal((2, "CURSOR_INVALID"), (result.Exit, result.ErrorCode));
        Assert.Contains("tl event watch -o ndjson printed", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BlockWatch_Limit_EndsAfterSomany()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result =
            await tl.RunAsync("block", "watch", "--from-height", "7", "--limit", "12", "-o", "ndjson");

        Assert.Equal(0, result.Exit);
        int[] heights = [.. result.Out.Trim().Split('\n').Select(l => (int)JsonNode.Parse(l)!["height"]!)];
        Assert.Equal(Enumerable.Range(7, 12), heights);
    }

    [Theory]
    [InlineData("event")]
    [InlineData("block")]
    public async Task Watch_NothingBecomesFinal_WarnsOnceAndNamesTheNode(string noun)
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await PayAsync(tl, 1);
        tl.Nodes[0].StalledMs = FakeLedger.StartMs;

        CliResult result = await tl.RunAsync(noun, "watch", "--limit", "1", "-o", "ndjson");

        Assert.Equal(0, result.Exit);
        Assert.Single(result.Out.Trim().Split('\n'));
        string[] warnings =
            [.. result.Error.Split('\n').Where(l => l.Contains("warning", StringComparison.Ordinal))];
        string warning = Assert.Single(warnings);
        Assert.Contains(
            tl.Nodes[0].Address.ToString().TrimEnd('/') + ": this is how it was at 2027-01-15 08:00:00 UTC",
            warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventWatch_ConnectionLost_NamesTheNode()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await PayAsync(tl, 2);
        tl.Nodes[0].BreakStreamAfter = 1;

        CliResult result = await tl.RunAsync("event", "watch", "--limit", "2", "-o", "ndjson");

        Assert.Contains(
            $"connection lost to {tl.Nodes[0].Address.ToString().TrimEnd('/')} (Unavailable)", result.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventWatch_Table_FitsEightyColumns()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await PayAsync(tl, 1);

        CliResult result = await tl.RunAsync("event", "watch", "--limit", "1");

        Assert.Equal(0, result.Exit);
        Assert.All(result.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Contains("amount 1.00, from after 9,999.00", result.FlatOut, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_Table_FitsEightyColumns()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await PayAsync(tl, 2);

        CliResult result = await tl.RunAsync("account", "history", "exchange-1");

        Assert.Equal(0, result.Exit);
        Assert.All(result.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Contains("3.00", result.FlatOut, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Balance_AndHolders_ShowLabelsAndAtomicJson()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await PayAsync(tl, 1);

        CliResult balance = await tl.RunAsync("account", "balance", "exchange-1", "-o", "json");
        CliResult holders = await tl.RunAsync("asset", "holders", "PIB-27");

        Assert.Equal("100", (string)balance.Json[0]!["amount"]!);
        Assert.Equal(2, (int)balance.Json[0]!["decimals"]!);
        Assert.Contains("treasury", holders.Out, StringComparison.Ordinal);
        Assert.Contains("9,999.00", holders.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PolicyList_Table_FitsEightyColumns()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync("policy", "list");

        Assert.Equal(0, result.Exit);
        Assert.Contains("up to USD 1,000,000", result.FlatOut, StringComparison.Ordinal);
        Assert.All(result.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    private static async Task PayAsync(CliHarness tl, int times)
    {
        for (int i = 1; i <= times; i++)
        {
            CliResult paid = await tl.RunAsync(
                "transfer", "send", "--asset", "PIB-27", "--to", "exchange-1", "--amount", $"{i}", "--from",
                "treasury");
            Assert.Equal(0, paid.Exit);
        }
    }
}
