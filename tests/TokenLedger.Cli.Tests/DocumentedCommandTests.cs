// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using TokenLedger.Cli.Commands;
using TokenLedger.Cli.Shell;
using TokenLedger.Testing;

namespace TokenLedger.Cli.Tests;

/// <summary>What documents tell a reader to type is a command line.</summary>
public sealed partial class DocumentedCommandTests
{
    public static TheoryData<string> Commands =>
        [.. File.ReadAllLines(Repository.PathOf("tests", "documented-commands.txt"))];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Parse_CommandOfTheManifest_HasNoErrorAndIsAVerb(string line)
    {
        ParseResult parsed = Parse(line);

        Assert.Empty(parsed.Errors.Select(error => error.Message));
        Assert.IsType<TlCommand>(parsed.CommandResult.Command);
    }

    [Theory]
    [InlineData("tl asset issue GOV-BOND-2031 --amount 5000 --too exchange-1")]
    [InlineData("tl proposal approv 1")]
    public void Parse_MisspeltCommand_HasErrors(string line) => Assert.NotEmpty(Parse(line).Errors);

    private static ParseResult Parse(string line)
    {
        // What a shell would put in place of $(…) is one word, here a hash.
        string typed = Substitution().Replace(line, new string('0', 64));
        string[] words = [.. CommandLineParser.SplitCommandLine(typed)];
        Assert.Equal("tl", words[0]);
        return Root.BuildAll(new GlobalOptions()).Parse(words[1..]);
    }

    [GeneratedRegex(@"\$\([^)]*\)")]
    private static partial Regex Substitution();
}
