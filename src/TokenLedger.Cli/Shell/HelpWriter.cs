// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using TokenLedger.Cli.Output;

namespace TokenLedger.Cli.Shell;

/// <summary>The page that --help prints: what a command does, how it is called, examples.</summary>
internal static class HelpWriter
{
    private const int MaxLeft = 26;

    public static void Write(TextWriter output, Command command, int width)
    {
        foreach (string line in DetailLines.Wrap(command.Description ?? "", width))
        {
            output.WriteLine(line);
        }

        output.WriteLine();
        output.WriteLine("USAGE");
        string indent = "  ";
        foreach (string line in DetailLines.Wrap(Usage(command), width - 6))
        {
            output.WriteLine(indent + line);
            indent = "      ";
        }

        Section(
            output, "COMMANDS", command.Subcommands.Where(c => !c.Hidden)
            .Select(c => (c.Name, c.Description ?? "")), width);
        Section(
            output, "ARGUMENTS", command.Arguments.Select(a => (ArgumentText(a), a.Description ?? "")),
            width);
        Section(output, "OPTIONS", Own(command).Select(OptionRow), width);
        Section(output, "GLOBAL OPTIONS", Global(command).Select(OptionRow), width);
        if (command is TlCommand { Examples.Count: > 0 } described)
        {
            output.WriteLine();
            output.WriteLine("EXAMPLES");
            foreach (string example in described.Examples)
            {
                WriteExample(output, example, width);
            }
        }
    }

    /// <summary>An example on as many lines as it needs, so that it can still be copied.</summary>
    private static void WriteExample(TextWriter output, string example, int width)
    {
        const string Indent = "  ";
        string[] lines = [.. DetailLines.Wrap(example, width - (2 * Indent.Length) - 2)];
        for (int i = 0; i < lines.Length; i++)
        {
            string more = i < lines.Length - 1 ? " \\" : "";
            output.WriteLine(Indent + (i == 0 ? "" : Indent) + lines[i] + more);
        }
    }

    /// <summary>tl asset issue SYMBOL --amount N [options].</summary>
    public static string Usage(Command command)
    {
        var words = new List<string> { PathOf(command) };
        if (command.Subcommands.Any(c => !c.Hidden))
        {
            words.Add("<command>");
        }

        words.AddRange(command.Arguments.Select(ArgumentText));
        words.AddRange(Own(command).Where(o => o.Required).Select(OptionText));
        words.Add("[options]");
        return string.Join(' ', words);
    }

    /// <summary>The words that lead to a command.</summary>
    public static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent
            ? PathOf(parent) + " " + command.Name
            : "tl";

    public static IEnumerable<Option> Own(Command command) =>
        command.Options.Where(o => !o.Hidden && !o.Recursive);

    public static (string Left, string Right) OptionRow(Option option) => (
        string.Join(", ", option.Aliases.Order(StringComparer.Ordinal).Append(OptionText(option))),
        (option.Description ?? "") + (option.Required ? " Required." : ""));

    public static string ArgumentText(Argument argument)
    {
        string name = argument.HelpName ?? argument.Name.ToUpperInvariant();
        name = argument.Arity.MaximumNumberOfValues > 1 ? name + "..." : name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static IEnumerable<Option> Global(Command command)
    {
        for (Command? at = command; at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            foreach (Option option in at.Options.Where(o => o.Recursive && !o.Hidden))
            {
                yield return option;
            }
        }
    }

    private static string OptionText(Option option) =>
        option.ValueType == typeof(bool) || option.HelpName is null ? option.Name
            : $"{option.Name} {option.HelpName}";

    private static void Section(
        TextWriter output, string title, IEnumerable<(string Left, string Right)> rows, int width)
    {
        (string Left, string Right)[] all = [.. rows];
        if (all.Length == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine(title);
        int left = Math.Min(MaxLeft, all.Max(r => r.Left.Length));
        foreach ((string name, string text) in all)
        {
            string head = "  " + name.PadRight(left) + "  ";
            if (name.Length > left)
            {
                output.WriteLine("  " + name);
                head = new string(' ', left + 4);
            }

            foreach (string line in DetailLines.Wrap(text, width - left - 4))
            {
                output.WriteLine((head + line).TrimEnd());
                head = new string(' ', left + 4);
            }
        }
    }
}
