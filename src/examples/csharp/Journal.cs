// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;

namespace TokenLedger.Examples;

/// <summary>
/// A file of one JSON object a line. What <see cref="Append"/> has returned from is on the disk; a line that
/// a kill tore was never finished, and is cut off by the next run. One process at a time: a second one is
/// refused. It is read line by line: a book may be larger than memory.
/// </summary>
internal sealed class Journal<T> : IDisposable
{
    private readonly FileStream _lock;
    private readonly FileStream _file;

    public Journal(string path)
    {
        // A file beside it: only one that is shared with nobody is locked, and readers are to read this one.
        _lock = new FileStream(
            path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        _file.SetLength(Whole(_file));
    }

    /// <summary>What stands in it now, oldest first.</summary>
    public IEnumerable<T> Lines() => Lines(_file);

    /// <summary>Reads what is whole, also while another process appends, and changes nothing.</summary>
    public static IEnumerable<T> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        foreach (T line in Lines(file))
        {
            yield return line;
        }
    }

    public void Append(T line)
    {
        _file.Seek(0, SeekOrigin.End);
        _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, JsonSerializerOptions.Web), (byte)'\n']);
        _file.Flush(flushToDisk: true);
    }

    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    private static IEnumerable<T> Lines(FileStream file)
    {
        long left = Whole(file);
        file.Position = 0;
        using var reader = new StreamReader(file, leaveOpen: true);
        while (left > 0 && reader.ReadLine() is { } line)
        {
            left -= Encoding.UTF8.GetByteCount(line) + 1;
            yield return JsonSerializer.Deserialize<T>(line, JsonSerializerOptions.Web)
                ?? throw new InvalidDataException("A line of the journal is null.");
        }
    }

    /// <summary>Bytes up to the end of the last whole line.</summary>
    private static long Whole(FileStream file)
    {
        for (long end = file.Length; end > 0; end--)
        {
            file.Position = end - 1;
            if (file.ReadByte() == '\n')
            {
                return end;
            }
        }

        return 0;
    }
}
