// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace TokenLedger.Cli.Tests;

public sealed class ProposalTests
{
    private static readonly string[] Issue =
        ["asset", "issue", "PIB-27", "--amount", "5,00,00,000", "--to", "treasury", "--from", "maker"];

    [Fact]
    public async Task Issue_ByMaker_OpensAProposalAndSaysWhatIsNext()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync([.. Issue, "-o", "json", "--reason", "first tranche"]);

        Assert.Equal(0, result.Exit);
        JsonNode json = result.Json;
        Assert.Equal(1, (int)json["proposalId"]!);
        Assert.Equal("open", (string)json["status"]!);
        Assert.Equal(64, ((string)json["payloadHash"]!).Length);
        Assert.Equal("issue_units", (string)json["payload"]![0]!["operation"]!);
        Assert.Equal("5000000000", (string)json["payload"]![0]!["amount"]!);
        Assert.Equal("tl proposal approve 1 --from CHECKER", (string)json["next"]!);
        Assert.Equal("first tranche", tl.Ledger.Proposals[0].Reason);
    }

    [Fact]
    public async Task Issue_Simulate_ShowsSupplyCapAndNeedsAndSendsNothing()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync([.. Issue, "--simulate"]);

        Assert.Equal(0, result.Exit);
        Assert.Contains("50,000,000.00", result.Out, StringComparison.Ordinal);
        Assert.Contains(
            "3 approvals from 2 institutions, with regulator", result.FlatOut, StringComparison.Ordinal);
        Assert.Empty(tl.Ledger.Arrived);
    }

    [Fact]
    public async Task Issue_SimulateAboveCap_IsRefused()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync(
            "asset", "issue", "PIB-27", "--amount", "50,000,000.01", "--to", "treasury", "--from", "maker",
            "--simulate", "-o", "json");

        Assert.Equal(5, result.Exit);
        Assert.Equal("SUPPLY_CAP_EXCEEDED", result.ErrorCode);
    }

    [Fact]
    public async Task Approve_ByAPerson_ShowsFiguresAndWordsAndTakesTheTypedPhrase()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Issue);
        tl.Terminal = true;
        tl.Input = "PIB-27 50000000.00\n";

        CliResult result = await tl.RunAsync("proposal", "approve", "1", "--from", "checker", "-o", "json");

        Assert.Equal(0, result.Exit);
        Assert.Equal("executed", (string)result.Json["proposal"]!["status"]!);
        Assert.Contains("50,000,000.00", result.Error, StringComparison.Ordinal);
        Assert.Contains("5,00,00,000.00", result.Error, StringComparison.Ordinal);
        Assert.Contains("fifty million", result.Error, StringComparison.Ordinal);
        Assert.Contains("five crore", result.Error, StringComparison.Ordinal);
        Assert.Contains("Type \"PIB-27 50000000.00\"", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approve_ByItsMaker_NamesTheMissingDutyAndSendsNothing()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Issue);
        int before = tl.Ledger.Arrived.Count;

        CliResult result =
            await tl.RunAsync("proposal", "approve", "1", "--from", "maker", "--yes", "-o", "json");

        Assert.Equal((5, "SAME_MAKER"), (result.Exit, result.ErrorCode));
        Assert.Contains("checker", result.Error, StringComparison.Ordinal);
        Assert.Equal(before, tl.Ledger.Arrived.Count);
    }

    [Fact]
    public async Task Approve_WrongPhrase_IsExit8AndApprovesNothing()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Issue);
        tl.Terminal = true;
        tl.Input = "yes\n";

        CliResult result = await tl.RunAsync("proposal", "approve", "1", "--from", "checker");

        Assert.Equal(8, result.Exit);
        Assert.Empty(tl.Ledger.Proposals[0].Approvals);
    }

    [Fact]
    public async Task Approve_ByAScript_NeedsYesOrTheHash()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        string hash = (string)(await tl.RunAsync([.. Issue, "-o", "json"])).Json["payloadHash"]!;
        string[] approve = ["proposal", "approve", "1", "--from", "checker", "-o", "json"];

        CliResult nobody = await tl.RunAsync(approve);
        CliResult wrong = await tl.RunAsync([.. approve, "--confirm-digest", new string('0', 64)]);
        CliResult right = await tl.RunAsync([.. approve, "--confirm-digest", hash]);
        CliResult yes = await tl.RunAsync([.. approve, "--yes"]);
        tl.Variables["TL_YES"] = "1";
        CliResult assumed = await tl.RunAsync(approve);

        Assert.Equal([8, 8, 0, 0, 0], [nobody.Exit, wrong.Exit, right.Exit, yes.Exit, assumed.Exit]);
        Assert.Equal("NOT_CONFIRMED", nobody.ErrorCode);
        Assert.Contains(hash, nobody.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approve_ProductionScript_TakesOnlyTheHash()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Production = true;
        string hash = (string)(await tl.RunAsync([.. Issue, "-o", "json"])).Json["payloadHash"]!;
        tl.Variables["TL_YES"] = "1";
        string[] approve = ["proposal", "approve", "1", "--from", "checker", "-o", "json"];

        CliResult yes = await tl.RunAsync([.. approve, "--yes"]);
        CliResult assumed = await tl.RunAsync(approve);
        CliResult right = await tl.RunAsync([.. approve, "--confirm-digest", hash]);

        Assert.Equal([8, 8, 0], [yes.Exit, assumed.Exit, right.Exit]);
    }

    [Fact]
    public async Task Approve_PayloadIsNotWhatTheHashNames_IsExit9()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Issue);
        tl.Ledger.Proposals[0].Payload[0].IssueUnits.Amount = "1";

        CliResult result =
            await tl.RunAsync("proposal", "approve", "1", "--from", "checker", "--yes", "-o", "json");

        Assert.Equal(9, result.Exit);
        Assert.Equal("PAYLOAD_MISMATCH", result.ErrorCode);
        Assert.Empty(tl.Ledger.Proposals[0].Approvals);
    }

    [Fact]
    public async Task Approve_UnknownProposal_IsExit3()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result =
            await tl.RunAsync("proposal", "approve", "77", "--from", "checker", "--yes", "-o", "json");

        Assert.Equal(3, result.Exit);
        Assert.Equal("PROPOSAL_UNKNOWN", result.ErrorCode);
    }

    [Fact]
    public async Task List_Open_FitsEightyColumns()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Issue);
        await tl.RunAsync(
            "account", "freeze", "exchange-1", "--legal-reference", "Order 12/2027", "--from", "maker");
        await tl.RunAsync("asset", "pause", "PIB-27", "--reason", "order", "--from", "maker");

        CliResult result = await tl.RunAsync("proposal", "list");

        Assert.Equal(0, result.Exit);
        Assert.Contains("50,000,000.00", result.Out, StringComparison.Ordinal);
        Assert.All(result.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Theory]
    [InlineData("asset burn PIB-27 --amount 5 --account treasury --reason redeemed", "burn_units")]
    [InlineData("asset set-cap PIB-27 --cap 60,000,000", "set_asset_cap")]
    [InlineData("asset resume PIB-27 --reason over", "resume_asset")]
    [
        InlineData(
        "asset document PIB-27 --title Circular --uri https://mof.example/c --hash H", "attach_document")]
    [InlineData("account unfreeze exchange-1 --legal-reference Order", "unfreeze_account")]
    [InlineData("account freeze exchange-1 --legal-reference Order --mode send", "freeze_account")]
    [
        InlineData(
        "account grant exchange-1 --institution treasury --duties maker,checker --office Director",
        "grant_officer")]
    [InlineData("account revoke checker --reason left", "revoke_officer")]
    [InlineData(
        "asset create NEW-30 --class sukuk --name New --name-urdu نیا --decimals 2 --cap 1000 "
        + "--unit-value 1.5 --issuer treasury --maturity-date 2030-06-30 --coupon 1250 --payments-per-year 2 "
        + "--day-count thirty-360 --attribute a=b",
        "create_asset")]
    public async Task Privileged_EveryVerb_ProposesItsOperation(string line, string operation)
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        string[] words = line.Replace(" H", " " + new string('5', 64), StringComparison.Ordinal).Split(' ');

        CliResult result = await tl.RunAsync([.. words, "--from", "maker", "-o", "json"]);

        Assert.True(result.Exit == 0, result.Error);
        Assert.Equal(operation, (string)result.Json["payload"]![0]!["operation"]!);
    }

    [Fact]
    public async Task Cancel_Open_IsCancelled()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Issue);

        CliResult result = await tl.RunAsync(
            "proposal", "cancel", "1", "--reason", "wrong amount", "--from", "maker", "-o", "json");

        Assert.Equal(0, result.Exit);
        Assert.Equal("cancelled", (string)result.Json["proposal"]!["status"]!);
    }

    [Fact]
    public async Task Show_HostileReason_IsHarmless()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync([.. Issue, "--reason", "nice\u202E\e[2J"]);

        CliResult result = await tl.RunAsync("proposal", "show", "1");

        Assert.Equal(0, result.Exit);
        Assert.DoesNotContain('\u202E', result.Out);
        Assert.DoesNotContain('\e', result.Out);
    }
}
