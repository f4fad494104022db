// SPDX-License-Identifier: Apache-2.0
using System.Text;
using TokenLedger.Cli.Shell;
using TokenLedger.Crypto.Native;

namespace TokenLedger.Cli.Exchange;

/// <summary>Small files that must survive a kill and a power cut: old or new, never half.</summary>
internal static class DurableFile
{
    /// <summary>Replaces a file; when it returns, the new content is on the disk.</summary>
    /// <exception cref="CliException">It cannot be written.</exception>
    public static void Write(string path, string text)
    {
        string folder = Path.GetDirectoryName(path)!;
        string unfinished = path + ".new";
        try
        {
            Directory.CreateDirectory(folder);
            using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
            DirectorySync.Flush(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(
                "FILE_NOT_WRITTEN", ExitCode.Failed, $"{path} cannot be written.", e.Message,
                "Make room, or name another file.");
        }
    }

    /// <summary>Keeps a file to this process until it ends, however it does.</summary>
    /// <exception cref="CliException">Another one has it.</exception>
    public static IDisposable Hold(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileStream(
                path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(
                "STATE_IN_USE", ExitCode.Conflict, $"{path} is in use by another run.", e.Message,
                "Wait until it has ended, or name another file.");
        }
    }
}
