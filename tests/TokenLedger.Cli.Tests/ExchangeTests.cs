// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Testing;

namespace TokenLedger.Cli.Tests;

/// <summary>tl exchange against a ledger that can stall, break streams and forget.</summary>
public sealed class ExchangeTests
{
    private const string Request = "6f1e7c1a-0b51-4f0e-9f3c-2f3b1f0c9a11";

    private static readonly string[] Withdraw =
    [
        "exchange", "withdraw", "PIB-27", "--to", "exchange-1", "--amount", "5", "--request-id", Request,
        "--journal", "journal", "--from", "treasury", "-o", "json",
    ];

    [Fact]
    public async Task Withdraw_RunAgain_SendsTheSameBytesAndPaysOnce()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        CliResult first = await tl.RunAsync(Withdraw);
        CliResult second = await tl.RunAsync(Withdraw);

        Assert.Equal((0, 0), (first.Exit, second.Exit));
        Assert.Equal((string)first.Json["transactionId"]!, (string)second.Json["transactionId"]!);
        Assert.Equal("500", tl.Ledger.BalanceOf(tl["exchange-1"], "PIB-27").ToString());
        Assert.Single(tl.Ledger.Events);
    }

    [Fact]
    public async Task Withdraw_OutcomeUnknown_SaysWhatToRunAndSendsTheSameBytesAgain()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Ledger.Stalled = true;
        CliResult unknown = await tl.RunAsync([.. Withdraw, "--timeout", "300ms"]);
        Assert.Equal(7, unknown.Exit);
        Assert.Equal("OUTCOME_UNKNOWN", unknown.ErrorCode);
        Assert.Contains($"tl tx status --request-id {Request}", unknown.Error, StringComparison.Ordinal);

        CliResult again = await tl.RunAsync([.. Withdraw, "--timeout", "300ms"]);
        Assert.Equal(7, again.Exit);
        Assert.True(tl.Ledger.Arrived.Count > 1);
        Assert.Single(tl.Ledger.Arrived.Distinct());
    }

    [Fact]
    public async Task Withdraw_SameIdForAnotherPayment_IsAConflict()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        Assert.Equal(0, (await tl.RunAsync(Withdraw)).Exit);
        string[] other = [.. Withdraw.Select(word => word == "5" ? "6" : word)];
        CliResult refused = await tl.RunAsync(other);
        Assert.Equal((6, "IDEMPOTENCY_CONFLICT"), (refused.Exit, refused.ErrorCode));
        Assert.Single(tl.Ledger.Events);

        // Nor does an empty journal make it another payment: the ledger knows the id.
        Directory.Delete(Path.Combine(tl.Folder, "journal"), recursive: true);
        refused = await tl.RunAsync(other);
        Assert.Equal((6, "IDEMPOTENCY_CONFLICT"), (refused.Exit, refused.ErrorCode));
    }

    [Fact]
    public async Task Withdraw_WithoutARequestId_IsRefused()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        CliResult refused = await tl.RunAsync([.. Withdraw.Where(w => w is not (Request or "--request-id"))]);
        Assert.Equal((2, "USAGE"), (refused.Exit, refused.ErrorCode));
    }

    [Fact]
    public async Task Watch_KilledAndBroken_ShowsEachDepositAndItsStateGoesOn()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        for (int i = 1; i <= 6; i++)
        {
            await PayAsync(tl, "exchange-1", $"{i}", tag: i);
        }

        tl.Nodes[0].BreakStreamAfter = 2;
        string[] watch = ["exchange", "deposits", "watch", "--account", "exchange-1", "--state", "s.json"];
        CliResult first = await tl.RunAsync([.. watch, "-o", "ndjson", "--limit", "3"]);
        CliResult second = await tl.RunAsync([.. watch, "-o", "ndjson", "--limit", "3"]);
        JsonNode[] seen = [.. Lines(first), .. Lines(second)];
        Assert.Equal(["1", "2", "3", "4", "5", "6"], seen.Select(d => (string)d["tag"]!));
        Assert.Equal(6, seen.Select(d => (string)d["id"]!).Distinct().Count());

        CliResult other = await tl.RunAsync(
            "exchange", "deposits", "watch", "--account", "treasury", "--state", "s.json", "-o", "json");
        Assert.Equal((6, "STATE_OF_ANOTHER"), (other.Exit, other.ErrorCode));
    }

    [Fact]
    public async Task Watch_NotAcknowledged_BeginsWithTheSameDepositAgain()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await PayAsync(tl, "exchange-1", "1", tag: 1);
        await PayAsync(tl, "exchange-1", "2", tag: 2);
        string[] watch =
        [
            "exchange", "deposits", "watch", "--account", "exchange-1", "--state", "s.json", "--ack", "-o",
            "ndjson", "--limit", "2",
        ];
        CliResult stopped = await tl.RunAsync(watch);
        Assert.Equal((8, "NOT_ACKNOWLEDGED"), (stopped.Exit, stopped.ErrorCode));
        string id = (string)Assert.Single(Lines(stopped))["id"]!;

        tl.Input = id + "\nnonsense\n";
        stopped = await tl.RunAsync(watch);
        Assert.Equal(8, stopped.Exit);
        JsonNode[] seen = [.. Lines(stopped)];
        Assert.Equal([id, (string)seen[1]["id"]!], seen.Select(d => (string)d["id"]!));

        tl.Input = (string)seen[1]["id"]! + "\n";
        CliResult done = await tl.RunAsync([.. watch.SkipLast(2), "--limit", "1"]);
        Assert.Equal(0, done.Exit);
        Assert.Equal("2", (string)Assert.Single(Lines(done))["tag"]!);
    }

    [Theory]
    [InlineData("amount")]
    [InlineData("tag")]
    [InlineData("to")]
    [InlineData("height")]
    [InlineData("time")]
    public async Task Watch_DepositThatNobodySigned_EndsBeforeItIsShownOrBooked(string lie)
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await PayAsync(tl, "exchange-1", "1", tag: 1);
        await PayAsync(tl, lie == "to" ? "checker" : "exchange-1", "2", tag: 2);
        ulong first = tl.Ledger.Events[0].Height;
        tl.Nodes[0].Lies = e =>
        {
            if (e.Height == first)
            {
                return e;
            }

            e.Transferred.Amount = lie == "amount" ? "99999" : e.Transferred.Amount;
            e.Transferred.Tag = lie == "tag" ? 7 : e.Transferred.Tag;
            e.Transferred.To = FakeLedger.Bytes(tl["exchange-1"]);
            e.Height += lie == "height" ? 1u : 0;
            e.TimeMs += lie == "time" ? 1u : 0;
            return e;
        };
        string[] watch = ["exchange", "deposits", "watch", "--account", "exchange-1", "--state", "s.json"];
        CliResult lied = await tl.RunAsync([.. watch, "-o", "ndjson", "--limit", "2"]);

        Assert.Equal((9, "DEPOSIT_UNPROVED"), (lied.Exit, lied.ErrorCode));
        Assert.Equal("1", (string)Assert.Single(Lines(lied))["tag"]!);

        // The state stands before it: an honest node tells it as it is.
        tl.Nodes[0].Lies = null;
        await PayAsync(tl, "exchange-1", "3", tag: 3);
        CliResult honest = await tl.RunAsync(
            [.. watch, "-o", "ndjson", "--limit", lie == "to" ? "1" : "2"]);
        Assert.Equal(0, honest.Exit);
        Assert.Equal(
            lie == "to" ? ["3"] : new[] { "2", "3" }, Lines(honest).Select(d => (string)d["tag"]!));
    }

    [Fact]
    public async Task Watch_ProofOfAnotherGenesis_IsNone()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        using var other = new ProofTests.RealChain();
        await PayAsync(tl, "exchange-1", "1", tag: 1);
        int height = Enumerable.Range(1, other.Blocks.Blocks.Count - 1)
            .First(h => other.Blocks.Blocks[h].Events.Count > 0);
        tl.Nodes[0].EventProof = ChainProofs.Event(other.Blocks, height, 0);
        CliResult refused = await tl.RunAsync(
            "exchange", "deposits", "watch", "--account", "exchange-1", "-o", "ndjson", "--limit", "1");
        Assert.Equal((9, "DEPOSIT_UNPROVED", ""), (refused.Exit, refused.ErrorCode, refused.Out));
        Assert.Contains("The proof is of network", refused.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Watch_NodeWithoutQuotaForAProof_WaitsAndGoesOn()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await PayAsync(tl, "exchange-1", "1", tag: 1);
        tl.Nodes[0].BusyFor = 2;
        CliResult seen = await tl.RunAsync(
            "exchange", "deposits", "watch", "--account", "exchange-1", "-o", "ndjson", "--limit", "1");
        Assert.Equal((0, 0), (seen.Exit, tl.Nodes[0].BusyFor));
        Assert.Single(Lines(seen));
    }

    [Fact]
    public async Task Reconcile_BookThatDiffers_SaysByHowMuchAndEndsWithNine()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await PayAsync(tl, "exchange-1", "7", tag: 0);
        string[] reconcile = ["exchange", "reconcile", "--account", "exchange-1", "--book", "book"];
        await File.WriteAllTextAsync(
            Path.Combine(tl.Folder, "book"), "asset,amount\nPIB-27,3\nPIB-27,4.00\n");
        CliResult right = await tl.RunAsync([.. reconcile, "-o", "json"]);
        Assert.Equal(0, right.Exit);
        Assert.True((bool)right.Json[0]!["agrees"]!);

        await File.WriteAllTextAsync(
            Path.Combine(tl.Folder, "book"), "{\"asset\":\"PIB-27\",\"amount\":\"701\"}\n");
        CliResult wrong = await tl.RunAsync([.. reconcile, "-o", "json"]);
        Assert.Equal((9, "NOT_RECONCILED"), (wrong.Exit, wrong.ErrorCode));
        Assert.Equal("-1", (string)wrong.Json[0]!["difference"]!);
    }

    [Fact]
    public async Task Reconcile_AssetThatTheBookLacksAndThatLeftSince_Differs()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await PayAsync(tl, "checker", "7", tag: 0);
        ulong held = tl.Ledger.Height;
        CliResult paid = await tl.RunAsync(
            "transfer", "send", "PIB-27", "--to", "exchange-1", "--amount", "7", "--from", "checker");
        Assert.Equal(0, paid.Exit);
        await File.WriteAllTextAsync(
            Path.Combine(tl.Folder, "book"), "{\"asset\":\"OTHER-1\",\"amount\":\"0\"}\n");
        string[] reconcile =
            ["exchange", "reconcile", "--account", "checker", "--book", "book", "-o", "json"];

        CliResult now = await tl.RunAsync(reconcile);
        CliResult then = await tl.RunAsync([.. reconcile, "--at", $"{held}"]);
        Assert.Equal(0, now.Exit);
        Assert.Equal((9, "NOT_RECONCILED"), (then.Exit, then.ErrorCode));
        Assert.Equal("+700", (string)then.Json[0]!["difference"]!);
    }

    [Fact]
    public async Task Statement_OfAnAccount_HasEveryEntryWithTheBalanceAfterIt()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await PayAsync(tl, "exchange-1", "1", tag: 4);
        await PayAsync(tl, "exchange-1", "2", tag: 0);
        CliResult statement = await tl.RunAsync(
            "exchange", "statement", "--account", "exchange-1", "-o", "json");
        Assert.Equal(["100", "300"], statement.Json.AsArray().Select(e => (string)e!["balanceAfter"]!));
        Assert.Equal(["0", "100"], statement.Json.AsArray().Select(e => (string)e!["balanceBefore"]!));

        tl.Ledger.Events[1].Transferred.ToAfter = "400";
        CliResult broken = await tl.RunAsync(
            "exchange", "statement", "--account", "exchange-1", "-o", "json");
        Assert.Equal((9, "STATEMENT_BROKEN"), (broken.Exit, broken.ErrorCode));
    }

    private static async Task PayAsync(CliHarness tl, string to, string amount, int tag)
    {
        string[] pay = ["transfer", "send", "PIB-27", "--to", to, "--amount", amount, "--from", "treasury"];
        CliResult paid = await tl.RunAsync(tag == 0 ? pay : [.. pay, "--tag", $"{tag}"]);
        Assert.Equal(0, paid.Exit);
    }

    private static IEnumerable<JsonNode> Lines(CliResult result) => result.Out
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonNode.Parse(line)!);
}
