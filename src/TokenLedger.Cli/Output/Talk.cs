// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Cli.Shell;

namespace TokenLedger.Cli.Output;

/// <summary>What is said to the person on stderr: never data, nothing when quiet.</summary>
internal sealed class Talk(CliEnvironment environment, bool quiet)
{
    private const string Red = "\e[1;31m";
    private const string Yellow = "\e[33m";
    private const string Reset = "\e[0m";

    /// <summary>One line.</summary>
    public void Say(string text)
    {
        if (!quiet)
        {
            environment.Error.WriteLine(TerminalText.Safe(text));
        }
    }

    /// <summary>A labelled line, wrapped.</summary>
    public void Line(string label, string value)
    {
        if (!quiet)
        {
            DetailLines.Write(
                environment.Error, label, value, Renderer.LabelWidth, environment.Terminal.Width);
        }
    }

    /// <summary>A line that is not silenced by --quiet, because a question hangs on it.</summary>
    public void Insist(string text) => environment.Error.WriteLine(TerminalText.Safe(text));

    /// <summary>A line that warns; also in words, never by colour alone.</summary>
    public void Warn(string text) =>
        environment.Error.WriteLine(Paint(Yellow, "warning: " + TerminalText.Safe(text)));

    /// <summary>A line that names a production network.</summary>
    public void Alarm(string text) => environment.Error.WriteLine(Paint(Red, TerminalText.Safe(text)));

    private string Paint(string color, string text) =>
        environment.Terminal is { Error: true, Color: true } ? color + text + Reset : text;
}
