// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing;

namespace TokenLedger.Tidy.Tests;

/// <summary>The repository's files, without what tools made.</summary>
internal static class SourceTree
{
    private static readonly string[] Generated =
        [".artifacts", ".git", "bin", "obj", "node_modules", ".devnet", ".bench"];

    /// <summary>
    /// Files with an ending, below folders of the repository, as paths relative to its root.
    /// </summary>
    public static IReadOnlyList<string> Files(string ending, params string[] folders) => [.. folders
        .Select(folder => Repository.PathOf(folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*" + ending, SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(Repository.Root, path))
        .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => Generated.Contains(part)))
        .Order(StringComparer.Ordinal)];

    /// <summary>All C# sources.</summary>
    public static IReadOnlyList<string> CSharp => Files(".cs", "src", "tests");

    /// <summary>A file's text.</summary>
    public static string Read(string relative) => File.ReadAllText(Repository.PathOf(relative));

    /// <summary>A file's lines.</summary>
    public static string[] Lines(string relative) => File.ReadAllLines(Repository.PathOf(relative));

    /// <summary>Fails with all violations at once, each on its own line.</summary>
    public static void RequireNone(IEnumerable<string> violations)
    {
        string[] all = [.. violations];
        Assert.True(all.Length == 0, $"{all.Length} violations:\n{string.Join('\n', all)}");
    }
}
