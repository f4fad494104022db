// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using TokenLedger.Testing;

namespace TokenLedger.Tidy.Tests;

/// <summary>
/// The commands that documents tell a reader to type. Those of scripts are checked against the scripts and
/// their help here; those of tl stand in tests/documented-commands.txt, which the cluster tests run against a
/// network.
/// </summary>
public sealed partial class DocumentedCommandTests
{
    private static readonly string[] Documents =
        ["README.md", "network/README.md", "tests/README.md", "genesis/README.md", "proto/README.md"];

    private static readonly string[] Scripts =
        ["network/devnet.sh", "network/demo.sh", "network/bench.sh", "tests/run.sh"];

    [Fact]
    public void Documents_HaveCommandsAtAll() => Assert.True(Commands().Count > 8, $"{Commands().Count} commands");

    [Fact]
    public void Scripts_AreExecutableAndExplainThemselves() => SourceTree.RequireNone(
        from script in Scripts
        let problem = !File.Exists(Repository.PathOf(script)) ? "does not exist"
            : !IsExecutable(script) ? "is not executable"
            : !SourceTree.Read(script).Contains("--help", StringComparison.Ordinal) ? "has no --help"
            : null
        where problem is not null
        select $"{script} {problem}");

    [Fact]
    public void Commands_OfScripts_NameSubcommandsAndOptionsThatTheirHelpKnows() => SourceTree.RequireNone(
        from command in Commands()
        from Match call in ScriptCall().Matches(command.Text)
        let script = call.Groups["script"].Value
        from problem in Problems(script, call.Groups["arguments"].Value)
        select $"{command.Document}: {command.Text}: {problem}");

    [Fact]
    public void Commands_OfTl_StandInTheManifest()
    {
        HashSet<string> manifest = [.. SourceTree.Lines("tests/documented-commands.txt")];
        SourceTree.RequireNone(Commands()
            .Where(command => command.Text.StartsWith("tl ", StringComparison.Ordinal))
            .Where(command => !manifest.Contains(command.Text))
            .Select(command => $"{command.Document}: {command.Text}"));
    }

    [Fact]
    public void Commands_EachIsOfAKindThatATestChecks() => SourceTree.RequireNone(
        from command in Commands()
        where !command.Text.StartsWith("tl ", StringComparison.Ordinal) && !ScriptCall().IsMatch(command.Text)
        where !Plain().IsMatch(command.Text)
        select $"{command.Document}: {command.Text}");

    private static IReadOnlyList<(string Document, string Text)> Commands() => [.. Documents
        .Where(document => File.Exists(Repository.PathOf(document)))
        .SelectMany(document => Block().Matches(SourceTree.Read(document))
            .SelectMany(block => block.Groups[1].Value.Split('\n'))
            .Select(line => line.Split(" # ")[0].Trim())
            .Where(line => line.Length != 0 && !line.StartsWith('#'))
            .Select(line => (document, line)))];

    private static IEnumerable<string> Problems(string script, string arguments)
    {
        if (!Scripts.Contains(script))
        {
            yield return $"{script} is not known";
            yield break;
        }

        string text = SourceTree.Read(script);
        int start = text.IndexOf("cat <<'END'", StringComparison.Ordinal);
        int end = text.IndexOf("\nEND\n", Math.Max(start, 0), StringComparison.Ordinal);
        string help = start < 0 || end < 0 ? string.Empty : text[start..end];
        foreach (string word in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            bool checkable = word.StartsWith("--", StringComparison.Ordinal) || word.All(char.IsAsciiLetterLower);
            if (checkable && !Regex.IsMatch(help, $@"(?<![\w-]){Regex.Escape(word)}(?![\w-])"))
            {
                yield return $"the help of {script} does not know '{word}'";
            }
        }
    }

    private static bool IsExecutable(string script) => OperatingSystem.IsWindows()
        || File.GetUnixFileMode(Repository.PathOf(script)).HasFlag(UnixFileMode.UserExecute);

    [GeneratedRegex(@"```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"(?<script>(network|tests)/[a-z]+\.sh)(?<arguments>( [\w./-]+)*)")]
    private static partial Regex ScriptCall();

    // Commands of the system that need no test: reading files and repeating a test by its name.
    [GeneratedRegex(@"^([A-Z_]+=\S+ )?(cat|less|git clone|cd|dotnet test|dotnet run|diff|sha256sum|curl) ")]
    private static partial Regex Plain();
}
