// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Core;

namespace TokenLedger.Cli.Tests;

/// <summary>A node, or whoever carries a file, lies about what a whole unit is.</summary>
public sealed class DecimalsTests
{
    private static readonly string[] Send =
        ["transfer", "send", "PIB-27", "--to", "exchange-1", "--amount", "5", "--from", "treasury"];

    private static readonly string[] Build =
    [
        "tx", "build", "transfer", "PIB-27", "--to", "exchange-1", "--amount", "5", "--from", "treasury",
        "--out", "u.json",
    ];

    [Theory]
    [InlineData(0u)]
    [InlineData(4u)]
    public async Task Send_NodeSaysOtherDecimals_MovesWhatTheValidatorsSigned(uint lie)
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Nodes[0].LiesDecimals = lie;

        CliResult result = await tl.RunAsync([.. Send, "-o", "json"]);

        Assert.Equal(0, result.Exit);
        Assert.Equal("500", tl.Ledger.BalanceOf(tl["exchange-1"], "PIB-27").ToString());
    }

    [Theory]
    [InlineData("transfer send PIB-27 --to exchange-1 --amount 5 --from treasury")]
    [InlineData("asset issue PIB-27 --amount 5 --to treasury --from maker")]
    [InlineData("asset burn PIB-27 --amount 5 --account treasury --reason redeemed --from maker")]
    [InlineData("asset set-cap PIB-27 --cap 5 --from maker")]
    [InlineData("tx build transfer PIB-27 --to exchange-1 --amount 5 --from treasury")]
    [InlineData("tx build issue PIB-27 --amount 5 --to treasury --from maker --nonce 0")]
    public async Task Write_NodeForgesTheProof_IsExit9AndSignsNothing(string line)
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Nodes[0].LiesDecimals = 4;
        tl.Nodes[0].ForgesProofs = true;

        CliResult result = await tl.RunAsync([.. line.Split(' '), "-o", "json"]);

        Assert.Equal((9, "ASSET_UNPROVED"), (result.Exit, result.ErrorCode));
        Assert.Contains("--atomic", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Out);
        Assert.Empty(tl.Ledger.Arrived);
    }

    [Fact]
    public async Task Send_ProofOfAnotherAsset_IsRefused()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Ledger.AddAsset("OTHER-4", 4, "5000000000");
        tl.Nodes[0].Proof = ProvenLedger.Prove(
            Address.Zero, "OTHER-4", Amount.Zero, [("PIB-27", 2), ("OTHER-4", 4)]);

        CliResult result = await tl.RunAsync([.. Send, "-o", "json"]);

        Assert.Equal((9, "ASSET_UNPROVED"), (result.Exit, result.ErrorCode));
        Assert.Empty(tl.Ledger.Arrived);
    }

    [Fact]
    public async Task Send_AtomicAndNodeForgesTheProof_NeedsNone()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Nodes[0].LiesDecimals = 4;
        tl.Nodes[0].ForgesProofs = true;

        CliResult result = await tl.RunAsync([.. Send, "--atomic", "-o", "json"]);

        Assert.Equal(0, result.Exit);
        Assert.Equal("5", tl.Ledger.BalanceOf(tl["exchange-1"], "PIB-27").ToString());
    }

    [Fact]
    public async Task Batch_NodeForgesTheProof_SendsNothing()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Nodes[0].LiesDecimals = 4;
        await File.WriteAllLinesAsync(
            Path.Combine(tl.Folder, "pay.csv"), ["to,asset,amount", "exchange-1,PIB-27,5"]);
        string[] batch = ["transfer", "batch", "pay.csv", "--from", "treasury", "-o", "json"];

        CliResult told = await tl.RunAsync(batch);
        tl.Nodes[0].ForgesProofs = true;
        CliResult forged = await tl.RunAsync(batch);

        Assert.Equal(0, told.Exit);
        Assert.Equal((9, "ASSET_UNPROVED"), (forged.Exit, forged.ErrorCode));
        Assert.Equal("500", tl.Ledger.BalanceOf(tl["exchange-1"], "PIB-27").ToString());
    }

    [Fact]
    public async Task Approve_NodeLies_ShowsWhatIsProvedOrRefuses()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync("asset", "issue", "PIB-27", "--amount", "5", "--to", "treasury", "--from", "maker");
        tl.Nodes[0].LiesDecimals = 4;
        tl.Terminal = true;
        tl.Input = "PIB-27 0.0500\n";
        string[] approve = ["proposal", "approve", "1", "--from", "checker", "-o", "json"];

        CliResult deceived = await tl.RunAsync(approve);
        tl.Nodes[0].ForgesProofs = true;
        CliResult forged = await tl.RunAsync([.. approve, "--yes"]);

        Assert.Equal(8, deceived.Exit);
        Assert.Contains(
            "500 atomic (5.00 with 2 decimals, proved)", Flat(deceived.Error), StringComparison.Ordinal);
        Assert.Contains("Type \"PIB-27 5.00\"", deceived.Error, StringComparison.Ordinal);
        Assert.Equal((9, "ASSET_UNPROVED"), (forged.Exit, forged.ErrorCode));
        Assert.Empty(tl.Ledger.Proposals[0].Approvals);
    }

    [Fact]
    public async Task Inspect_FileSaysOtherDecimals_ShowsWhatItsProofShows()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Build);
        await EditAsync(tl, json => json["decimals"] = new JsonObject { ["PIB-27"] = 4 });

        CliResult table = await tl.RunAsync("tx", "inspect", "u.json");
        CliResult json = await tl.RunAsync("tx", "inspect", "u.json", "-o", "json");

        Assert.Contains(
            "500 atomic (5.00 with 2 decimals, proved)", table.FlatOut, StringComparison.Ordinal);
        Assert.Equal(2, (int)json.Json["decimals"]!["PIB-27"]!);
        Assert.All(table.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task InspectAndSign_FalseOrNoProof_ShowAtomicUnitsOnlyAndSaySo(bool forged)
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Build);
        string lie = Convert.ToHexStringLower(ProvenLedger.WithDecimals(
            ProvenLedger.Prove(Address.Zero, "PIB-27", Amount.Zero, [("PIB-27", 2)]), 4).AssetState.Span);
        await EditAsync(tl, json =>
        {
            if (forged)
            {
                json["assetProofs"]![0]!["assetState"] = lie;
            }
            else
            {
                json["assetProofs"] = new JsonArray();
            }
        });
        tl.Terminal = true;
        tl.Input = "no\n";

        CliResult inspected = await tl.RunAsync("tx", "inspect", "u.json");
        CliResult sign = await tl.RunAsync("tx", "sign", "u.json", "--from", "treasury", "-q");

        Assert.Contains("amount 500 atomic not proved", inspected.FlatOut, StringComparison.Ordinal);
        Assert.DoesNotContain("5.00", inspected.Out, StringComparison.Ordinal);
        Assert.Equal(8, sign.Exit);
        Assert.Contains("transaction of PIB-27 500 atomic.", sign.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_ByAPersonInQuiet_ShowsAtomicUnitsAndWhatIsProved()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Build);
        tl.Terminal = true;
        tl.Input = "no\n";

        CliResult sign = await tl.RunAsync("tx", "sign", "u.json", "--from", "treasury", "-q");

        Assert.Equal(8, sign.Exit);
        Assert.Contains(
            "PIB-27 500 atomic (5.00 with 2 decimals, proved)", sign.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_YesOffAContext_NeedsTheGenesisHash()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Build);
        string key = Directory.GetFiles(Path.Combine(tl.Folder, "keys"))
            .Single(f => f.Contains(tl["treasury"].ToString()[2..], StringComparison.OrdinalIgnoreCase));
        string[] sign =
            ["tx", "sign", "u.json", "--from", key, "--password-file", "password", "-o", "json"];
        string genesis = tl.Ledger.GenesisHash.ToString();

        CliResult yes = await tl.RunBareAsync([.. sign, "--yes"]);
        tl.Variables["TL_YES"] = "1";
        CliResult assumed = await tl.RunBareAsync(sign);
        tl.Variables.Clear();
        CliResult other = await tl.RunBareAsync([.. sign, "--yes", "--genesis", new string('7', 64)]);
        CliResult right = await tl.RunBareAsync([.. sign, "--yes", "--genesis", genesis]);

        Assert.Equal((4, "NETWORK_NOT_PINNED"), (yes.Exit, yes.ErrorCode));
        Assert.Contains("--genesis HASH", yes.Error, StringComparison.Ordinal);
        Assert.Equal((4, "NETWORK_NOT_PINNED"), (assumed.Exit, assumed.ErrorCode));
        Assert.Equal((9, "WRONG_NETWORK"), (other.Exit, other.ErrorCode));
        Assert.True(right.Exit == 0, right.Error);
    }

    [Fact]
    public async Task Inspect_OffAContext_SaysThatOnlyTheFileNamesTheNetwork()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Build);
        string genesis = tl.Ledger.GenesisHash.ToString();

        CliResult alone = await tl.RunBareAsync("tx", "inspect", "u.json");
        CliResult vouched = await tl.RunBareAsync("tx", "inspect", "u.json", "--genesis", genesis);
        CliResult other =
            await tl.RunBareAsync("tx", "inspect", "u.json", "--genesis", new string('7', 64), "-o", "json");

        Assert.Contains("only the file says so", alone.FlatOut, StringComparison.Ordinal);
        Assert.Equal(0, vouched.Exit);
        Assert.DoesNotContain("only the file says so", vouched.FlatOut, StringComparison.Ordinal);
        Assert.Equal((9, "WRONG_NETWORK"), (other.Exit, other.ErrorCode));
    }

    private static string Flat(string text) =>
        string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static async Task EditAsync(CliHarness tl, Action<JsonObject> edit)
    {
        string path = Path.Combine(tl.Folder, "u.json");
        JsonObject json = JsonNode.Parse(await File.ReadAllTextAsync(path))!.AsObject();
        edit(json);
        await File.WriteAllTextAsync(path, json.ToJsonString());
    }
}
