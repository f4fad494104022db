// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Ledger.V1;

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

    [Theory]
    [InlineData(TransactionState.Expired, "EXPIRED", "Its time passed")]
    [InlineData(TransactionState.Replaced, "NONCE_USED", "Another transaction used its nonce")]
    public async Task Wait_NeverToBe_IsExit6WithTheReason(TransactionState state, string code, string why)
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        var id = new Hash256([.. Enumerable.Repeat((byte)0xab, 32)]);
        tl.Ledger.Transactions[id] =
            new TransactionStatus { State = state, TransactionId = ByteString.CopyFrom(id.ToArray()) };

        CliResult waited = await tl.RunAsync("tx", "wait", id.ToString(), "-o", "json");
        CliResult asked = await tl.RunAsync("tx", "status", id.ToString(), "-o", "json");

        Assert.Equal((6, code), (waited.Exit, waited.ErrorCode));
        Assert.Contains(why, waited.Error, StringComparison.Ordinal);
        Assert.Equal(6, asked.Exit);
        Assert.Equal(state.ToString().ToLowerInvariant(), (string)asked.Json["state"]!);
    }

    [Fact]
    public async Task Wait_UnknownId_DoesNotSayThatItWasSent()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result =
            await tl.RunAsync("tx", "wait", new string('1', 64), "--timeout", "1s", "-o", "json");

        Assert.Equal((7, "OUTCOME_UNKNOWN"), (result.Exit, result.ErrorCode));
        Assert.DoesNotContain("was sent", result.Error, StringComparison.Ordinal);
        Assert.Contains("knows nothing of it", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_RefusedInTheLedgersTerms_AddsLabelsAndWholeUnits()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        string account = tl["treasury"].ToString();
        tl.Ledger.RefuseSimulated = _ => new Rejection(
            RejectionCode.SupplyCapExceeded, $"{account} holds 5 atomic units of PIB-27.");

        CliResult result = await tl.RunAsync(
            "transfer", "send", "PIB-27", "--to", "exchange-1", "--amount", "1", "--from", "treasury", "-o",
            "json");

        Assert.Contains($"treasury ({Eip55.Format(tl["treasury"])}) holds", result.Error,
            StringComparison.Ordinal);
        Assert.Contains(
            "A whole unit of PIB-27 is 100 atomic units, as is proved.", result.Error,
            StringComparison.Ordinal);
        Assert.Contains("tl asset show PIB-27", (string)JsonNode.Parse(
            result.Error[result.Error.IndexOf("{\"error", StringComparison.Ordinal)..])!["error"]!["next"]!,
            StringComparison.Ordinal);
    }
}
