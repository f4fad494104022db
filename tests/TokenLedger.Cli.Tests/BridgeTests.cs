// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Bridge.V1;

namespace TokenLedger.Cli.Tests;

public sealed class BridgeTests
{
    private const string Account = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    private const string Plain = "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";

    [Fact]
    public async Task Show_ALock_NamesWhoSignedAndWhoIsMissing()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        string table = (await tl.RunAsync("bridge", "show", "4")).FlatOut;
        JsonNode json = (await tl.RunAsync("bridge", "show", "4", "-o", "json")).Json;

        string key = Eip55.Format(new Core.Address(FakeBridge.Bytes(3).Span));
        Assert.Contains("2 of 3 signatures", table, StringComparison.Ordinal);
        Assert.Contains(
            $"signed by Institution 3 of the Federal Republic, {key}", table, StringComparison.Ordinal);
        Assert.Contains(
            "not signed by Institution 4 of the Federal Republic", table, StringComparison.Ordinal);
        Assert.Equal(
            [key], json["mint"]!["signedBy"]!.AsArray().Skip(1).Select(one => (string)one!["key"]!));
        Assert.Equal(2, json["mint"]!["unsignedBy"]!.AsArray().Count);
        Assert.Null(json["void"]);
    }

    [Fact]
    public async Task Resume_OfALaneThatIsHalted_NeedsTheHaltNamed()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Nodes[0].Bridge.Lane.Stops = 5;
        string[] resume =
            ["bridge", "resume", "--reason", "reviewed", "--from", "treasury", "--simulate", "-o", "json"];

        CliResult unnamed = await tl.RunAsync(resume);
        CliResult named = await tl.RunAsync([.. resume, "--what", "halted"]);

        Assert.Equal((6, "BRIDGE_HALTED"), (unnamed.Exit, unnamed.ErrorCode));
        Assert.True(named.Exit == 0, named.Error);
    }

    [Fact]
    public async Task Status_OfAHaltAndARotation_SaysWhyAndWhoStandsBehindIt()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        Lane lane = tl.Nodes[0].Bridge.Lane;
        lane.Stops = 5;
        lane.SearchedFromHeight = 3;
        lane.Standing.Add(new LaneStop
        {
            Stops = 4,
            Reason = "The backing of PIB-27 does not add up at block 99: 7 are locked, 2 explained.",
            Height = 8,
            TimeMs = FakeLedger.StartMs,
            TransactionId = FakeBridge.Bytes(0x55, 32),
            Voices =
            {
                new SignerVoice
                {
                    Signer = FakeBridge.Signer(2),
                    Said = "The backing of PIB-27 does not add up.",
                    Height = 7,
                },
            },
        });
        lane.OpenRotation = new OpenRotation
        {
            Message = tl.Nodes[0].Bridge.Mint,
            Signers = { FakeBridge.Signer(5) },
            NotBeforeSeconds = FakeLedger.StartMs / 1_000,
            ReportedBy = { FakeBridge.Signer(1) },
            Seen = RotationSeen.Another,
        };

        CliResult table = await tl.RunAsync("bridge", "status");
        JsonNode json = (await tl.RunAsync("bridge", "status", "-o", "json")).Json[0]!;

        Assert.All(table.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
        foreach (string told in (string[])[
            "halted since", "height 8: The backing of PIB-27 does not add up at block 99",
            "Institution 2 of the Federal Republic, 0x0202020202020202020202020202020202020202, height 7",
            "locks for a reason from before height 3", "; not heard since", "; heard 20",
            "message 7: 2 of 3 signatures; not before", "new signer Institution 5", "OTHER signers"])
        {
            Assert.Contains(told, table.FlatOut, StringComparison.Ordinal);
        }

        Assert.Equal("halted", (string)json["reasons"]![0]!["stopped"]!);
        Assert.Equal(7, (int)json["reasons"]![0]!["reportedBy"]![0]!["height"]!);
        Assert.Equal(("another", 7), (
            (string)json["rotation"]!["abroad"]!, (int)json["rotation"]!["message"]!["id"]!));
        Assert.Equal(
            "Institution 1 of the Federal Republic", (string)json["signers"]![0]!["institutionName"]!);
        Assert.NotNull(json["signers"]![0]!["heardAt"]);
        Assert.Null(json["signers"]![1]!["heardAt"]);
    }

    [Fact]
    public async Task Status_AtRest_HasNoReasonAndNoRotation()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult table = await tl.RunAsync("bridge", "status");
        JsonNode json = (await tl.RunAsync("bridge", "status", "-o", "json")).Json[0]!;

        Assert.DoesNotContain("reason", table.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("rotation", table.Out, StringComparison.Ordinal);
        Assert.Empty(json["reasons"]!.AsArray());
        Assert.Null(json["rotation"]);
    }

    [Fact]
    public async Task Limits_OfBothSides_FitEightyColumns()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Nodes[0].Bridge.Abroad = Abroad();

        CliResult table = await tl.RunAsync("bridge", "limits");
        JsonNode json = (await tl.RunAsync("bridge", "limits", "-o", "json")).Json[0]!;

        Assert.All(table.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Contains("9,999,999,999,999.00", table.Out, StringComparison.Ordinal);
        foreach (string told in (string[])[
            "one lock from 10.00 up to 100,000,000.00", "above 50,000.00 waits 6 hours",
            "out 199,999,987.50 now; burst 200,000,000.00; 86,400.00 per day",
            "in 300,000,000.00 now; burst 300,000,000.00; 172,800.00 per day",
            "abroad one mint up to 40.00; ceiling 90.00",
            "mint abroad PAUSED; 0.01 now; burst 0.50; 12.00 per day",
            "burn abroad 0.60 now; burst 0.60; 0.60 per day"])
        {
            Assert.Contains(told, table.FlatOut, StringComparison.Ordinal);
        }

        Assert.Contains("block 99", table.Error, StringComparison.Ordinal);
        Assert.Equal("8640000", (string)json["outbound"]!["perDay"]!);
        Assert.Equal((99, true, "1200", "60"), (
            (int)json["abroad"]!["block"]!, (bool)json["abroad"]!["mintPaused"]!,
            (string)json["abroad"]!["mint"]!["perDay"]!, (string)json["abroad"]!["burn"]!["available"]!));
    }

    [Fact]
    public async Task Limits_OfANodeThatDoesNotLook_ShowsTheLedgersAndSaysSo()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync("bridge", "limits", "-o", "json");

        Assert.Equal(0, result.Exit);
        Assert.Null(result.Json[0]!["abroad"]);
        Assert.Contains("limits abroad are not known", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { Account }, Plain + "000000000000000000000000", 0)]
    [InlineData(new[] { Account, "--tag", "4711" }, Plain + "000000000000126700000000", 4_711)]
    [InlineData(
        new[] { Account, "--tag", "18446744073709551615" }, Plain + "ffffffffffffffff00000000",
        ulong.MaxValue)]
    [InlineData(
        new[] { "--decode", "0x" + Plain + "000000000000126700000000" },
        Plain + "000000000000126700000000", 4_711)]
    public async Task Recipient_OfAnAccount_IsThirtyTwoBytesBothWays(string[] typed, string bytes, ulong tag)
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);

        JsonNode json = (await tl.RunBareAsync(["bridge", "recipient", .. typed, "-o", "json"])).Json;

        Assert.Equal(("0x" + bytes, Account, tag), (
            (string)json["recipient"]!, (string)json["account"]!, (ulong)json["tag"]!));
    }

    [Fact]
    public async Task Recipient_OfALabel_NeedsNoNodeAndIsOneLine()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.WriteContext();
        await tl.KillAsync(0);

        CliResult result = await tl.RunAsync("bridge", "recipient", "exchange-1");

        Assert.Equal(0, result.Exit);
        Assert.Equal($"0x{new string('1', 40)}{new string('0', 24)}\n", result.Out);
        Assert.Contains("exchange-1", result.Error, StringComparison.Ordinal);
        CliResult decoded = await tl.RunAsync("bridge", "recipient", "--decode", result.Out.Trim());
        Assert.Contains("exchange-1", decoded.Out, StringComparison.Ordinal);
        Assert.All(decoded.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Theory]
    [InlineData(3, "ADDRESS_UNKNOWN", "nobody")]
    [InlineData(3, "ADDRESS_UNKNOWN", "0x123")]
    [InlineData(2, "ADDRESS_CHECKSUM", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD")]
    [InlineData(2, "USAGE", "0x0000000000000000000000000000000000000000")]
    [InlineData(2, "USAGE")]
    [InlineData(2, "USAGE", Account, "--tag", "-1")]
    [InlineData(2, "USAGE", Account, "--tag", "18446744073709551616")]
    [InlineData(2, "USAGE", Account, "--decode", "0x" + Plain + "000000000000000000000000")]
    [InlineData(2, "USAGE", "--tag", "1", "--decode", "0x" + Plain + "000000000000000000000000")]
    [InlineData(2, "USAGE", "--decode", "0x" + Plain)]
    [InlineData(2, "USAGE", "--decode", Plain + "000000000000000000000000")]
    [InlineData(2, "BRIDGE_RECIPIENT_INVALID", "--decode", "0x" + Plain + "000000000000000000000001")]
    [InlineData(
        2, "BRIDGE_RECIPIENT_INVALID", "--decode",
        "0x0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Recipient_ThatIsNone_IsRefusedWithOneCode(int exit, string code, params string[] typed)
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);

        CliResult result = await tl.RunAsync(["bridge", "recipient", .. typed, "-o", "json"]);

        Assert.Equal((exit, ""), (result.Exit, result.Out));
        Assert.Equal(code, result.ErrorCode);
    }

    private static GetLimitsAbroadResponse Abroad() => new()
    {
        BlockNumber = 99,
        BlockTimeSeconds = FakeLedger.StartMs / 1_000,
        MintPaused = true,
        Tokens =
        {
            new TokenAbroad
            {
                Asset = "PIB-27",
                Listed = true,
                PerItem = "4000",
                Ceiling = "9000",
                Mint = new RateAbroad { Capacity = "50", Available = "1", WindowSeconds = 3_600 },
                Burn = new RateAbroad { Capacity = "60", Available = "60", WindowSeconds = 86_400 },
            },
        },
    };
}
