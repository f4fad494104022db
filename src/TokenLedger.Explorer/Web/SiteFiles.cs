// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace TokenLedger.Explorer.Web;

/// <summary>
/// The stylesheet, script, icon and font. They are parts of the assembly, so a page and its files are always
/// of one version, and are served out of memory below a path with the hash of them all: a browser keeps them
/// for ever, and a new release has new paths. The stylesheet reaches the font by a relative path.
/// </summary>
internal sealed class SiteFiles
{
    private const string Prefix = "wwwroot/";
    private const string Immutable = "public, max-age=31536000, immutable";
    private const int HashDigits = 16;

    private readonly FrozenDictionary<string, SiteFile> _files;

    /// <summary>Reads and compresses all files of an assembly.</summary>
    public SiteFiles(Assembly assembly)
    {
        string[] names = [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = new Dictionary<string, SiteFile>();
        foreach (string resource in names)
        {
            string name = resource[Prefix.Length..];
            byte[] bytes = Read(assembly, resource);
            hash.AppendData(Encoding.UTF8.GetBytes(name + "\n"));
            hash.AppendData(SHA256.HashData(bytes));
            files.Add(name, SiteFile.Of(name, bytes));
        }

        _files = files.ToFrozenDictionary(StringComparer.Ordinal);
        Version = Convert.ToHexStringLower(hash.GetHashAndReset())[..HashDigits];
    }

    /// <summary>Hash of all names and contents, shortened.</summary>
    public string Version { get; }

    /// <summary>All files by name.</summary>
    public IReadOnlyDictionary<string, SiteFile> All => _files;

    /// <summary>Path of a file, with the version in it.</summary>
    /// <exception cref="ArgumentException">There is no such file.</exception>
    public string PathOf(string name) => _files.ContainsKey(name)
        ? $"/files/{Version}/{name}"
        : throw new ArgumentException($"There is no file {name}.", nameof(name));

    /// <summary>Serves the files. An old version's path is not found: its page asks again.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        // Browsers ask there for an icon when a page names none: the verifier, say.
        routes.MapGet("/favicon.ico", () => TypedResults.Redirect(PathOf("icon.svg")));
        routes.MapGet("/files/{version}/{**name}", Results<FileContentHttpResult, NotFound> (
            string version, string name, HttpContext context) =>
        {
            if (version != Version || !_files.TryGetValue(name, out SiteFile? file))
            {
                return TypedResults.NotFound();
            }

            IHeaderDictionary headers = context.Response.Headers;
            headers[HeaderNames.CacheControl] = Immutable;
            headers[HeaderNames.Vary] = HeaderNames.AcceptEncoding;
            bool brotli = AcceptsBrotli(context.Request.Headers.AcceptEncoding.ToString());
            if (brotli && file.Brotli.Length < file.Bytes.Length)
            {
                headers[HeaderNames.ContentEncoding] = "br";
                return TypedResults.Bytes(file.Brotli, file.ContentType);
            }

            return TypedResults.Bytes(file.Bytes, file.ContentType);
        });
    }

    // "br;q=0" forbids it; browsers send a plain "br".
    private static bool AcceptsBrotli(string header) =>
        header.Split(',', StringSplitOptions.TrimEntries).Contains("br", StringComparer.OrdinalIgnoreCase);

    private static byte[] Read(Assembly assembly, string resource)
    {
        using Stream stream = assembly.GetManifestResourceStream(resource)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

/// <summary>One file as it is served.</summary>
/// <param name="ContentType">Media type.</param>
/// <param name="Bytes">As it is in the repository.</param>
/// <param name="Brotli">Compressed as far as it goes.</param>
internal sealed record SiteFile(string ContentType, byte[] Bytes, byte[] Brotli)
{
    /// <summary>Compresses a file and finds its type.</summary>
    /// <exception cref="ArgumentException">Its ending is none that this site serves.</exception>
    public static SiteFile Of(string name, byte[] bytes) => new(TypeOf(name), bytes, Compress(bytes));

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".woff2" => "font/woff2",
        ".txt" => "text/plain; charset=utf-8",
        _ => throw new ArgumentException($"{name} has no media type here.", nameof(name)),
    };

    private static byte[] Compress(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var brotli = new BrotliStream(output, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            brotli.Write(bytes);
        }

        return output.ToArray();
    }
}
