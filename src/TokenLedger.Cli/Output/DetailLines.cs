// SPDX-License-Identifier: Apache-2.0
using Spectre.Console;

namespace TokenLedger.Cli.Output;

/// <summary>Lines "Label   value", the value wrapped at words under itself.</summary>
internal static class DetailLines
{
    public static void Write(TextWriter output, string label, string value, int labelWidth, int width)
    {
        int room = Math.Max(20, width - labelWidth - 1);
        string head = label.PadRight(labelWidth) + " ";
        foreach (string line in Wrap(TerminalText.Safe(value), room))
        {
            output.WriteLine((head + line).TrimEnd());
            head = new string(' ', labelWidth + 1);
        }
    }

    /// <summary>Breaks at spaces; a word that is longer than a line is broken where the line ends.</summary>
    public static IEnumerable<string> Wrap(string text, int room)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            string longer = line.Length == 0 ? word : line + " " + word;
            if (longer.GetCellWidth() <= room)
            {
                line = longer;
                continue;
            }

            if (line.Length > 0)
            {
                yield return line;
            }

            line = word;
            while (line.GetCellWidth() > room)
            {
                int cut = char.IsLowSurrogate(line[Math.Min(room, line.Length - 1)]) ? room - 1 : room;
                cut = Math.Min(cut, line.Length - 1);
                yield return line[..cut];
                line = line[cut..];
            }
        }

        yield return line;
    }
}
