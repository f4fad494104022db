// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace TokenLedger.Cli.Shell;

/// <summary>Reads a line from the keyboard without showing it.</summary>
internal static class SecretLine
{
    private const int MaxLength = 1024;

    public static string? FromConsole()
    {
        var line = new StringBuilder();
        while (line.Length < MaxLength)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.Error.WriteLine();
                    return line.ToString();
                case ConsoleKey.Backspace:
                    line.Length = Math.Max(0, line.Length - 1);
                    break;
                case ConsoleKey.D when key.Modifiers == ConsoleModifiers.Control:
                    return null;
                default:
                    if (!char.IsControl(key.KeyChar))
                    {
                        line.Append(key.KeyChar);
                    }

                    break;
            }
        }

        return line.ToString();
    }
}
