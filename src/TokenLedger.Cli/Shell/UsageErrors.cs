// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;

namespace TokenLedger.Cli.Shell;

/// <summary>What was typed wrong, and what was probably meant.</summary>
internal static class UsageErrors
{
    private const int MaxDistance = 2;

    public static void ThrowIfAny(string[] args, ParseResult parsed)
    {
        // The parser takes an unknown option for an argument where one is open; so look before what it says.
        Command command = parsed.CommandResult.Command;
        if (MisplacedOption(args, parsed) is ({ } typed, var before))
        {
            string[] known = [.. OptionsOf(command)];
            throw known.Contains(typed) && before is not null
                ? Wrong(command, $"{before} lacks its value: {typed} is an option.", null)
                : Wrong(command, $"There is no option {typed}.", Nearest(
                    typed, known.Where(name => name.StartsWith("--", StringComparison.Ordinal))));
        }

        string? unmatched = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        if (unmatched is not null)
        {
            string? near = Nearest(unmatched, command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name));
            throw command.Subcommands.Count > 0
                ? Wrong(command, $"There is no command '{unmatched}'.", near)
                : CliException.Usage(
                    $"unexpected argument '{unmatched}'",
                    "It is used like this: " + HelpWriter.Usage(command),
                    $"{HelpWriter.PathOf(command)} --help");
        }

        if (parsed.Errors.FirstOrDefault(e => e.SymbolResult is OptionResult) is { } option)
        {
            throw Wrong(command, Words(option), null);
        }

        // Commands that only group others show their help instead.
        if (parsed.Errors.Count > 0 && command is TlCommand { Handler: not null } or { Action: not null })
        {
            throw Wrong(command, Words(parsed.Errors[0]), null);
        }
    }

    /// <summary>What the parser says, without names of this program's types.</summary>
    private static string Words(ParseError error)
    {
        (string Name, Type Type, IReadOnlyList<Token> Tokens)? typed = error.SymbolResult switch
        {
            OptionResult o => (o.Option.Name, o.Option.ValueType, o.Tokens),
            ArgumentResult { Parent: OptionResult o } => (o.Option.Name, o.Option.ValueType, o.Tokens),
            ArgumentResult a => (HelpWriter.ArgumentText(a.Argument), a.Argument.ValueType, a.Tokens),
            _ => null,
        };
        return typed is { } t && error.Message.Contains("System.", StringComparison.Ordinal)
            ? $"{t.Name} is '{string.Join(' ', t.Tokens.Select(token => token.Value))}', "
                + $"which is not {WhatIs(t.Type)}."
            : error.Message;
    }

    private static string WhatIs(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(byte) => $"a whole number from 0 to {byte.MaxValue}",
        var t when t == typeof(int) => $"a whole number from {int.MinValue} to {int.MaxValue}",
        var t when t == typeof(uint) => $"a whole number from 0 to {uint.MaxValue}",
        var t when t == typeof(ulong) => $"a whole number from 0 to {ulong.MaxValue}",
        var t when t == typeof(bool) => "true or false",
        _ => "what it takes",
    };

    /// <summary>An option that the parser took for a value, and the option whose value it became.</summary>
    private static (string? Typed, string? Before) MisplacedOption(string[] args, ParseResult parsed)
    {
        Token? before = null;
        foreach (Token token in parsed.Tokens)
        {
            if (token.Type == TokenType.DoubleDash)
            {
                return default;
            }

            bool looksLikeOne = token.Value.Length > 1 && token.Value[0] == '-'
                && !char.IsAsciiDigit(token.Value[1]) && token.Value[1] is not ('.' or ',');
            if (token.Type == TokenType.Argument && looksLikeOne && args.Contains(token.Value))
            {
                return (token.Value, before?.Type == TokenType.Option ? before.Value : null);
            }

            before = token;
        }

        return default;
    }

    private static IEnumerable<string> OptionsOf(Command command)
    {
        for (Command? at = command; at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            foreach (Option option in at.Options.Where(o => at == command || o.Recursive))
            {
                yield return option.Name;
                foreach (string alias in option.Aliases)
                {
                    yield return alias;
                }
            }
        }
    }

    private static CliException Wrong(Command command, string what, string? near) => CliException.Usage(
        what,
        near is null ? "" : $"Did you mean {near}?",
        $"{HelpWriter.PathOf(command)} --help");

    private static string? Nearest(string typed, IEnumerable<string> names) => names
        .Select(name => (Name: name, Distance: Distance(typed, name)))
        .Where(n => n.Distance <= MaxDistance)
        .OrderBy(n => n.Distance)
        .ThenBy(n => n.Name, StringComparer.Ordinal)
        .Select(n => n.Name)
        .FirstOrDefault();

    /// <summary>Levenshtein's distance.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
