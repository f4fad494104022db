// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;

namespace TokenLedger.Examples;

/// <summary>
/// A file of one JSON object a line. What <see cref="Append"/> has returned from is on the disk; a line that
/// a kill tore was never finished, and is cut off by the next run. One process at a time.
/// </summary>
internal sealed class Journal<T> : IDisposable
{
    private readonly FileStream _file;
    private readonly List<T> _lines;

    public Journal(string path)
    {
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        (_lines, int whole) = WholeLines(_file);
        _file.SetLength(whole);
        _file.Position = whole;
    }

    public IReadOnlyList<T> Lines => _lines;

    /// <summary>Reads what is whole, also while another process appends, and changes nothing.</summary>
    public static IReadOnlyList<T> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return WholeLines(file).Lines;
    }

    public void Append(T line)
    {
        _file.Write(JsonSerializer.SerializeToUtf8Bytes(line, JsonSerializerOptions.Web));
        _file.WriteByte((byte)'\n');
        _file.Flush(flushToDisk: true);
        _lines.Add(line);
    }

    public void Dispose() => _file.Dispose();

    private static (List<T> Lines, int Bytes) WholeLines(FileStream file)
    {
        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        int whole = content.AsSpan().LastIndexOf((byte)'\n') + 1;
        string[] lines = Encoding.UTF8.GetString(content, 0, whole)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return ([.. lines.Select(static line =>
            JsonSerializer.Deserialize<T>(line, JsonSerializerOptions.Web)
                ?? throw new InvalidDataException("A line of the journal is null."))], whole);
    }
}
