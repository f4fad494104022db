// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text;
using TokenLedger.Cli.Shell;

namespace TokenLedger.Cli.Commands;

/// <summary>tl docs: the reference of all commands, made from the commands themselves.</summary>
internal static class DocsCommand
{
    public const string Name = "docs";
    public const string About = "Prints the reference of all commands in Markdown.";

    public static TlCommand Build() =>
        new TlCommand(Name, About, "tl docs > REFERENCE.md").Does((session, _) =>
    {
        session.Output.Raw(Reference());
        return Task.CompletedTask;
    });

    /// <summary>The whole reference.</summary>
    public static string Reference()
    {
        var globals = new GlobalOptions();
        RootCommand root = Root.BuildAll(globals);
        var text = new StringBuilder("## Options of every command\n\n");
        foreach (Option option in globals.All)
        {
            Row(text, HelpWriter.OptionRow(option));
        }

        text.Append('\n');
        foreach (Command noun in root.Subcommands.Where(c => !c.Hidden))
        {
            Describe(text, noun, 2);
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>All commands that do something, with the words that lead to them.</summary>
    public static IEnumerable<TlCommand> Leaves(Command command) => command.Subcommands
        .Where(c => !c.Hidden)
        .SelectMany(Leaves)
        .Concat(command is TlCommand { Handler: not null } leaf ? [leaf] : []);

    private static void Describe(StringBuilder text, Command command, int level)
    {
        text.Append('#', Math.Min(level, 4)).Append(' ').Append(HelpWriter.PathOf(command)).Append("\n\n");
        text.Append(command.Description).Append("\n\n");
        if (command is TlCommand { Handler: not null } leaf)
        {
            text.Append("```text\n").Append(HelpWriter.Usage(command)).Append("\n```\n\n");
            foreach (Argument argument in command.Arguments)
            {
                Row(text, (HelpWriter.ArgumentText(argument), argument.Description ?? ""));
            }

            foreach (Option option in HelpWriter.Own(command))
            {
                Row(text, HelpWriter.OptionRow(option));
            }

            bool described = command.Arguments.Count > 0 || HelpWriter.Own(command).Any();
            text.Append(described ? "\n" : "").Append("Examples:\n\n```sh\n").AppendJoin('\n', leaf.Examples)
                .Append("\n```\n\n");
        }

        foreach (Command child in command.Subcommands.Where(c => !c.Hidden))
        {
            Describe(text, child, level + 1);
        }
    }

    private static void Row(StringBuilder text, (string Left, string Right) row) =>
        text.Append("- `").Append(row.Left).Append("`: ").Append(row.Right).Append('\n');
}
