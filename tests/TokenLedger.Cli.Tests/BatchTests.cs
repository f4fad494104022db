// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Cli.Tests;

public sealed class BatchTests
{
    private static readonly string[] Batch =
        ["transfer", "batch", "pay.csv", "--from", "treasury", "-o", "json"];

    [Fact]
    public async Task Batch_ManyRows_GoInTransactionsOf100OverLanes()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        string[] rows = [.. Enumerable.Range(1, 450).Select(i => $"exchange-1,PIB-27,0.{(i % 9) + 1}")];
        await File.WriteAllLinesAsync(Path.Combine(tl.Folder, "pay.csv"), ["to,asset,amount", .. rows]);

        CliResult result = await tl.RunAsync(
            "transfer", "batch", "pay.csv", "--from", "treasury", "--lanes", "3", "-o", "json");

        Assert.Equal(0, result.Exit);
        Assert.Equal(5, result.Json.AsArray().Count);
        Assert.All(result.Json.AsArray(), row => Assert.Equal("succeeded", (string)row!["state"]!));
        Assert.Equal(2ul, tl.Ledger.NextNonce(tl["treasury"], 0));
        Assert.Equal(1ul, tl.Ledger.NextNonce(tl["treasury"], 2));
        Assert.Equal("22500", tl.Ledger.BalanceOf(tl["exchange-1"], "PIB-27").ToString());
    }

    [Fact]
    public async Task Batch_BadLine_NamesItAndSendsNothing()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        string[] lines = ["to,asset,amount", "exchange-1,PIB-27,\"1,000.50\"", "exchange-1,PIB-27,1.005"];
        await File.WriteAllLinesAsync(Path.Combine(tl.Folder, "pay.csv"), lines);

        CliResult result =
            await tl.RunAsync("transfer", "batch", "pay.csv", "--from", "treasury", "-o", "json");

        Assert.Equal(2, result.Exit);
        Assert.Equal("AMOUNT_INVALID", result.ErrorCode);
        Assert.Contains("Line 3", result.Error, StringComparison.Ordinal);
        Assert.Empty(tl.Ledger.Arrived);
    }

    [Fact]
    public async Task Batch_Refused_ReportsEveryTransactionAndStops()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Ledger.Refuse = new Rejection(RejectionCode.AssetPaused, "It is paused.");
        await File.WriteAllLinesAsync(
            Path.Combine(tl.Folder, "pay.csv"),
            ["to,asset,amount", .. Enumerable.Repeat("exchange-1,PIB-27,1", 250)]);

        CliResult result = await tl.RunAsync(
            "transfer", "batch", "pay.csv", "--from", "treasury", "--lanes", "1", "-o", "json");

        Assert.Equal(5, result.Exit);
        Assert.Equal(
            ["failed", "not sent", "not sent"], result.Json.AsArray().Select(r => (string)r!["state"]!));
        Assert.Equal("ASSET_PAUSED", (string)result.Json[0]!["code"]!);
        Assert.Equal(42, (int)result.Json[0]!["height"]!);
        Assert.Equal(
            Convert.ToHexStringLower(tl.Ledger.Transactions.Values.Single().TransactionId.Span),
            (string)result.Json[0]!["transactionId"]!);
        Assert.Equal("ASSET_PAUSED", result.ErrorCode);
        Assert.Contains("Rows 1-100: It is paused. (final as failed at height 42", result.Error,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing was sent", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_FailedWithACodeOnly_TellsWhatTheLedgerSaysOfItNow()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Ledger.Refuse = new Rejection(RejectionCode.AssetPaused, "");
        tl.Ledger.RefuseSimulated = _ => tl.Ledger.Transactions.Count == 0
            ? null
            : new Rejection(RejectionCode.AssetPaused, "PIB-27 is paused: order 12.");
        await WriteAsync(tl, "to,asset,amount", "exchange-1,PIB-27,1");

        CliResult result = await tl.RunAsync(Batch);

        Assert.Equal((5, "ASSET_PAUSED"), (result.Exit, result.ErrorCode));
        Assert.Contains("PIB-27 is paused: order 12.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_ALaterTransactionWouldBeRefused_SignsNone()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await WriteAsync(
            tl,
            [
                "to,asset,amount", .. Enumerable.Repeat("exchange-1,PIB-27,1", 150),
                "exchange-1,PIB-27,99999",
            ]);

        CliResult result = await tl.RunAsync(Batch);

        Assert.Equal((5, "INSUFFICIENT_AVAILABLE"), (result.Exit, result.ErrorCode));
        Assert.Contains("Rows 101-151: There is not enough. Nothing was sent.", result.Error,
            StringComparison.Ordinal);
        Assert.Contains("tl account balance treasury", result.Error, StringComparison.Ordinal);
        Assert.Empty(tl.Ledger.Arrived);
    }

    [Fact]
    public async Task Batch_RefusedAfterOthersWereApplied_CostsNoNonceAndSaysWhatWasSent()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Ledger.RefuseSimulated = body => tl.Ledger.Transactions.Count == 0
            ? null
            : new Rejection(RejectionCode.AccountFrozen, $"{body.Operations.Length} would be refused.");
        await WriteAsync(tl, ["to,asset,amount", .. Enumerable.Repeat("exchange-1,PIB-27,1", 150)]);

        CliResult result = await tl.RunAsync([.. Batch, "--lanes", "1"]);

        Assert.Equal((5, "ACCOUNT_FROZEN"), (result.Exit, result.ErrorCode));
        Assert.Equal(["succeeded", "refused"], result.Json.AsArray().Select(r => (string)r!["state"]!));
        Assert.Equal(1ul, tl.Ledger.NextNonce(tl["treasury"], 0));
        Assert.Contains("Rows 101-150: 50 would be refused. These were not sent.", result.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_SameRequestIdAgain_IsRefusedBeforeAnythingIsSigned()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await WriteAsync(tl, "to,asset,amount", "exchange-1,PIB-27,1");
        string[] named = [.. Batch, "--request-id", "6f1e7c1a-0b51-4f0e-9f3c-2f3b1f0c9a11"];

        CliResult first = await tl.RunAsync(named);
        CliResult second = await tl.RunAsync(named);

        Assert.Equal(0, first.Exit);
        Assert.Equal((6, "IDEMPOTENCY_CONFLICT"), (second.Exit, second.ErrorCode));
        Assert.Single(tl.Ledger.Arrived);
    }

    [Theory]
    [InlineData("exchange-1,PIB-27,\"1,000.00", "ends within quotes")]
    [InlineData("exchange-1,PIB-27,1\"000\"", "within a field")]
    [InlineData("exchange-1,PIB-27,\"1\"000", "after a closing quote")]
    [InlineData("", "nothing under it")]
    public async Task Batch_LineThatCouldBeReadInTwoWays_MovesNothing(string line, string why)
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await WriteAsync(tl, "to,asset,amount", line);

        CliResult result = await tl.RunAsync(Batch);

        Assert.Equal((2, "USAGE"), (result.Exit, result.ErrorCode));
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
        Assert.Empty(tl.Ledger.Arrived);
    }

    [Fact]
    public async Task Batch_Production_AsksForTheTotalOfEachAsset()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Production = true;
        tl.Terminal = true;
        tl.Ledger.AddAsset("GOLD", 3, "1000000");
        tl.Ledger.Give(tl["treasury"], "GOLD", 100_000);
        await WriteAsync(
            tl, "to,asset,amount", "exchange-1,PIB-27,\"1,000.25\"", "exchange-1,GOLD,7",
            "exchange-1, PIB-27, \"2,000.50\"");

        tl.Input = "3 transfers\n";
        CliResult count = await tl.RunAsync("transfer", "batch", "pay.csv", "--from", "treasury");
        tl.Input = "3 transfers, PIB-27 3000.75, GOLD 7.000\n";
        CliResult totals = await tl.RunAsync("transfer", "batch", "pay.csv", "--from", "treasury");

        Assert.Equal(8, count.Exit);
        Assert.Equal(0, totals.Exit);
        Assert.Contains(
            "3,000.75 PIB-27 (300,075 atomic; three thousand point seven five", totals.Error,
            StringComparison.Ordinal);
        Assert.Contains("7.000 GOLD (7,000 atomic", totals.Error, StringComparison.Ordinal);
        Assert.Equal("300075", tl.Ledger.BalanceOf(tl["exchange-1"], "PIB-27").ToString());
    }

    [Fact]
    public async Task AccountCreate_File_RegistersAll()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await File.WriteAllLinesAsync(
            Path.Combine(tl.Folder, "citizens.txt"),
            ["# citizens", .. Enumerable.Range(1, 150).Select(i => "0x" + i.ToString("x40"))]);

        CliResult result = await tl.RunAsync(
            "account", "create", "--file", "citizens.txt", "--from", "checker", "-o", "json");

        Assert.Equal(0, result.Exit);
        Assert.Equal(150, tl.Ledger.Registered.Count);
    }

    private static Task WriteAsync(CliHarness tl, params string[] lines) =>
        File.WriteAllLinesAsync(Path.Combine(tl.Folder, "pay.csv"), lines);
}
