// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using TokenLedger.Cli.Commands;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Verbs;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Cli.Tests;

public sealed class HelpTests
{
    private const int Width = 80;

    [Fact]
    public async Task Help_EveryCommand_HasDescriptionAndExamplesWithin80Columns()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        TlCommand[] leaves = [.. DocsCommand.Leaves(Root.BuildAll(new GlobalOptions()))];
        Assert.True(leaves.Length > 60, $"only {leaves.Length} commands");

        foreach (TlCommand leaf in leaves)
        {
            string[] words = HelpWriter.PathOf(leaf).Split(' ')[1..];
            CliResult help = await tl.RunBareAsync([.. words, "--help"]);

            Assert.Equal(0, help.Exit);
            Assert.Contains("EXAMPLES", help.Out, StringComparison.Ordinal);
            Assert.StartsWith(leaf.Description![..10], help.Out, StringComparison.Ordinal);
            Assert.All(leaf.Examples, e => Assert.Contains("tl", e, StringComparison.Ordinal));
            string[] wide = [.. help.Out.Split('\n').Where(l => l.Length > Width)];
            Assert.True(wide.Length == 0, $"{HelpWriter.PathOf(leaf)}: {string.Join('\n', wide)}");
        }
    }

    [Fact]
    public async Task Help_Examples_AreCommandLinesThatParse()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        foreach (TlCommand leaf in DocsCommand.Leaves(Root.BuildAll(new GlobalOptions())))
        {
            foreach (
                string example in leaf.Examples.Where(e => e.StartsWith("tl ", StringComparison.Ordinal)))
            {
                string line = example.Split('>')[0].Split('|')[0];
                string[] words = [.. System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(line)];
                CliResult result = await tl.RunBareAsync([.. words[1..], "-o", "json"]);

                // Whatever is missing here (a network, a file), what was typed made sense to the parser.
                Assert.DoesNotContain("--help\"", result.Error, StringComparison.Ordinal);
                Assert.DoesNotContain("\"BUG\"", result.Error, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Help_ExamplesOfGroups_AreThoseOfTheirCommands()
    {
        RootCommand root = Root.BuildAll(new GlobalOptions());
        Assert.All(Groups(root), group => Assert.Subset(
            DocsCommand.Leaves(group).SelectMany(leaf => leaf.Examples).ToHashSet(),
            group.Examples.ToHashSet()));
    }

    [Fact]
    public async Task Docs_EveryCommand_IsCovered()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);

        CliResult docs = await tl.RunBareAsync("docs");

        foreach (TlCommand leaf in DocsCommand.Leaves(Root.BuildAll(new GlobalOptions())))
        {
            Assert.Contains($"# {HelpWriter.PathOf(leaf)}\n", docs.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AssetCreate_Help_BreaksChoicesBetweenThem()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);

        CliResult help = await tl.RunBareAsync("asset", "create", "--help");

        string[] choices = [.. $"{Inputs.Choices<AssetClass>()}|{Inputs.Choices<DayCount>()}".Split('|')];
        Assert.All(choices, choice => Assert.Contains(choice, help.Out, StringComparison.Ordinal));
        Assert.All(help.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Readme_Reference_IsWhatDocsPrints()
    {
        string readme = File.ReadAllText(RepositoryFile("src/TokenLedger.Cli/README.md"));

        Assert.EndsWith(DocsCommand.Reference(), readme, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "asset context key", new[] { "asset", "context", "key", "tx" })]
    [InlineData("asset", "", new[] { "burn", "create", "issue" })]
    [InlineData("asset", "is", new[] { "issue" })]
    [InlineData("asset list", "--out", new[] { "--output" })]
    [InlineData("asset list -o", "j", new[] { "json" })]
    [InlineData("transfer send --to", "ex", new[] { "exchange-1" })]
    public async Task Complete_Words_GivesWhatCouldFollow(string before, string last, string[] expected)
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        tl.WriteContext(new Uri("http://127.0.0.1:1"));
        tl.Variables["TL_CONTEXT"] = tl.ContextPath;
        string[] words = before.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        CliResult result = await tl.RunBareAsync(["__complete", .. words, last.Contains(' ') ? "" : last]);

        Assert.Equal(0, result.Exit);
        string[] given = result.Out.Split('\n');
        Assert.All(expected, e => Assert.Contains(e, given));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _tl_complete tl")]
    [InlineData("zsh", "compdef _tl tl")]
    [InlineData("fish", "complete -c tl")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Completion_Shell_PrintsItsScript(string shell, string line)
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);

        CliResult result = await tl.RunBareAsync("completion", shell);

        Assert.Contains(line, result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_Bash_CompletesInABash()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        string script = (await tl.RunBareAsync("completion", "bash")).Out;
        string fake = "tl() { printf '%s\\n' \"args=$#\" \"last=${!#}\"; }\n";
        string test = fake + script
            + "COMP_WORDS=(tl asset is); COMP_CWORD=2; _tl_complete; printf '%s,' \"${COMPREPLY[@]}\"";

        using var bash =
            System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", test])
            {
                RedirectStandardOutput = true,
            })!;
        string output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();

        Assert.Equal("args=3,last=is,", output);
    }

    private static IEnumerable<TlCommand> Groups(Command command) => command.Subcommands
        .Where(child => child.Subcommands.Count > 0)
        .SelectMany(child => Groups(child).Append((TlCommand)child));

    private static string RepositoryFile(string path)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "TokenLedger.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder!, path);
    }
}
