// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Microsoft.AspNetCore.Http;
using TokenLedger.Protocol;
using TokenLedger.Runtime;

namespace TokenLedger.Node.Operations;

/// <summary>
/// Tells with every answer to a client, in its metadata, of when the newest final block is and whether blocks
/// become final in time: a figure of an hour ago must not look like one of now.
/// </summary>
internal static class Freshness
{
    public static void Tell(HttpResponse response, ValidatorRuntime runtime)
    {
        response.Headers[FreshnessMetadata.BlockTime] =
            runtime.Feed.Head.Header.Timestamp.Value.ToString(CultureInfo.InvariantCulture);
        response.Headers[FreshnessMetadata.Finalizing] = runtime.Health().Finalizing ? "true" : "false";
    }
}
