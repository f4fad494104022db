// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace TokenLedger.Tidy.Tests;

/// <summary>The tests that the table of robbed bridges names are there, and each line names one.</summary>
public sealed partial class FailureTableTests
{
    private const string Document = "src/TokenLedger.Bridge/FAILURES.md";
    private const int TestsColumn = 4;

    /// <summary>Cases that the design names; each has its lines.</summary>
    private static readonly string[] Cases =
    [
        "Ronin, March 2022", "Ronin, August 2024", "Wormhole", "Nomad", "Harmony", "BNB", "Polygon",
        "Multichain", "Poly,", "Kelp", "Verus", "Adshares", "Allbridge",
    ];

    [Fact]
    public void Tests_ThatAreNamed_Exist()
    {
        HashSet<string> known =
        [
            .. SourceTree.Files(".cs", "tests").Concat(SourceTree.Files(".sol", "src/contracts/test"))
                .SelectMany(file => Test().Matches(SourceTree.Read(file)))
                .Select(static match => match.Groups[1].Value),
        ];
        string[] named = [.. Rows().SelectMany(static row => Name().Matches(row[TestsColumn]))
            .Select(static match => match.Groups[1].Value)];
        Assert.True(named.Length > 50, $"{named.Length} names");
        SourceTree.RequireNone(named.Where(name => !known.Contains(name))
            .Select(static name => $"{Document}: no test is called {name}"));
    }

    [Fact]
    public void Rows_EachNamesATestOrSaysWhyNot() => SourceTree.RequireNone(Rows()
        .Where(static row => !Name().IsMatch(row[TestsColumn])
            && !row[TestsColumn].StartsWith("no test: ", StringComparison.Ordinal))
        .Select(static row => $"{Document}: {row[TestsColumn - 1]}"));

    [Fact]
    public void Cases_AllOfThem_HaveARow() => SourceTree.RequireNone(Cases.Where(static one =>
        !Rows().Any(row => row[1].StartsWith(one, StringComparison.Ordinal))));

    private static string[][] Rows() =>
    [
        .. SourceTree.Lines(Document).Where(static line => line.StartsWith('|')).Skip(2)
            .Select(static line => line.Split('|').Select(static cell => cell.Trim()).ToArray()),
    ];

    [GeneratedRegex("`(\\w+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"(?:function|void|Task) (\w+)\(")]
    private static partial Regex Test();
}
