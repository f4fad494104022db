// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.CompilerServices;
using TokenLedger.Core;

namespace TokenLedger.Execution.Tests;

public class SpecTests
{
    [Fact]
    public void Registry_Table_IsTheEnumeration()
    {
        IEnumerable<string> expected = Enum.GetValues<RejectionCode>().Select(code => string.Join(
            ' ',
            ((ushort)code).ToString(CultureInfo.InvariantCulture),
            RejectionCodes.Name(code),
            RejectionCodes.IsRetriable(code) ? "yes" : "no"));

        string[] lines = File.ReadAllLines(SpecPath());
        int start = Array.IndexOf(lines, "| Number | Name | Meaning | Retry | What to do |");
        Assert.True(start >= 0, "SPEC.md has the registry table");
        string[][] rows =
        [
            .. lines.Skip(start + 2)
                .TakeWhile(line => line.StartsWith('|'))
                .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1]),
        ];

        Assert.Equal(expected, rows.Select(row => $"{row[0]} {row[1].Trim('`')} {row[3]}"));
        Assert.All(rows, row => Assert.True(row.Length == 5 && row.All(cell => cell.Length > 0), row[1]));
    }

    [Fact]
    public void StateTables_AreTheEnumeration()
    {
        string spec = File.ReadAllText(SpecPath());

        foreach (Core.State.Table table in Enum.GetValues<Core.State.Table>())
        {
            Assert.Contains($"| 0x{(byte)table:x2} | {table} |", spec, StringComparison.Ordinal);
        }
    }

    private static string SpecPath([CallerFilePath] string here = "") => Path.Combine(
        Path.GetDirectoryName(here)!, "..", "..", "src", "TokenLedger.Execution", "SPEC.md");
}
