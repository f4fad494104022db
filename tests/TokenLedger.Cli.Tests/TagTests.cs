// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Cli.Tests;

/// <summary>Tagged addresses, as they are written, read and sent to.</summary>
public sealed class TagTests
{
    [Fact]
    public async Task Address_OfAnAccountAndATag_IsOneTextThatIsTakenApartAgain()
    {
        await using CliHarness cli = await CliHarness.StartAsync();
        CliResult written = await cli.RunAsync(
            "account", "address", "exchange-1", "--tag", "18446744073709551615", "-o", "json");
        Assert.Equal(0, written.Exit);
        string text = (string)written.Json["address"]!;
        Assert.Equal(new TaggedAddress(cli["exchange-1"], ulong.MaxValue).ToString(), text);

        CliResult read = await cli.RunAsync("account", "address", text, "-o", "json");
        Assert.Equal("18446744073709551615", (string)read.Json["tag"]!);
        Assert.Equal((string)written.Json["account"]!, (string)read.Json["account"]!);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("18446744073709551616")]
    [InlineData("-1")]
    public async Task Address_TagThatIsNone_IsRefused(string tag)
    {
        await using CliHarness cli = await CliHarness.StartAsync();
        CliResult refused = await cli.RunAsync("account", "address", "exchange-1", "--tag", tag);
        Assert.Equal(2, refused.Exit);
        Assert.Contains("--tag is a number from 1", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_ToATaggedAddress_CarriesTheTag()
    {
        await using CliHarness cli = await CliHarness.StartAsync();
        string to = new TaggedAddress(cli["exchange-1"], 7421).ToString();
        CliResult sent = await cli.RunAsync(
            "transfer", "send", "PIB-27", "--to", to, "--amount", "5", "--source-tag", "9", "--from",
            "treasury", "-o", "json");
        Assert.Equal(0, sent.Exit);
        Assert.Equal("7421", (string)sent.Json["events"]![0]!["tag"]!);
        Assert.Equal("9", (string)sent.Json["events"]![0]!["sourceTag"]!);
    }

    [Fact]
    public async Task Send_TagSaidTwiceDifferently_IsRefusedAndSendsNothing()
    {
        await using CliHarness cli = await CliHarness.StartAsync();
        string to = new TaggedAddress(cli["exchange-1"], 7421).ToString();
        CliResult refused = await cli.RunAsync(
            "transfer", "send", "PIB-27", "--to", to, "--tag", "7422", "--amount", "5", "--from", "treasury");
        Assert.Equal(2, refused.Exit);
        Assert.Contains("said twice", refused.Error, StringComparison.Ordinal);
        Assert.Empty(cli.Ledger.Events);
    }

    [Fact]
    public async Task Send_ToATaggedAddressWithAWrongCharacter_IsRefusedBeforeAnyNetwork()
    {
        await using CliHarness cli = await CliHarness.StartAsync();
        string right = new TaggedAddress(cli["exchange-1"], 7421).ToString();
        string wrong = right[..20] + (right[20] == 'q' ? 'p' : 'q') + right[21..];
        CliResult refused = await cli.RunAsync(
            "transfer", "send", "PIB-27", "--to", wrong, "--amount", "5", "--from", "treasury", "-o", "json");
        Assert.Equal(2, refused.Exit);
        Assert.Equal("ADDRESS_CHECKSUM", refused.ErrorCode);
    }

    [Fact]
    public async Task Show_OfATaggedAddress_SaysThatTheTagHasNoPlace()
    {
        await using CliHarness cli = await CliHarness.StartAsync();
        CliResult refused = await cli.RunAsync(
            "account", "show", new TaggedAddress(cli["exchange-1"], 7421).ToString(), "-o", "json");
        Assert.Equal(2, refused.Exit);
        Assert.Equal("ADDRESS_TAGGED", refused.ErrorCode);
    }

    [Fact]
    public async Task Batch_WithTaggedAddresses_CarriesEachTag()
    {
        await using CliHarness cli = await CliHarness.StartAsync();
        string[] lines =
        [
            "to,asset,amount",
            $"{new TaggedAddress(cli["exchange-1"], 11)},PIB-27,1",
            "exchange-1,PIB-27,2",
        ];
        await File.WriteAllLinesAsync(Path.Combine(cli.Folder, "pay.csv"), lines);
        CliResult sent = await cli.RunAsync("transfer", "batch", "pay.csv", "--from", "treasury");
        Assert.Equal(0, sent.Exit);
        Assert.Equal([11UL, 0UL], cli.Ledger.Events.Select(e => e.Transferred.Tag));
    }

    [Fact]
    public async Task RequireTag_OnAndOff_IsSaidInTheEvent()
    {
        await using CliHarness cli = await CliHarness.StartAsync();
        string[] require = ["account", "require-tag", "treasury", "--from", "treasury"];
        Assert.Equal(0, (await cli.RunAsync(require)).Exit);
        Assert.Equal(0, (await cli.RunAsync([.. require, "--off"])).Exit);
        Assert.Equal([true, false], cli.Ledger.Events.Select(e => e.TagRequirementSet.Required));
    }
}
