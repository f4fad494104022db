// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using TokenLedger.Core;
using TokenLedger.Explorer.Web;

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
    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, PageJson.Options);
}
