// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using TokenLedger.Core;

namespace TokenLedger.Explorer.Export;

/// <summary>
/// Writes comma-separated values (RFC 4180) to a stream, row by row: the memory it takes does not grow with
/// the file. UTF-8 with a byte order mark, without which Excel garbles Urdu; lines end with CR LF.
/// </summary>
/// <remarks>
/// A spreadsheet runs a cell that begins with = + - @ as a formula, whatever stands in it. Such a cell gets
/// an apostrophe in front, except for a plain number, and so does what would begin a cell where a semicolon
/// or a tab separates them. Not safe for several threads.
/// </remarks>
internal sealed class CsvWriter : IDisposable
{
    private const int FlushBytes = 16 * 1024;

    // The wide forms too: some spreadsheets read them as the narrow ones.
    private static readonly SearchValues<char> Formulas = SearchValues.Create("=+-@＝＋－＠");
    private static readonly SearchValues<char> Starts = SearchValues.Create("=+-@\t\r\n＝＋－＠");
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",;\t\r\n");

    private readonly Stream _output;
    private readonly int _columns;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushBytes * 2);
    private ulong _rows;
    private ulong _bytes;

    private CsvWriter(Stream output, int columns) => (_output, _columns) = (output, columns);

    /// <summary>Begins a file with its header. The stream stays open at the end.</summary>
    public static CsvWriter Begin(Stream output, IReadOnlyList<string> header)
    {
        var writer = new CsvWriter(output, header.Count);
        writer._buffer.Write(Encoding.UTF8.Preamble);
        writer.Append(header);
        return writer;
    }

    /// <summary>Writes a row.</summary>
    /// <exception cref="ArgumentException">It has not as many cells as the header.</exception>
    public async ValueTask WriteAsync(IReadOnlyList<string> cells, CancellationToken cancellation)
    {
        Append(cells);
        _rows++;
        if (_buffer.WrittenCount >= FlushBytes)
        {
            await FlushAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Writes what is left, and tells what the file is.</summary>
    /// <param name="height">The block that the rows are as of.</param>
    /// <param name="cancellation">Stops writing.</param>
    public async ValueTask<CsvManifest> CompleteAsync(ulong height, CancellationToken cancellation)
    {
        await FlushAsync(cancellation).ConfigureAwait(false);
        await _output.FlushAsync(cancellation).ConfigureAwait(false);
        return new CsvManifest(height, new Hash256(_hash.GetHashAndReset()), _rows, _bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private void Append(IReadOnlyList<string> cells)
    {
        if (cells.Count != _columns)
        {
            throw new ArgumentException($"A row has {_columns} cells, not {cells.Count}.", nameof(cells));
        }

        for (int i = 0; i < cells.Count; i++)
        {
            Write((i == 0 ? "" : ",") + Cell(cells[i]));
        }

        Write("\r\n");
    }

    private static string Cell(string text)
    {
        string safe = text.Length > 0 && Starts.Contains(text[0]) && !IsNumber(text) ? "'" + text : text;
        for (int i = 1; i < safe.Length; i++)
        {
            if (Formulas.Contains(safe[i]) && Separates(safe.AsSpan(0, i)))
            {
                safe = safe.Insert(i++, "'");
            }
        }

        bool edges = safe.Length > 0 && (safe[0] == ' ' || safe[^1] == ' ');
        return edges || safe.AsSpan().ContainsAny(Quoted)
            ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : safe;
    }

    // Some spreadsheets leave out quotes and spaces at the beginning of a cell.
    private static bool Separates(ReadOnlySpan<char> before) =>
        before.TrimEnd(" \"'") is [.., ';' or ',' or '\t' or '\r' or '\n'];

    // A change of a balance may be negative, and programs that read the file want a number.
    private static bool IsNumber(string text)
    {
        string[] parts = text[(text[0] == '-' ? 1 : 0)..].Split('.');
        return parts.Length is 1 or 2
            && Array.TrueForAll(parts, p => p.Length > 0 && !p.AsSpan().ContainsAnyExceptInRange('0', '9'));
    }

    private void Write(string text) => Encoding.UTF8.GetBytes(text, _buffer);

    private async ValueTask FlushAsync(CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> written = _buffer.WrittenMemory;
        _hash.AppendData(written.Span);
        _bytes += (ulong)written.Length;
        await _output.WriteAsync(written, cancellation).ConfigureAwait(false);
        _buffer.ResetWrittenCount();
    }
}
