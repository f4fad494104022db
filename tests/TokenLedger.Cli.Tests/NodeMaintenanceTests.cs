// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Cli.Tests;

/// <summary>tl node backup, restore, verify and doctor; a script stands for the node's program.</summary>
public sealed class NodeMaintenanceTests
{
    private const string Holds = """
        {"result":{"kind":"tokenledger-verification","holds":true,"firstDifference":null,"height":12}}
        """;

    private const string Differs = """
        {"result":{"kind":"tokenledger-verification","holds":false,"height":12,
        """ + """
        "firstDifference":{"height":7,"what":"its state root differs"}}}
        """;

    [Fact]
    public async Task Verify_LedgerHolds_WritesAReportThatItsSignerVouchesFor()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        const string Progress = """{"progress":{"unit":"blocks","done":1,"total":12,"perSecond":5}}""";
        Program(tl, $"echo '{Progress}'; echo '{Holds}'");

        CliResult verified = await tl.RunAsync(
            "node", "verify", "--node-config", "node.json", "--node-program", "program", "--report",
            "report.json", "--from", "treasury", "-o", "json");

        Assert.Equal(0, verified.Exit);
        Assert.True((bool)verified.Json["holds"]!);
        Assert.Equal(
            $"verify --config {tl.Folder}/node.json\n", File.ReadAllText(Path.Combine(tl.Folder, "called")));
        Assert.Equal(
            0, (await tl.RunAsync("node", "verify-report", "report.json", "--signer", "treasury")).Exit);
        CliResult other = await tl.RunAsync("node", "verify-report", "report.json", "--signer", "exchange-1");
        Assert.Equal(9, other.Exit);
        Assert.Contains("REPORT_SIGNER", other.Error, StringComparison.Ordinal);

        string report = Path.Combine(tl.Folder, "report.json");
        File.WriteAllText(report, File.ReadAllText(report).Replace("12", "13", StringComparison.Ordinal));
        CliResult changed = await tl.RunAsync("node", "verify-report", "report.json");
        Assert.Equal(9, changed.Exit);
        Assert.Contains("REPORT_INVALID", changed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_LedgerDiffers_IsExit9AndSoIsItsReport()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        Program(tl, $"echo '{Differs}'; exit 9");

        CliResult verified = await tl.RunAsync(
            "node", "verify", "--node-config", "node.json", "--node-program", "program", "--report",
            "report.json", "--from", "treasury");

        Assert.Equal(9, verified.Exit);
        Assert.Contains("height 7: its state root differs", verified.Error.ReplaceLineEndings(" "),
            StringComparison.Ordinal);
        Assert.Equal(9, (await tl.RunAsync("node", "verify-report", "report.json")).Exit);
    }

    [Theory]
    [InlineData("BACKUP_CORRUPT", 9)]
    [InlineData("BACKUP_PASSPHRASE", 4)]
    [InlineData("RESTORE_TARGET", 6)]
    [InlineData("STORAGE_IO", 1)]
    public async Task Restore_ProgramFails_TellsItsCodeAndReason(string code, int exit)
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        Program(tl, $"echo 'tokenledger-node: {code}: It is so.' >&2; exit 1");

        CliResult result = await tl.RunAsync(
            "node", "restore", "--node-config", "node.json", "--node-program", "program", "--backup", "b");

        Assert.Equal(exit, result.Exit);
        Assert.Contains(code, result.Error, StringComparison.Ordinal);
        Assert.Contains("It is so.", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Out);
    }

    [Fact]
    public async Task Backup_NoProgram_SaysWhatToDo()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync(
            "node", "backup", "--node-config", "node.json", "--node-program", "no-such", "--to", "b");

        Assert.Equal(3, result.Exit);
        Assert.Contains("NODE_PROGRAM_MISSING", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"dataDirectory":"data"}""", "NODE_UNREACHABLE", 1)]
    [InlineData("""{"admin":{"socket":"s"},"dataDirectory":"data"}""", "NODE_UNREACHABLE", 1)]
    [InlineData("""{"name":"x"}""", "NODE_CONFIG_INVALID", 2)]
    [InlineData("no JSON", "NODE_CONFIG_INVALID", 2)]
    [InlineData(null, "NODE_CONFIG_UNKNOWN", 3)]
    public async Task Doctor_NodeThatIsNotThere_SaysSo(string? config, string code, int exit)
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        if (config is not null)
        {
            File.WriteAllText(Path.Combine(tl.Folder, "node.json"), config);
        }

        CliResult result = await tl.RunAsync("node", "doctor", "--node-config", "node.json");

        Assert.Equal(exit, result.Exit);
        Assert.Contains(code, result.Error, StringComparison.Ordinal);
    }

    private static void Program(CliHarness tl, string script)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("A script needs a file mode.");
        }

        string path = Path.Combine(tl.Folder, "program");
        File.WriteAllText(path, $"#!/bin/sh\necho \"$@\" > '{tl.Folder}/called'\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
