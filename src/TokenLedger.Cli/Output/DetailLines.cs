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

    /// <summary>A line that goes on under itself, indented, where it is too long. The indent leaves room for
    /// a hash.</summary>
    /// <param name="output">Where it is written.</param>
    /// <param name="head">What stands before the value, as it is.</param>
    /// <param name="value">Made harmless here.</param>
    /// <param name="width">Most columns.</param>
    public static void WriteHanging(TextWriter output, string head, string value, int width)
    {
        const int Indent = 10;
        string safe = TerminalText.Safe(value);
        string[] words = safe.Split(' ');
        int fits = 0;
        string first = head;
        while (fits < words.Length && (first + " " + words[fits]).GetCellWidth() <= width)
        {
            first += " " + words[fits++];
        }

        output.WriteLine(first.TrimEnd());
        if (fits == words.Length)
        {
            return;
        }

        foreach (string line in Wrap(string.Join(' ', words[fits..]), Math.Max(20, width - Indent)))
        {
            output.WriteLine(new string(' ', Indent) + line);
        }
    }

    /// <summary>Breaks at spaces; a word that is longer than a line is broken after a '|', which stands
    /// between choices, or where the line ends.</summary>
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
                cut = line.LastIndexOf('|', cut - 1) is var bar and > 0 ? bar + 1 : cut;
                yield return line[..cut];
                line = line[cut..];
            }
        }

        yield return line;
    }
}
