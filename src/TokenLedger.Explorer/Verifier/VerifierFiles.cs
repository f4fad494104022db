// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Security.Cryptography;

namespace TokenLedger.Explorer.Verifier;

/// <summary>One file of the verifier.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="Type">Its media type.</param>
/// <param name="Tag">Its entity tag, quoted: half of its SHA-256.</param>
internal sealed record VerifierFile(ReadOnlyMemory<byte> Content, string Type, string Tag);

/// <summary>
/// The verifier's pages, script and style, as they stand in this program: what is served is what was built
/// and tested, whatever lies on the disk. Immutable and thread-safe.
/// </summary>
internal static class VerifierFiles
{
    private const string Prefix = "Verifier/";
    private const string Built = "Built/";
    private const string Page = "Page/";

    private static readonly FrozenDictionary<string, VerifierFile> All = Load();

    /// <summary>The one file that works by itself.</summary>
    public static VerifierFile Single => All[Built + "verifier.html"];

    /// <summary>The page of a language: "en" or "ur".</summary>
    public static VerifierFile PageOf(string language) => All[$"{Built}{language}.html"];

    /// <summary>A script or style of the page; null when there is none of this name.</summary>
    public static VerifierFile? Part(string name) => All.GetValueOrDefault(Page + name);

    private static FrozenDictionary<string, VerifierFile> Load()
    {
        var files = new Dictionary<string, VerifierFile>(StringComparer.Ordinal);
        foreach (string name in typeof(VerifierFiles).Assembly.GetManifestResourceNames())
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                using Stream stream = typeof(VerifierFiles).Assembly.GetManifestResourceStream(name)!;
                byte[] content = new byte[stream.Length];
                stream.ReadExactly(content);
                string tag = Convert.ToHexStringLower(SHA256.HashData(content)[..16]);
                files.Add(
                    name[Prefix.Length..], new VerifierFile(content, TypeOf(name), $"\"{tag}\""));
            }
        }

        return files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".html" => "text/html; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    };
}
