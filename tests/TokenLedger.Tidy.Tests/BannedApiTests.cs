// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace TokenLedger.Tidy.Tests;

/// <summary>
/// What makes a result depend on more than its inputs, and what grows without a bound, is not used.
/// </summary>
public sealed partial class BannedApiTests
{
    private static readonly string[] Pure =
        ["src/TokenLedger.Core", "src/TokenLedger.Consensus", "src/TokenLedger.Execution"];

    // The generated stubs' synchronous calls have to block; nobody else has.
    private const string SynchronousCalls = "src/TokenLedger.Rpc/Client/ChannelInvoker.cs";

    [Fact]
    public void Clock_ComesFromTimeProvider() => RequireNone(
        SourceTree.CSharp, @"\bDateTime(Offset)?\.(Utc)?Now\b|\bDateTime\.Today\b|\bEnvironment\.TickCount");

    [Fact]
    public void Randomness_IsSeededOrFromTheSystem() => RequireNone(
        SourceTree.CSharp, @"\bnew Random\(\s*\)|\bRandom\.Shared\b|\bGuid\.NewGuid\b");

    [Fact]
    public void Source_HasNoPseudoRandomNumbers() =>
        RequireNone(SourceTree.Files(".cs", "src"), @"\bnew Random\(");

    [Fact]
    public void Threads_NeverSleep() => RequireNone(SourceTree.CSharp, @"\bThread\.Sleep\b|\bSpinWait\b");

    [Fact]
    public void Tests_WaitForEventsNotForTime() => RequireNone(
        SourceTree.Files(".cs", "tests")
            .Where(file => file.Split('/')[1].EndsWith("Tests", StringComparison.Ordinal)),
        @"\bTask\.Delay\b");

    [Fact]
    public void Channels_AreBounded() => RequireNone(SourceTree.CSharp, @"\bCreateUnbounded\b");

    [Fact]
    public void Waiting_IsNeverBlockingInSource() => RequireNone(
        SourceTree.Files(".cs", "src").Where(file => file != SynchronousCalls),
        @"\.GetAwaiter\(\)\.GetResult\(\)|\basync void\b");

    [Fact]
    public void PureProjects_HaveNoFloatingPoint() => RequireNone(
        PureSources, @"\b(float|double|decimal|Half|Single|Double|Decimal|BigInteger)\b(?!\s*:)");

    [Fact]
    public void PureProjects_HaveNoTimeThreadsInputOrOutput() => RequireNone(
        PureSources,
        @"\b(Task|ValueTask|async|await|Thread|Interlocked|Monitor|Stopwatch|TimeProvider|Timer|File"
            + @"|Directory|RandomNumberGenerator|FileStream|Socket|HttpClient|Console|Environment"
            + @"|CultureInfo\.Current\w*)\b");

    [Fact]
    public void PureProjects_ResultsDoNotDependOnHashCodes() => RequireNone(
        PureSources, @"\.GetHashCode\(");

    [Fact]
    public void PureProjects_NeverEnumerateHashContainers() => SourceTree.RequireNone(
        from file in PureSources
        let code = CodeText.Of(SourceTree.Read(file))
        from Match declared in HashContainer().Matches(code)
        let name = declared.Groups[1].Value
        from Match use in Regex.Matches(
            code,
            $@"\bin (this\.)?{name}(\.Keys|\.Values)?\s*\)"
                + $@"|\b{name}(\.Keys|\.Values)?\.(Select|Where|First|Last|Aggregate|ToArray|ToList|Sum)\b")
        select $"{file}:{LineOf(code, use.Index)}: {use.Value}");

    [Fact]
    public void Source_HasNoMutableStatics() => SourceTree.RequireNone(
        from file in SourceTree.Files(".cs", "src")
        from member in Members.Of(CodeText.Of(SourceTree.Read(file)))
            // The bug of a process is chosen once; production has no such file's content (PlantedTests).
        where IsMutableStatic(member) && file != "src/TokenLedger.Core/Planted.cs"
        select $"{file}:{member.Line}: {member.Header}");

    [Theory]
    [InlineData("class A { static int _x = 1; }", true)]
    [InlineData("class A { private static int _x; }", true)]
    [InlineData("class A { public static int X { get; set; } }", true)]
    [InlineData("class A { [ThreadStatic] private static int _x; }", true)]
    [InlineData("class A { static readonly int X = 1; }", false)]
    [InlineData("class A { const int X = 1; }", false)]
    [InlineData("class A { public static int X { get; } = 1; }", false)]
    [InlineData("class A { public static int X => 1; }", false)]
    [InlineData("class A { static int F(int a = 1) { return a; } }", false)]
    [InlineData("class A { [LibraryImport] static partial int F(nint a); }", false)]
    public void IsMutableStatic_KnowsFieldsFromMethods(string source, bool expected) =>
        Assert.Equal(expected, Members.Of(CodeText.Of(source)).Any(IsMutableStatic));

    private static IReadOnlyList<string> PureSources => SourceTree.Files(".cs", Pure);

    private static bool IsMutableStatic(Member member)
    {
        string header = Attributes().Replace(member.Header, string.Empty);
        if (!Static().IsMatch(header)
            || Fixed().IsMatch(header)
            || header.Contains('(', StringComparison.Ordinal))
        {
            return false;
        }

        bool property = member.Body.StartsWith('{') || member.Body.StartsWith("=>", StringComparison.Ordinal);
        return !property || Setter().IsMatch(member.Body);
    }

    private static void RequireNone(IEnumerable<string> files, string pattern) => SourceTree.RequireNone(
        from file in files
        where !file.Contains("Tidy.Tests", StringComparison.Ordinal)
        let code = CodeText.Of(SourceTree.Read(file))
        from Match match in Regex.Matches(code, pattern)
        select $"{file}:{LineOf(code, match.Index)}: {match.Value}");

    private static int LineOf(string code, int index) => code.AsSpan(0, index).Count('\n') + 1;

    [GeneratedRegex(@"\b(?:Dictionary|HashSet)<[^;=(){}]*>\??\s+(\w+)\s*[=;,)]")]
    private static partial Regex HashContainer();

    [GeneratedRegex(@"\bstatic\b")]
    private static partial Regex Static();

    [GeneratedRegex(
        @"\b(readonly|const|class|struct|record|interface|enum|using|event|delegate|extern|operator)\b")]
    private static partial Regex Fixed();

    [GeneratedRegex(@"^(\s*\[[^\]]*\])+")]
    private static partial Regex Attributes();

    [GeneratedRegex(@"\bset\s*[;{=]")]
    private static partial Regex Setter();
}
