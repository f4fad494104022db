// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Shell;

namespace TokenLedger.Cli.Commands;

/// <summary>tl completion: scripts that let a shell complete commands, options, and labels of the
/// context.</summary>
internal static class CompletionCommand
{
    public const string Name = "completion";
    public const string About = "Prints a completion script for your shell.";

    /// <summary>The hidden word by which the scripts ask: `tl __complete WORDS… LAST`.</summary>
    public const string Ask = "__complete";

    private static readonly string[] LabelOptions =
        ["--to", "--account", "--institution", "--issuer", "--from"];

    public static TlCommand Build() => new(Name, About, "source <(tl completion bash)")
    {
        Script("bash", "source <(tl completion bash)", """
            _tl_complete() {
              local IFS=$'\n'
              COMPREPLY=($(tl __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
            }
            complete -o default -F _tl_complete tl
            """),
        Script("zsh", "source <(tl completion zsh)", """
            #compdef tl
            _tl() {
              local -a found
              found=("${(@f)$(tl __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
              compadd -a found
            }
            compdef _tl tl
            """),
        Script("fish", "tl completion fish | source", """
            function __tl_complete
              set -l words (commandline -opc) (commandline -ct)
              tl __complete $words[2..-1] 2>/dev/null
            end
            complete -c tl -f -a '(__tl_complete)'
            """),
        Script("pwsh", "tl completion pwsh | Out-String | Invoke-Expression", """
            Register-ArgumentCompleter -Native -CommandName tl -ScriptBlock {
              param($word, $ast, $cursor)
              $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
              if ($word -eq '') { $words += '' }
              tl __complete @words 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
              }
            }
            """),
    };

    /// <summary>What could stand where the last word is.</summary>
    public static IEnumerable<string> Candidates(
        Command root, IReadOnlyList<string> words, Func<ContextFile?> context)
    {
        Command at = root;
        var reached = new List<Command> { root };
        foreach (string word in words.Take(words.Count - 1))
        {
            if (at.Subcommands.FirstOrDefault(c => c.Name == word) is { } next)
            {
                at = next;
                reached.Add(next);
            }
        }

        string last = words.Count > 0 ? words[^1] : "";
        string before = words.Count > 1 ? words[^2] : "";
        IEnumerable<Option> options =
            at.Options.Concat(reached.SelectMany(c => c.Options.Where(o => o.Recursive)));
        IEnumerable<string> all = Array.IndexOf(LabelOptions, before) >= 0
            ? context()?.Labels.Keys ?? []
            : options.FirstOrDefault(o => o.Name == before || o.Aliases.Contains(before)) is { } option
                && option.ValueType != typeof(bool)
                ? option.HelpName?.Contains('|', StringComparison.Ordinal) == true
                    ? option.HelpName.Split('|') : []
                : last.StartsWith('-')
                    ? options.Where(o => !o.Hidden).Select(o => o.Name)
                    : at.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
        return all.Where(c => c.StartsWith(last, StringComparison.Ordinal)).Distinct()
            .Order(StringComparer.Ordinal);
    }

    private static TlCommand Script(string shell, string use, string script) =>
        new TlCommand(shell, $"The script for {shell}.", use).Does((session, _) =>
        {
            session.Output.Raw(script + "\n");
            return Task.CompletedTask;
        });
}
