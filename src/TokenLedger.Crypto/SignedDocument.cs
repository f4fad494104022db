// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Crypto;

/// <summary>
/// A JSON document and who vouches for it: <c>{ "document": {…}, "signer": "0x…", "signature": "130 hex
/// digits" }</c>. The signature is a recoverable secp256k1 one over SHA-256 of the tag 0x30 and the document
/// as it is when written without a space, its keys in their order: so white space may change on the way, and
/// nothing else.
/// </summary>
public static class SignedDocument
{
    /// <summary>Bytes that a signed document may have.</summary>
    public const int MaxBytes = 1024 * 1024;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Signs a document.</summary>
    /// <returns>The text of the file.</returns>
    public static string Sign(JsonObject document, ISigner signer)
    {
        using JsonDocument parsed = JsonDocument.Parse(document.ToJsonString());
        return new JsonObject
        {
            ["document"] = document.DeepClone(),
            ["signer"] = Eip55.Format(signer.Address),
            ["signature"] = Convert.ToHexStringLower(signer.Sign(DigestOf(parsed.RootElement))),
        }.ToJsonString(Indented) + "\n";
    }

    /// <summary>Reads a signed document and recovers who signed it. Whether that is whom one trusts, the
    /// caller asks.</summary>
    /// <returns>Null when it is no signed document, or the named signer did not sign it.</returns>
    public static (JsonElement Document, Address Signer)? Open(ReadOnlyMemory<byte> file)
    {
        if (file.Length > MaxBytes)
        {
            return null;
        }

        try
        {
            using JsonDocument parsed = JsonDocument.Parse(file);
            JsonElement root = parsed.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("document", out JsonElement document)
                || !root.TryGetProperty("signer", out JsonElement named)
                || !root.TryGetProperty("signature", out JsonElement signature)
                || named.ValueKind != JsonValueKind.String || signature.ValueKind != JsonValueKind.String
                || Eip55.Parse(named.GetString()!, out Address claimed) != AddressText.Checksummed)
            {
                return null;
            }

            bool right = new Secp256k1Scheme().TryRecover(
                DigestOf(document), Convert.FromHexString(signature.GetString()!), out Address signer)
                && signer == claimed;
            return right ? (document.Clone(), signer) : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }

    private static Hash256 DigestOf(JsonElement document)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            document.WriteTo(writer);
        }

        return Hashing.Hash(DomainTag.SignedDocument, bytes.WrittenSpan);
    }
}
