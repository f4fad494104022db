// SPDX-License-Identifier: Apache-2.0
using System.Text;
using TokenLedger.Cli.Shell;
using TokenLedger.Core.Json;

namespace TokenLedger.Cli.Transactions;

/// <summary>Text files that people hand in, with bounds.</summary>
internal static class InputFile
{
    private const int MaxBytes = 64 * 1024 * 1024;
    private const int MaxLines = 1_000_000;

    /// <summary>The lines that are neither empty nor a comment (#), with their numbers.</summary>
    public static IReadOnlyList<(int Number, string Text)> Lines(Session session, string file)
    {
        string[] all = Text(session, file, MaxBytes).Split('\n');
        (int Number, string Text)[] lines =
        [
            .. all.Select((line, i) => (Number: i + 1, Text: line.Trim()))
                .Where(l => l.Text.Length > 0 && l.Text[0] != '#'),
        ];
        return lines.Length is > 0 and <= MaxLines
            ? lines
            : throw CliException.Usage($"{file} has {lines.Length} lines; 1 to {MaxLines} are taken.");
    }

    /// <summary>The whole text; '-' is stdin.</summary>
    public static string Text(Session session, string file, int maxBytes)
    {
        if (file == "-")
        {
            char[] buffer = new char[maxBytes];
            int length = session.Environment.In.ReadBlock(buffer, 0, maxBytes);
            return new string(buffer, 0, length);
        }

        string path = Existing(session, file, maxBytes);
        return File.ReadAllText(path, Encoding.UTF8);
    }

    /// <summary>The whole content; '-' is stdin.</summary>
    public static byte[] Bytes(Session session, string file, int maxBytes)
    {
        if (file != "-")
        {
            return File.ReadAllBytes(Existing(session, file, maxBytes));
        }

        byte[] read = Encoding.UTF8.GetBytes(Text(session, file, maxBytes + 1));
        return read.Length <= maxBytes
            ? read
            : throw CliException.Usage($"More than {maxBytes} bytes came in; no more are taken.");
    }

    /// <summary>Reads JSON in which nothing unknown stands.</summary>
    /// <exception cref="CliException">It is none.</exception>
    public static T Strict<T>(string file, byte[] bytes, int maxBytes, Func<StrictValue, T> read)
    {
        try
        {
            return StrictJson.Read(bytes, maxBytes, read);
        }
        catch (StrictJsonException e)
        {
            throw CliException.Usage($"{file}: {e.Message}");
        }
    }

    private static string Existing(Session session, string file, int maxBytes)
    {
        string path = session.Environment.FullPath(file);
        var info = new FileInfo(path);
        if (!info.Exists)
        {
            throw new CliException("FILE_NOT_FOUND", ExitCode.NotFound, $"There is no file {path}.",
                next: "Check the path, or pass - to read stdin.");
        }

        return info.Length <= maxBytes
            ? path
            : throw CliException.Usage($"{path} has {info.Length} bytes; at most {maxBytes} are taken.");
    }
}
