// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace TokenLedger.Cli.Networks;

/// <summary>
/// A folder that appears whole or not at all: it grows under another name beside its place and is renamed at
/// the end. Folders are 0700, secret files 0600. Not thread-safe.
/// </summary>
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
    public void WriteSecret(string relative, ReadOnlySpan<byte> content) =>
        Write(relative, content, OwnerOnly);

    /// <summary>Writes a JSON object, indented.</summary>
    public void WriteJson(string relative, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(
            buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
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

    private static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new NetworkCreationException(
                "Windows has no file modes that keep others out of key files.");
        }

        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    private void Write(string relative, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        string path = _unfinished;
        string[] parts = relative.Split('/');
        foreach (string part in parts[..^1])
        {
            // One level at a time: the mode of a folder that is made on the way to another is not ours to
            // say.
            path = Path.Combine(path, part);
            Create(path);
        }

        path = Path.Combine(path, parts[^1]);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        using var file = new FileStream(path, options);
        file.Write(content);
    }
}
