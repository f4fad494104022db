// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using TokenLedger.Core.Json;

namespace TokenLedger.Core.Genesis;

/// <summary>
/// A genesis document as a JSON file. genesis/README.md describes the fields and genesis/genesis.schema.json
/// is their schema. The file is for people and tools: the network's identity is
/// <see cref="GenesisDocument.Hash"/>, over the canonical form, so that spacing and the order of keys do not
/// matter. Pure.
/// </summary>
public static class GenesisFile
{
    /// <summary>Longest genesis file, in bytes: 100,000 accounts need 16 MiB.</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    /// <summary>Reads a file. Whether a network may begin with it, Execution's validator says.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <exception cref="StrictJsonException">The bytes are not a genesis file; the message names the
    /// place.</exception>
    public static GenesisDocument Read(ReadOnlyMemory<byte> utf8) =>
        StrictJson.Read(utf8, MaxBytes, static root => root.Object(GenesisReader.Document));

    /// <summary>
    /// Writes the file: UTF-8, two spaces of indent, keys in the order of the canonical form.
    /// </summary>
    public static byte[] Write(GenesisDocument document)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        var options = new JsonWriterOptions
        {
            Indented = true,
            NewLine = "\n",

            // Urdu stays readable. The file is never put into a web page as it stands.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            GenesisWriter.Document(writer, document);
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
