// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Text;

namespace TokenLedger.Cli.Shell;

/// <summary>Everything that a command may touch of the world, so that tests give it another one.</summary>
internal sealed record CliEnvironment
{
    /// <summary>Where data goes.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Where talk, progress and errors go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Where typed confirmations and piped input come from.</summary>
    public required TextReader In { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Environment variables.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public required TerminalFacts Terminal { get; init; }

    /// <summary>What relative paths are relative to.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Reads one line without echo; null at the end of input.</summary>
    public required Func<string?> ReadSecret { get; init; }

    /// <summary>A command that takes longer shows progress. Zero in no test waits for it.</summary>
    public TimeSpan ProgressDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The folder of contexts and of the name of the current one.</summary>
    public string ConfigDirectory => Path.Combine(
        Variable("XDG_CONFIG_HOME") is { Length: > 0 } config
            ? config
            : Path.Combine(Variable("HOME") ?? WorkingDirectory, ".config"),
        "tokenledger");

    /// <summary>The process's own world.</summary>
    public static CliEnvironment OfProcess()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        // Data is UTF-8 whatever the locale says: a name must not become question marks in a file.
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new CliEnvironment
        {
            Out = Console.Out,
            Error = Console.Error,
            In = Console.In,
            Time = TimeProvider.System,
            Variables = variables,
            Terminal = TerminalFacts.OfConsole(variables),
            WorkingDirectory = Environment.CurrentDirectory,
            ReadSecret = SecretLine.FromConsole,
        };
    }

    public string? Variable(string name) => Variables.TryGetValue(name, out string? value) ? value : null;

    /// <summary>A path as the user typed it, made absolute.</summary>
    public string FullPath(string path)
    {
        if (path.StartsWith("~/", StringComparison.Ordinal) && Variable("HOME") is { Length: > 0 } home)
        {
            path = Path.Combine(home, path[2..]);
        }

        return Path.GetFullPath(path, WorkingDirectory);
    }
}

/// <summary>What the three streams are joined to.</summary>
/// <param name="Input">True when a person types the input.</param>
/// <param name="Output">True when a person reads the output.</param>
/// <param name="Error">True when a person reads the talk.</param>
/// <param name="Width">Columns to fit.</param>
/// <param name="Color">Whether colours are wanted where a person reads.</param>
internal sealed record TerminalFacts(bool Input, bool Output, bool Error, int Width, bool Color)
{
    /// <summary>What is assumed of a reader that is no terminal.</summary>
    public const int DefaultWidth = 80;

    public static TerminalFacts OfConsole(IReadOnlyDictionary<string, string> variables)
    {
        bool output = !Console.IsOutputRedirected;
        bool dumb = variables.TryGetValue("TERM", out string? term) && term == "dumb";
        bool noColor = variables.TryGetValue("NO_COLOR", out string? set) && set.Length > 0;
        return new TerminalFacts(
            !Console.IsInputRedirected,
            output,
            !Console.IsErrorRedirected,
            output ? Math.Max(40, WidthOfConsole()) : DefaultWidth,
            !dumb && !noColor);
    }

    private static int WidthOfConsole()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : DefaultWidth;
        }
        catch (IOException)
        {
            return DefaultWidth;
        }
    }
}
