// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using TokenLedger.Core;

namespace TokenLedger.Explorer.Export;

/// <summary>
/// What belongs to an exported file: whoever exports again at the same height gets the same bytes, and can
/// compare.
/// </summary>
/// <param name="Height">The block that the file is as of.</param>
/// <param name="Sha256">Of all the file's bytes, its byte order mark included.</param>
/// <param name="Rows">How many rows, without the header.</param>
/// <param name="Bytes">How long the file is.</param>
internal sealed record CsvManifest(ulong Height, Hash256 Sha256, ulong Rows, ulong Bytes)
{
    /// <summary>As JSON. Numbers of 64 bits are strings: JavaScript would round them.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("height", Digits(Height));
            json.WriteString("sha256", Convert.ToHexStringLower(Sha256.ToArray()));
            json.WriteString("rows", Digits(Rows));
            json.WriteString("bytes", Digits(Bytes));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Digits(ulong number) =>
        number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
