// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace TokenLedger.Tidy.Tests;

/// <summary>
/// No command escapes tests/documents.sh, which runs every line of every sh block of documents: other blocks
/// have no commands, and what stands in a sentence, in a script's text or in tl's advice is the beginning of
/// a command that stands in such a block.
/// </summary>
public sealed partial class DocumentedCommandTests
{
    private const string Reference = "src/TokenLedger.Cli/README.md";

    private static readonly string[] Documents =
        [.. SourceTree.Files(".md", "src", "tests", "network", "genesis", "proto").Prepend("README.md")];

    private static readonly HashSet<string> Beginnings = [.. Documents
        .SelectMany(document => Block().Matches(SourceTree.Read(document)))
        .Where(block => block.Groups["language"].Value == "sh")
        .SelectMany(block => block.Groups["text"].Value.Split('\n'))
        .SelectMany(line => BeginningsOf(line.Split(" # ")[0].Trim()))];

    [Fact]
    public void Documents_HaveCommandsAtAll() => Assert.True(Beginnings.Count > 100, $"{Beginnings.Count}");

    [Fact]
    public void Commands_InBlocks_StandInBlocksThatAreRun() => SourceTree.RequireNone(
        from document in Documents
        from block in Block().Matches(SourceTree.Read(document))
        let language = block.Groups["language"].Value
        // How tl is called is shown with placeholders, and made from the commands themselves.
        where language != "sh" && !(language == "text" && document == Reference)
        from line in block.Groups["text"].Value.Split('\n')
        where Command().IsMatch(line)
        select $"{document}: {line}");

    [Fact]
    public void Commands_InIndentedLines_AreNone() => SourceTree.RequireNone(
        from document in Documents
        from line in SourceTree.Lines(document)
        where line.StartsWith("    ", StringComparison.Ordinal) && Command().IsMatch(line)
        select $"{document}: {line}");

    [Fact]
    public void Commands_InBlocksThatAreRun_TakeOneLineEach() => SourceTree.RequireNone(
        from document in Documents
        from block in Block().Matches(SourceTree.Read(document))
        where block.Groups["language"].Value == "sh"
        from line in block.Groups["text"].Value.Split('\n')
        where line.EndsWith('\\') || line.StartsWith(' ')
        select $"{document}: {line}");

    [Fact]
    public void Commands_InSentences_BeginOnesThatAreRun() => RequireKnown(
        from document in Documents
        from Match span in Span().Matches(Block().Replace(SourceTree.Read(document), ""))
        select (document, span.Groups[1].Value));

    [Fact]
    public void Commands_ThatScriptsPrint_BeginOnesThatAreRun() => RequireKnown(
        from script in SourceTree.Files(".sh", "network", "tests")
        let text = SourceTree.Read(script)
        from Match printed in Printed().Matches(text)
            .Concat(Text().Matches(text).SelectMany(page => TextLine().Matches(page.Value)))
        select (script, printed.Groups[1].Value));

    [Fact]
    public void Commands_ThatTlAdvises_BeginOnesThatAreRun() => RequireKnown(
        from file in SourceTree.Files(".cs", "src/TokenLedger.Cli")
        from line in SourceTree.Lines(file)
        where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
        from Match literal in Literal().Matches(line)
        from Match advice in Advice().Matches(literal.Value)
        select (file, advice.Value));

    private static void RequireKnown(IEnumerable<(string File, string Command)> commands)
    {
        (string File, string Command)[] all = [.. commands];
        Assert.NotEmpty(all);
        SourceTree.RequireNone(all
            .Where(c => !Beginnings.Contains(Fixed(c.Command)))
            .Select(c => $"{c.File}: {c.Command}"));
    }

    // Up to the first word that a reader replaces: N, SYMBOL, [option], …; or help.
    private static string Fixed(string command) => string.Join(
        ' ', command.Split(' ').TakeWhile(word => !Placeholder().IsMatch(word)));

    // "tl", "tl asset", "tl asset list"; of a command within another as well.
    private static IEnumerable<string> BeginningsOf(string command) => Within().Matches(command)
        .Select(within => within.Groups[1].Value)
        .Append(command)
        .Select(each => each.Split(' '))
        .SelectMany(words => words.Select((_, i) => string.Join(' ', words[..(i + 1)])));

    [GeneratedRegex(
        @"^```(?<language>\w*)\n(?<text>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\s*(\$ )?(tl|eval|source|dotnet|npm|git|curl|sudo|apt-get|tokenledger-node|"
        + @"(network|tests)/\w+\.sh)( [\w-]|$)")]
    private static partial Regex Command();

    [GeneratedRegex(@"`((tl|(network|tests)/\w+\.sh|dotnet|tokenledger-node)( [^`]*)?)`")]
    private static partial Regex Span();

    [GeneratedRegex(@": ((tl|network/\w+\.sh)( [a-z]+)+)")]
    private static partial Regex Printed();

    // A help text or a list of what to do next: a command, then two spaces and what it does.
    [GeneratedRegex(@"<<'?END'?\n.*?^END$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Text();

    [GeneratedRegex(@"^  ((?:tl|(?:network|tests)/\w+\.sh)(?: (?! )[^ \n]+)*)", RegexOptions.Multiline)]
    private static partial Regex TextLine();

    [GeneratedRegex(@"[$<]\(([^)]*)\)")]
    private static partial Regex Within();

    [GeneratedRegex(@"""(\\.|[^""\\])*""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"(?<![\w-])tl( (?!or\b)[a-z][a-z-]*(?![\w.-]))+")]
    private static partial Regex Advice();

    [GeneratedRegex(@"^(\W*[A-Z]+\W*|\[.*|<.*|…|(--)?help)$")]
    private static partial Regex Placeholder();
}
