// SPDX-License-Identifier: Apache-2.0
using System.Xml.Linq;
using TokenLedger.Testing;

namespace TokenLedger.Tidy.Tests;

/// <summary>References point down only, and exactly as drawn here.</summary>
public sealed class ReferenceGraphTests
{
    // By layer from the bottom. A project may name those of lower layers only, which the second test checks.
    private static readonly (int Layer, string Project, string[] References)[] Graph =
    [
        (0, "Core", []),
        (0, "Rpc", []),
        (1, "Consensus", ["Core"]),
        (1, "Execution", ["Core"]),
        (1, "Crypto", ["Core"]),
        (1, "Storage", ["Core"]),
        (2, "Storage.RocksDb", ["Storage"]),
        (2, "Protocol", ["Core", "Rpc"]),
        (2, "Evm", ["Core", "Crypto"]),
        (3, "Bridge", ["Core", "Storage", "Evm"]),
        (3, "Runtime", ["Core", "Consensus", "Execution", "Storage", "Protocol"]),
        (3, "Maintenance", ["Core", "Execution", "Storage", "Crypto", "Protocol"]),
        (4, "Node", ["Runtime", "Bridge", "Maintenance", "Crypto", "Storage.RocksDb"]),
        (4, "Cli", ["Protocol", "Crypto", "Storage", "Evm"]),
        (4, "Explorer", ["Protocol", "Crypto", "Storage.RocksDb"]),
        (4, "Examples", ["Protocol", "Crypto"]),
        (4, "Mesh", ["Protocol", "Crypto"]),
    ];

    [Fact]
    public void Projects_References_AreThoseOfTheGraph()
    {
        var existing = SourceTree.Files(".csproj", "src").ToDictionary(NameOf, StringComparer.Ordinal);
        Assert.Contains("Core", existing.Keys);
        SourceTree.RequireNone(existing.Keys.Order(StringComparer.Ordinal).SelectMany(project =>
        {
            string[] actual = ReferencesOf(existing[project]);
            string[]? expected = Graph.SingleOrDefault(node => node.Project == project).References;
            if (expected is null)
            {
                return [$"{project}: no place in the graph"];
            }

            return expected.Where(existing.ContainsKey).Except(actual).Select(r => $"{project}: lacks {r}")
                .Concat(actual.Except(expected).Select(r => $"{project}: must not reference {r}"));
        }));
    }

    [Fact]
    public void Graph_EveryReference_PointsDown() => SourceTree.RequireNone(
        from node in Graph
        from reference in node.References
        let target = Graph.Single(other => other.Project == reference)
        where target.Layer >= node.Layer
        select $"{node.Project} (layer {node.Layer}) references {reference} (layer {target.Layer})");

    [Fact]
    public void Source_NamesNoNamespaceThatItsProjectDoesNotReach() => SourceTree.RequireNone(
        from file in SourceTree.Files(".cs", "src")
        let project = ProjectOf(file)
        from line in SourceTree.Lines(file)
        where line.StartsWith("using TokenLedger.", StringComparison.Ordinal)
        let named = Graph.Select(node => node.Project).Where(other =>
            line.StartsWith($"using TokenLedger.{other}.", StringComparison.Ordinal)
            || line.StartsWith($"using TokenLedger.{other};", StringComparison.Ordinal))
                .MaxBy(other => other.Length)
        where named is not null && !Reaches(project).Contains(named)
        select $"{file}: {line}");

    [Fact]
    public void Projects_AllOfThem_StandInTheSolution()
    {
        string solution = SourceTree.Read("TokenLedger.sln");
        SourceTree.RequireNone(SourceTree.Files(".csproj", "src", "tests")
            .Where(project => !solution.Contains(project.Replace('/', '\\'), StringComparison.Ordinal)));
    }

    private static HashSet<string> Reaches(string project) =>
    [
        project, .. Graph.Single(node => node.Project == project).References.SelectMany(Reaches),
    ];

    /// <summary>By the folder; the examples have one for each language.</summary>
    private static string ProjectOf(string file) => file.StartsWith("src/examples/", StringComparison.Ordinal)
        ? "Examples"
        : file.Split('/')[1]["TokenLedger.".Length..];

    private static string NameOf(string path) =>
        Path.GetFileNameWithoutExtension(path)["TokenLedger.".Length..];

    private static string[] ReferencesOf(string project) => [.. XDocument.Load(Repository.PathOf(project))
        .Descendants("ProjectReference")
        .Select(reference => NameOf(reference.Attribute("Include")!.Value))];
}
