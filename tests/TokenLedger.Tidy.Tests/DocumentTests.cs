// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using System.Xml.Linq;
using TokenLedger.Testing;

namespace TokenLedger.Tidy.Tests;

/// <summary>The documents are there, and what they say about the repository is so.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Required =
    [
        "README.md", "LICENSE", "src/ARCHITECTURE.md", "src/STYLE.md", "src/ADVISORIES.md",
        "src/TokenLedger.Core/FORMAT.md", "src/TokenLedger.Consensus/SPEC.md",
        "src/TokenLedger.Execution/SPEC.md", "src/TokenLedger.Storage/FORMAT.md", "proto/README.md",
        "genesis/README.md", "genesis/genesis.schema.json", "network/README.md", "tests/README.md",
        "src/decisions/0001-record-decisions.md",
    ];

    [Fact]
    public void RequiredDocuments_AreThere() =>
        SourceTree.RequireNone(Required.Where(document => !File.Exists(Repository.PathOf(document))));

    [Fact]
    public void Projects_Descriptions_AreOneLineEach() => SourceTree.RequireNone(
        from project in SourceTree.Files(".csproj", "src")
        let description = DescriptionOf(project)
        let oneLine = description.Length != 0 && !description.Contains('\n', StringComparison.Ordinal)
        where !oneLine || !description.EndsWith('.')
        select $"{project}: '{description}'");

    [Fact]
    public void Readme_LayoutTable_RepeatsEachDescription()
    {
        string readme = SourceTree.Read("README.md");
        SourceTree.RequireNone(SourceTree.Files(".csproj", "src")
            .Where(
                project => !readme.Contains(DescriptionOf(project).TrimEnd('.'), StringComparison.Ordinal)));
    }

    [Fact]
    public void Decisions_Numbers_AreWithoutGapOrRepetition()
    {
        string[] names =
            [.. SourceTree.Files(".md", "src/decisions").Select(path => Path.GetFileName(path)!)];
        Assert.NotEmpty(names);
        SourceTree.RequireNone(names
            .Select((name, index) => (name, expected: $"{index + 1:D4}-"))
            .Where(pair => !pair.name.StartsWith(pair.expected, StringComparison.Ordinal))
            .Select(pair => $"{pair.name}: expected {pair.expected}…"));
    }

    [Fact]
    public void Decisions_EachSaysContextAlternativesDecisionConsequencesAndStatus() =>
        SourceTree.RequireNone(
        from file in SourceTree.Files(".md", "src/decisions")
        from heading in (string[])["Status", "Context", "Alternatives", "Decision", "Consequences"]
        where !SourceTree.Lines(file).Contains($"## {heading}")
        select $"{file}: no '## {heading}'");

    [Fact]
    public void Links_ToFiles_LeadSomewhere() => SourceTree.RequireNone(
        from file in SourceTree.Files(".md", "src", "tests", "network", "genesis", "proto")
            .Prepend("README.md")
        from Match link in Link().Matches(SourceTree.Read(file))
        let target = link.Groups[1].Value.Split('#')[0]
        where target.Length != 0 && !target.Contains(':', StringComparison.Ordinal)
        where !Path.Exists(Repository.PathOf(Path.GetDirectoryName(file)!, target))
        select $"{file}: {link.Value}");

    [Fact]
    public void Root_HoldsNothingBeyondTheLayout()
    {
        string[] allowed =
        [
            "src", "proto", "tests", "network", "genesis", "TokenLedger.sln", "README.md", "LICENSE",
            "global.json",
        ];
        SourceTree.RequireNone(Directory.GetFileSystemEntries(Repository.Root)
            .Select(path => Path.GetFileName(path)!)
            .Where(name => !name.StartsWith('.') && !allowed.Contains(name)));
    }

    /// <summary>Reasons beside the rejection codes, whose registry SPEC.md is.</summary>
    [Fact]
    public void Reasons_ThatServicesGive_AreExactlyThoseOfTheRegistry()
    {
        HashSet<string> given =
        [
            .. SourceTree.Files(".cs", "src/TokenLedger.Node")
                .Append("src/TokenLedger.Protocol/ErrorModel.cs")
                .SelectMany(file => Reason().Matches(SourceTree.Read(file)))
                .Select(static match => match.Groups[1].Value),
        ];
        HashSet<string> registered =
        [
            .. RegisteredReason().Matches(SourceTree.Read("proto/README.md"))
                .Select(static match => match.Groups[1].Value),
        ];
        Assert.True(given.Count > 20, $"{given.Count} reasons");
        SourceTree.RequireNone(given.Except(registered).Select(static reason => $"{reason}: not registered")
            .Concat(registered.Except(given).Select(static reason => $"{reason}: given nowhere")));
    }

    private static string DescriptionOf(string project) => XDocument.Load(Repository.PathOf(project))
        .Descendants("Description").SingleOrDefault()?.Value ?? string.Empty;

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    // After a status code, as a constant, as what a status code means, and of what is not there.
    [GeneratedRegex(@"(?:StatusCode\.\w+,\s*|const string \w+ = |StatusCode\.\w+ => |NotFound\(\s*)"
        + @"""([A-Z]+(?:_[A-Z]+)+)""")]
    private static partial Regex Reason();

    [GeneratedRegex(@"^\| `([A-Z_]+)` \| [A-Z_]+ \|", RegexOptions.Multiline)]
    private static partial Regex RegisteredReason();
}
