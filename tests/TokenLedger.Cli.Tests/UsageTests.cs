// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("aset list", "Did you mean asset?")]
    [InlineData("asset lst", "Did you mean list?")]
    [InlineData("asset list --limt 5", "Did you mean --limit?")]
    [InlineData("asset show --nope", "There is no option --nope")]
    [InlineData("asset show PIB-27 extra", "unexpected argument 'extra'")]
    [InlineData("asset list -o xml", "xml")]
    [InlineData("asset list --limit -1", "--limit")]
    [InlineData("transfer send --asset PIB-27", "--to")]
    [InlineData("asset list --timeout soon", "no span of time")]
    [InlineData("proposal show abc", "ID is 'abc', which is not a whole number from 0 to")]
    [InlineData("block watch --from-height x", "--from-height is 'x', which is not a whole number from 0")]
    [InlineData("transfer send PIB-27 --to a --amount 1 --lane -1", "--lane is '-1', which is not a whole")]
    [InlineData("event watch --limit -3", "--limit is a number of rows")]
    [InlineData("tx sign u.json --from --password-file pw", "--from lacks its value: --password-file is an")]
    [InlineData("devnet create --template a --folder b --validators 0", "not 0.")]
    [InlineData("devnet create --template a --folder b --base-port 70000", "not 70000.")]
    public async Task Run_WhatMakesNoSense_IsExit2WithAHint(string line, string hint)
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync(line.Split(' '));

        Assert.Equal(2, result.Exit);
        Assert.Empty(result.Out);
        string said = string.Join(
            ' ', result.Error.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(hint, said, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", said, StringComparison.Ordinal);
        Assert.Contains("(exit 2)", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proposal show 21", "next: tl proposal list --all")]
    [InlineData("tx broadcast b.json", "next: tl tx sign b.json --from KEY")]
    [InlineData("tx build transfer PIB-27 --to maker --amount 1 --from treasury --out no/u.json", "df -h")]
    public async Task Run_WhatFailed_SaysNextWithWhatWasTyped(string line, string next)
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        CliResult built = await tl.RunAsync(
            "tx", "build", "transfer", "PIB-27", "--to", "exchange-1", "--amount", "1", "--from", "treasury",
            "--out", "b.json");
        Assert.Equal(0, built.Exit);

        CliResult result = await tl.RunAsync(line.Split(' '));

        Assert.NotEqual(0, result.Exit);
        string said = string.Join(
            ' ', result.Error.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(next, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NothingTyped_ShowsHelp()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);

        CliResult result = await tl.RunBareAsync();

        Assert.Equal(0, result.Exit);
        Assert.Contains("USAGE", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NounAlone_ShowsItsCommandsOnStderr()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);

        CliResult result = await tl.RunBareAsync("asset");

        Assert.Equal(2, result.Exit);
        Assert.Empty(result.Out);
        Assert.Contains("issue", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoContext_SaysWhatToRun()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);

        CliResult result = await tl.RunBareAsync("asset", "list", "-o", "json");

        Assert.Equal(2, result.Exit);
        Assert.Equal("NO_CONTEXT", result.ErrorCode);
        Assert.Contains("tl context create", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ResponseFileSyntax_IsNotExpanded()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(tl.Folder, "words"), "list");

        CliResult result = await tl.RunAsync("asset", "@" + Path.Combine(tl.Folder, "words"));

        Assert.Equal(2, result.Exit);
    }

    [Theory]
    [InlineData("-5", "AMOUNT_INVALID")]
    [InlineData("0", "AMOUNT_ZERO")]
    [InlineData("1.005", "AMOUNT_INVALID")]
    [InlineData("1.250,50", "AMOUNT_INVALID")]
    [InlineData("99999999999999999999999999999999999999999", "AMOUNT_INVALID")]
    public async Task Run_BadAmount_HasTheStableCodeAndSendsNothing(string amount, string code)
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync(
            "transfer", "send", "--asset", "PIB-27", "--to", "exchange-1", "--amount", amount, "--from",
            "treasury", "-o", "json");

        Assert.Equal(2, result.Exit);
        Assert.Equal(code, result.ErrorCode);
        Assert.Empty(tl.Ledger.Arrived);
    }

    [Theory]
    [InlineData("0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "ADDRESS_CHECKSUM", 2)]
    [InlineData("nobody", "ADDRESS_UNKNOWN", 3)]
    public async Task Run_BadAddress_IsRefused(string address, string code, int exit)
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync("account", "balance", address, "-o", "json");

        Assert.Equal(exit, result.Exit);
        Assert.Equal(code, result.ErrorCode);
    }
}
