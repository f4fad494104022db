// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using TokenLedger.Core;

namespace TokenLedger.Protocol;

/// <summary>
/// The secret by which a client of the API says who it is: <c>tlk_</c> and 32 random bytes in base64url, 47
/// characters in all. It is sent as <c>authorization: Bearer tlk_...</c>; a node knows its hash only. Pure
/// and thread-safe.
/// </summary>
public static class ApiKey
{
    /// <summary>What every key begins with, so that scanners of source and logs find one.</summary>
    public const string Prefix = "tlk_";

    /// <summary>The metadata key that carries it.</summary>
    public const string MetadataKey = "authorization";

    private const string Scheme = "Bearer ";
    private const int SecretBytes = 32;
    private const int SecretChars = 43;

    /// <summary>A new key.</summary>
    public static string Generate() =>
        Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>True for text of a key's form.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text) =>
        text.Length == Prefix.Length + SecretChars
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && Base64Url.IsValid(text[Prefix.Length..]);

    /// <summary>What a node keeps of a key: SHA-256 of its characters, as <c>sha256sum</c> has it.</summary>
    public static Hash256 HashOf(string key) => new(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>The value of the metadata.</summary>
    public static string Header(string key) => Scheme + key;

    /// <summary>The key within the metadata's value; null when there is none of a key's form.</summary>
    public static string? Within(string? header) =>
        header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && IsWellFormed(header.AsSpan(Scheme.Length))
            ? header[Scheme.Length..]
            : null;
}
