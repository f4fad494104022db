// SPDX-License-Identifier: Apache-2.0
using Spectre.Console;
using Spectre.Console.Rendering;
using TokenLedger.Cli.Shell;

namespace TokenLedger.Cli.Output;

/// <summary>Spectre's layout as plain lines, without the spaces that it fills them up with.</summary>
internal static class Trimmed
{
    public static void Write(CliEnvironment environment, IRenderable view)
    {
        using var buffer = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(buffer),
        });
        console.Profile.Width = environment.Terminal.Width;
        console.Profile.Capabilities.Unicode = environment.Terminal.Output;
        console.Write(view);
        foreach (string line in buffer.ToString().TrimEnd('\n').Split('\n'))
        {
            environment.Out.WriteLine(line.TrimEnd());
        }
    }
}
