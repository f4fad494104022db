// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Headers;
using Grpc.Core;

namespace TokenLedger.Rpc;

/// <summary>What a client reads from HTTP's headers and trailers.</summary>
internal static class ClientHeaders
{
    /// <exception cref="RpcException">A value of bytes is not base64.</exception>
    public static Metadata Read(HttpResponseHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (key, values) in headers.NonValidated)
        {
            foreach (var value in values)
            {
                WireHeaders.AddTo(metadata, key, value);
            }
        }

        return metadata;
    }

    public static string? ValueOf(HttpResponseHeaders headers, string key) =>
        headers.NonValidated.TryGetValues(key, out var values) ? values.ToString() : null;

    /// <summary>How the call ended; a server that says nothing breaks the protocol.</summary>
    public static Status StatusOf(HttpResponseHeaders headers) =>
        ValueOf(headers, WireHeaders.StatusKey) is { } code
            ? new Status(
                TransportFailure.OfStatusHeader(code),
                StatusMessage.Decode(ValueOf(headers, WireHeaders.MessageKey) ?? ""))
            : new Status(StatusCode.Unknown, "The response ended without a status.");
}
