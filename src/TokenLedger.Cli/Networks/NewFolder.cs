// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json;

namespace TokenLedger.Cli.Networks;

/// <summary>
/// A folder that appears whole or not at all: it grows under another name beside its place and is renamed at the end.
/// Folders are 0700, secret files 0600. Not thread-safe.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class NewFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Readable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly string _place;
    private readonly string _unfinished;

    /// <summary>Begins a folder.</summary>
    /// <exception cref="NetworkCreationException">Something stands there already.</exception>
    public NewFolder(string place)
    {
        _place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(place));
        if (Path.Exists(_place))
        {
            throw new NetworkCreationException($"{_place} exists already, and is left as it is.");
        }

        _unfinished = $"{_place}.new-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        Create(_unfinished);
    }

    /// <summary>Writes a file that anybody may read.</summary>
    public void Write(string relative, ReadOnlySpan<byte> content) => Write(relative, content, Readable);

    /// <summary>Writes a file that only the owner may read.</summary>
    public void WriteSecret(string relative, ReadOnlySpan<byte> content) => Write(relative, content, OwnerOnly);

    /// <summary>Writes a JSON object, indented.</summary>
    public void WriteJson(string relative, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        Write(relative, buffer.WrittenSpan);
    }

    /// <summary>Puts the folder in its place.</summary>
    /// <returns>Its path.</returns>
    public string Finish()
    {
        Directory.Move(_unfinished, _place);
        return _place;
    }

    /// <summary>Removes what was not finished.</summary>
    public void Dispose()
    {
        if (Directory.Exists(_unfinished))
        {
            Directory.Delete(_unfinished, recursive: true);
        }
    }

    private static void Create(string folder) =>
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);

    private void Write(string relative, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        string path = Path.Combine(_unfinished, relative);
        Create(Path.GetDirectoryName(path)!);
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            UnixCreateMode = mode,
        });
        file.Write(content);
    }
}
