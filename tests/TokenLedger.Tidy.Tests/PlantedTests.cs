// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using TokenLedger.Testing;

namespace TokenLedger.Tidy.Tests;

/// <summary>
/// Known mistakes stand in the sources for the checks to find. Nothing of them gets into production.
/// </summary>
public sealed partial class PlantedTests
{
    private const int LinesOfABlock = 6;
    private const string Begin = "#if PLANTED";
    private const string End = "#endif";

    private static readonly string[] Own =
        ["src/TokenLedger.Core/Planted.cs", "src/TokenLedger.Core/PlantedBug.cs"];

    /// <summary>What the scan of an assembly must find, so that it is known to be able to.</summary>
    private sealed class Planted;

    [Fact]
    public void Sources_PlantedBugs_StandInShortBlocksOfTheirOwn() => SourceTree.RequireNone(
        SourceTree.Files(".cs", "src").Except(Own).SelectMany(Problems));

    [Fact]
    public void Sources_EveryPlantedBug_StandsInOneFile()
    {
        Dictionary<string, int> files = Bug().Matches(SourceTree.Read(Own[1]))
            .Select(match => match.Groups[1].Value).Where(name => name != "None")
            .ToDictionary(name => name, _ => 0, StringComparer.Ordinal);
        Assert.Equal(30, files.Count);
        foreach (string file in SourceTree.Files(".cs", "src").Except(Own))
        {
            MatchCollection uses = Use().Matches(SourceTree.Read(file));
            foreach (string name in uses.Select(match => match.Groups[1].Value).Distinct())
            {
                files[name]++;
            }
        }

        SourceTree.RequireNone(
            files.Where(pair => pair.Value != 1).Select(pair => $"{pair.Key}: in {pair.Value} files"));
    }

    [Fact]
    public void Sources_PlantedBugs_AreInNoProgram() => SourceTree.RequireNone(
        from file in SourceTree.Files(".cs", "src/TokenLedger.Node", "src/TokenLedger.Cli")
        where SourceTree.Read(file).Contains("PLANTED", StringComparison.Ordinal)
        select file);

    [Fact]
    public void Assemblies_OfProduction_HaveNoPlantedBug()
    {
        string[] assemblies = [.. ProductionAssemblies()];
        Assert.Contains(assemblies, path => Path.GetFileName(path) == "TokenLedger.Core.dll");
        SourceTree.RequireNone(assemblies.Where(HasPlanted));
        Assert.True(HasPlanted(typeof(Planted).Assembly.Location));
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData("src/TokenLedger.Node", "-p:Planted=true", "is a program of production")]
    [InlineData("src/TokenLedger.Cli", "-p:Planted=true", "is a program of production")]
    [InlineData("src/TokenLedger.Core", "-p:DefineConstants=PLANTED", "and by nothing else")]
    public void Build_OfProductionWithPlantedBugs_IsRefused(string project, string property, string said)
    {
        string[] arguments =
            ["msbuild", Repository.PathOf(project), "-nologo", "-t:RefusePlantedProduction", property];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.NotEqual(0, process.ExitCode);
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Problems(string file)
    {
        int? began = null;
        string[] lines = SourceTree.Lines(file);
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            began = line == Begin ? i : line == End ? null : began;
            if (began is { } first && i - first > LinesOfABlock)
            {
                yield return $"{file}:{first + 1}: a planted bug is a short block";
                began = null;
            }
            else if (began is null && line.Contains("Planted", StringComparison.Ordinal))
            {
                yield return $"{file}:{i + 1}: outside of a block: {line}";
            }
        }
    }

    /// <summary>What this build made of the projects below src.</summary>
    private static IEnumerable<string> ProductionAssemblies()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string[] projects = [.. SourceTree.Files(".csproj", "src").Select(Path.GetFileNameWithoutExtension)!];
        return projects
            .Select(project => Path.Combine(own.Parent!.Parent!.FullName, project, own.Name))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll"))
            .Where(path => Path.GetFileName(path) is "tl.dll" or "tokenledger-node.dll"
                || Path.GetFileName(path).StartsWith("TokenLedger.", StringComparison.Ordinal));
    }

    private static bool HasPlanted(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        MetadataReader metadata = file.GetMetadataReader();
        return metadata.TypeDefinitions
            .Select(handle => metadata.GetTypeDefinition(handle).Name)
            .Concat(metadata.TypeReferences.Select(handle => metadata.GetTypeReference(handle).Name))
            .Any(name => metadata.GetString(name) is "Planted" or "PlantedBug");
    }

    [GeneratedRegex(@"^    (\w+),$", RegexOptions.Multiline)]
    private static partial Regex Bug();

    [GeneratedRegex(@"PlantedBug\.(\w+)")]
    private static partial Regex Use();
}
