// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Core;

namespace TokenLedger.Cli.Tests;

public sealed class TransactionFlowTests
{
    private static readonly string[] Send =
    [
        "transfer", "send", "--asset", "PIB-27", "--to", "exchange-1", "--amount", "1,250.50", "--from",
        "treasury",
    ];

    [Fact]
    public async Task Send_Once_MovesUnitsAndSaysSo()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync([.. Send, "-o", "json"]);

        Assert.Equal(0, result.Exit);
        Assert.Equal("succeeded", (string)result.Json["state"]!);
        Assert.Equal("125050", (string)result.Json["events"]![0]!["amount"]!);
        Assert.Equal("125050", tl.Ledger.BalanceOf(tl["exchange-1"], "PIB-27").ToString());
        Assert.Contains("request ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_Table_ShowsWholeUnitsAndLabels()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync(Send);

        Assert.Contains("amount 1,250.50", result.FlatOut, StringComparison.Ordinal);
        Assert.Contains("exchange-1", result.Out, StringComparison.Ordinal);
        Assert.All(result.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public async Task Send_Simulate_ShowsBeforeAndAfterAndSendsNothing()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync([.. Send, "--simulate"]);

        Assert.Equal(0, result.Exit);
        Assert.Contains("10,000.00", result.Out, StringComparison.Ordinal);
        Assert.Contains("8,749.50", result.Out, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent", result.Error, StringComparison.Ordinal);
        Assert.Empty(tl.Ledger.Arrived);
    }

    [Fact]
    public async Task Send_SimulatedRefusal_EndsWithItsExitCode()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync(
            "transfer", "send", "--asset", "PIB-27", "--to", "exchange-1", "--amount", "99999", "--from",
            "treasury",
            "--simulate", "-o", "json");

        Assert.Equal(5, result.Exit);
        Assert.Equal("INSUFFICIENT_AVAILABLE", result.ErrorCode);
    }

    [Fact]
    public async Task Send_OtherGenesis_SignsNothing()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.PinnedGenesis = Hashing.Hash(DomainTag.Genesis, "another"u8);

        CliResult result = await tl.RunAsync([.. Send, "-o", "json"]);

        Assert.Equal(9, result.Exit);
        Assert.Equal("WRONG_NETWORK", result.ErrorCode);
        Assert.Empty(tl.Ledger.Arrived);
    }

    [Fact]
    public async Task Send_SymbolInFrontAndTooMuch_SaysWhyAndSendsNothing()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync(
            "transfer", "send", "PIB-27", "--to", "exchange-1", "--amount", "99999", "--from", "treasury",
            "-o", "json");

        Assert.Equal(5, result.Exit);
        Assert.Equal("INSUFFICIENT_AVAILABLE", result.ErrorCode);
        Assert.Contains("There is not enough.", result.Error, StringComparison.Ordinal);
        Assert.Empty(tl.Ledger.Arrived);
    }

    [Fact]
    public async Task Read_OtherGenesis_IsNotBelieved()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.PinnedGenesis = Hashing.Hash(DomainTag.Genesis, "another"u8);

        CliResult result = await tl.RunAsync("asset", "list", "-o", "json");

        Assert.Equal(9, result.Exit);
        Assert.Equal("WRONG_NETWORK", result.ErrorCode);
        Assert.Empty(result.Out);
    }

    [Fact]
    public async Task Send_NoPinnedNetwork_SignsNothing()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunBareAsync(
            "transfer", "send", "--asset", "PIB-27", "--to", "0x1111111111111111111111111111111111111111",
            "--amount", "1",
            "--from", Directory.GetFiles(Path.Combine(tl.Folder, "keys"))[0],
            "--endpoint", tl.Nodes[0].Address.ToString(), "-o", "json");

        Assert.Equal(4, result.Exit);
        Assert.Equal("NETWORK_NOT_PINNED", result.ErrorCode);
        Assert.Empty(tl.Ledger.Arrived);
    }

    [Fact]
    public async Task Send_FirstNodeDown_UsesTheNext()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 3);
        tl.WriteContext();
        await tl.KillAsync(0);

        CliResult read = await tl.RunAsync("asset", "list", "-o", "json");
        CliResult sent = await tl.RunAsync(Send);

        Assert.Equal(0, read.Exit);
        Assert.Equal(0, sent.Exit);
        Assert.Single(tl.Ledger.Arrived);
    }

    [Fact]
    public async Task Send_AnswerLost_SendsTheSameBytesToTheNextNodeAndPaysOnce()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 2);
        tl.Nodes[0].LoseAnswer = () =>
            throw new RpcException(new Status(StatusCode.Unavailable, "connection lost"));

        CliResult result = await tl.RunAsync([.. Send, "-o", "json"]);

        Assert.Equal(0, result.Exit);
        Assert.Equal(2, tl.Ledger.Arrived.Count);
        Assert.Equal(tl.Ledger.Arrived[0], tl.Ledger.Arrived[1]);
        Assert.Equal("125050", tl.Ledger.BalanceOf(tl["exchange-1"], "PIB-27").ToString());
    }

    [Fact]
    public async Task Send_AnswerLostAndOneNode_AsksWhatBecameOfIt()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Nodes[0].LoseAnswer = () =>
            throw new RpcException(new Status(StatusCode.Unavailable, "connection lost"));

        CliResult result = await tl.RunAsync(Send);

        Assert.Equal(0, result.Exit);
        Assert.Single(tl.Ledger.Arrived);
    }

    [Fact]
    public async Task Send_NotFinalInTime_IsExit7AndTellsHowToAsk()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Ledger.Stalled = true;
        const string Id = "6f1e7c1a-0b51-4f0e-9f3c-2f3b1f0c9a11";

        CliResult result = await tl.RunAsync([.. Send, "--timeout", "1s", "--request-id", Id, "-o", "json"]);
        CliResult status =
            await tl.RunAsync("tx", "status", "--request-id", Id, "--from", "treasury", "-o", "json");

        Assert.Equal(7, result.Exit);
        Assert.Equal("OUTCOME_UNKNOWN", result.ErrorCode);
        Assert.DoesNotContain("Waiting", result.Error, StringComparison.Ordinal);
        Assert.Contains(
            $"tl tx status --request-id {Id} --from treasury", result.Error, StringComparison.Ordinal);
        Assert.Equal(7, status.Exit);
        Assert.Equal("pending", (string)status.Json["state"]!);
    }

    [Fact]
    public async Task Send_SlowOnATerminal_ShowsProgress()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Ledger.Stalled = true;
        tl.Terminal = true;

        CliResult result = await tl.RunAsync([.. Send, "--timeout", "1s"]);

        Assert.Equal(7, result.Exit);
        Assert.Contains("Waiting for finality", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Out);
    }

    [Fact]
    public async Task Send_NoWait_AnswersPending()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Ledger.Stalled = true;

        CliResult result = await tl.RunAsync([.. Send, "--no-wait", "-o", "json"]);

        Assert.Equal(0, result.Exit);
        Assert.Equal("pending", (string)result.Json["state"]!);
    }

    [Fact]
    public async Task Send_NobodyThere_IsExit1AndSaysThatNothingAnswers()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        tl.WriteContext(new Uri("http://127.0.0.1:1"));

        CliResult result = await tl.RunAsync([.. Send, "-o", "json"]);

        Assert.Equal(1, result.Exit);
        Assert.Equal("NODE_UNREACHABLE", result.ErrorCode);
    }

    [Fact]
    public async Task Send_WrongPassword_IsExit4()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(tl.Folder, "other"), "wrong\n");

        CliResult result = await tl.RunAsync([.. Send, "--password-file", "other", "-o", "json"]);

        Assert.Equal(4, result.Exit);
        Assert.Equal("WRONG_PASSWORD", result.ErrorCode);
        Assert.Empty(tl.Ledger.Arrived);
    }

    [Fact]
    public async Task Send_Production_AsksForAssetAndAmount()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Production = true;
        CliResult nobody = await tl.RunAsync([.. Send, "-o", "json"]);
        CliResult yes = await tl.RunAsync([.. Send, "--yes", "-o", "json"]);
        tl.Terminal = true;
        tl.Input = "PIB-27 1\n";
        CliResult wrong = await tl.RunAsync(Send);
        tl.Input = "PIB-27 1250.50\n";
        CliResult right = await tl.RunAsync(Send);

        Assert.Equal(8, nobody.Exit);
        Assert.Equal(8, yes.Exit);
        Assert.Equal(8, wrong.Exit);
        Assert.Equal(0, right.Exit);
        Assert.Contains("PRODUCTION", right.Error, StringComparison.Ordinal);
        Assert.Single(tl.Ledger.Arrived);
    }

    [Fact]
    public async Task Status_UnknownTransaction_IsExit3()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync("transfer", "status", new string('a', 64), "-o", "json");

        Assert.Equal(3, result.Exit);
        Assert.Equal("TRANSACTION_UNKNOWN", result.ErrorCode);
    }

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
            ["refused", "not sent", "not sent"], result.Json.AsArray().Select(r => (string)r!["state"]!));
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
}
