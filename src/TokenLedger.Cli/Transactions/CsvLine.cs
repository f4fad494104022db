// SPDX-License-Identifier: Apache-2.0
using System.Text;
using TokenLedger.Cli.Shell;

namespace TokenLedger.Cli.Transactions;

/// <summary>
/// A line of comma-separated values (RFC 4180, without line breaks in fields). A line whose quotes do not
/// pair is refused and not mended: a guess about where an amount ends moves money.
/// </summary>
internal static class CsvLine
{
    /// <summary>The fields, without the spaces around them.</summary>
    /// <exception cref="CliException">A quote stands where none can.</exception>
    public static string[] Split(string line)
    {
        var fields = new List<string>();
        int at = 0;
        while (true)
        {
            fields.Add(Field(line, ref at));
            if (at == line.Length)
            {
                return [.. fields];
            }

            // Past the comma.
            at++;
        }
    }

    /// <summary>Reads a field up to its comma or the end.</summary>
    private static string Field(string line, ref int at)
    {
        while (at < line.Length && line[at] == ' ')
        {
            at++;
        }

        if (at < line.Length && line[at] == '"')
        {
            return Quoted(line, ref at);
        }

        int comma = line.IndexOf(',', at);
        int end = comma < 0 ? line.Length : comma;
        string field = line[at..end];
        at = end;
        return field.Contains('"', StringComparison.Ordinal)
            ? throw Bad("A quote stands within a field that does not begin with one.")
            : field.Trim();
    }

    private static string Quoted(string line, ref int at)
    {
        var field = new StringBuilder();
        for (at++; at < line.Length; at++)
        {
            if (line[at] != '"')
            {
                field.Append(line[at]);
            }
            else if (at + 1 < line.Length && line[at + 1] == '"')
            {
                field.Append(line[at++]);
            }
            else
            {
                at++;
                int comma = line.IndexOf(',', at);
                int end = comma < 0 ? line.Length : comma;
                bool clean = line.AsSpan(at, end - at).Trim(' ').IsEmpty;
                at = end;
                return clean ? field.ToString().Trim() : throw Bad("Something stands after a closing quote.");
            }
        }

        throw Bad("It ends within quotes.");
    }

    private static CliException Bad(string why) => CliException.Usage(
        "It is no line of a CSV file.", why,
        "Write a field that has a comma as \"1,250.50\", and every other without quotes.");
}
