// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Tidy.Tests;

/// <summary>Files are short, wide enough for a screen, and begin with their license.</summary>
public sealed class LayoutTests
{
    private const int MaxFileLines = 400;
    private const int MaxMethodLines = 70;
    private const int MaxColumns = 110;
    private const string Header = "// SPDX-License-Identifier: Apache-2.0";

    [Fact]
    public void Files_Length_IsAtMost400Lines() => SourceTree.RequireNone(
        from file in SourceTree.CSharp
        let lines = SourceTree.Lines(file).Length
        where lines > MaxFileLines
        select $"{file}: {lines} lines");

    [Fact]
    public void Members_Length_IsAtMost70Lines() => SourceTree.RequireNone(
        from file in SourceTree.CSharp
        from member in Members.Of(CodeText.Of(SourceTree.Read(file)))
        where member.Lines > MaxMethodLines && !IsTable(member)
        select $"{file}:{member.Line}: {member.Lines} lines: {member.Header}");

    [Fact]
    public void Lines_Width_IsAtMost110Columns() => SourceTree.RequireNone(
        from file in SourceTree.CSharp.Concat(SourceTree.Files(".sh", "network", "tests"))
            .Concat(SourceTree.Files(".proto", "proto/tokenledger"))
            .Concat(SourceTree.Files(".sol", "src"))
        from line in SourceTree.Lines(file).Select((text, index) => (Text: text, Number: index + 1))
        where line.Text.EnumerateRunes().Count() > MaxColumns
        select $"{file}:{line.Number}: {line.Text.EnumerateRunes().Count()} columns");

    [Fact]
    public void CSharpFiles_FirstLine_IsTheLicense() => SourceTree.RequireNone(
        SourceTree.CSharp
            .Where(file => SourceTree.Lines(file).FirstOrDefault()?.TrimStart('\uFEFF') != Header));

    [Fact]
    public void Scripts_FirstLines_NameTheLicense() => SourceTree.RequireNone(
        SourceTree.Files(".sh", "network", "tests").Where(file =>
            !SourceTree.Lines(file).Take(3).Contains("# SPDX-License-Identifier: Apache-2.0")));

    [Fact]
    public void Comments_NoneIsLeftForLater() => SourceTree.RequireNone(
        from file in SourceTree.Files(string.Empty, "src", "tests", "proto", "network", "genesis")
        where IsText(file) && !file.Contains("Tidy.Tests", StringComparison.Ordinal)
        from line in SourceTree.Lines(file).Select((text, index) => (Text: text, Number: index + 1))
        where Marks.Any(mark => line.Text.Contains(mark, StringComparison.Ordinal))
        select $"{file}:{line.Number}: {line.Text.Trim()}");

    [Fact]
    public void CSharpFiles_NoRegionsAndNoWarningSilencedWithoutReason() => SourceTree.RequireNone(
        from file in SourceTree.CSharp
        from line in SourceTree.Lines(file)
            .Select((text, index) => (Text: text.TrimStart(), Number: index + 1))
        where line.Text.StartsWith("#region", StringComparison.Ordinal)
            || (line.Text.StartsWith("#pragma warning disable", StringComparison.Ordinal)
                && !line.Text.Contains("// ", StringComparison.Ordinal))
        select $"{file}:{line.Number}: {line.Text}");

    // In parts, so that this file does not break its own rule.
    private static string[] Marks => ["TO" + "DO", "FIX" + "ME", "HA" + "CK:", "XX" + "X:"];

    // Data is no method: a list of test cases may be as long as there are cases.
    private static bool IsTable(Member member) =>
        member.Header.Contains("static readonly", StringComparison.Ordinal)
        || member.Header.Contains("TheoryData", StringComparison.Ordinal);

    private static bool IsText(string file) => Path.GetExtension(file)
        is ".cs" or ".sh" or ".md" or ".proto" or ".sol" or ".csproj" or ".props" or ".py" or ".js" or ".css";
}
