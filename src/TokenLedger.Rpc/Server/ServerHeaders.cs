// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace TokenLedger.Rpc;

/// <summary>What a server reads from and writes into HTTP's headers and trailers.</summary>
internal static class ServerHeaders
{
    /// <summary>Answers a call to a method that is not served.</summary>
    public static Task RefuseUnknownMethodAsync(HttpContext http)
    {
        http.Response.ContentType = WireHeaders.ContentType;
        var status = new Status(StatusCode.Unimplemented, "This method is not served here.");
        WriteStatus(http.Response.Headers, status, null);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Writes how a call ended, into trailers or into the headers of a response without messages.
    /// </summary>
    public static void WriteStatus(IHeaderDictionary target, Status status, Metadata? metadata)
    {
        target[WireHeaders.StatusKey] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (status.Detail.Length > 0)
        {
            target[WireHeaders.MessageKey] = StatusMessage.Encode(status.Detail);
        }

        Append(target, metadata);
    }

    public static void Append(IHeaderDictionary target, Metadata? metadata)
    {
        foreach (var entry in metadata ?? Metadata.Empty)
        {
            if (!WireHeaders.IsReserved(entry.Key))
            {
                target.Append(entry.Key, WireHeaders.Encode(entry));
            }
        }
    }

    /// <exception cref="RpcException">A value of bytes is not base64.</exception>
    public static Metadata Read(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach (var (key, values) in headers)
        {
            foreach (var value in values)
            {
                WireHeaders.AddTo(metadata, key, value ?? "");
            }
        }

        return metadata;
    }

    /// <summary>The time that the client gives the call; null for all it takes.</summary>
    /// <exception cref="RpcException">The header is malformed.</exception>
    public static TimeSpan? ReadTimeout(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(WireHeaders.TimeoutKey, out var values))
        {
            return null;
        }

        return WireHeaders.TryParseTimeout(values.ToString(), out var timeout)
            ? timeout
            : throw new RpcException(
                new Status(StatusCode.Internal, "The grpc-timeout header is malformed."));
    }

    /// <summary>The encoding of compressed requests; null if the client names none.</summary>
    /// <exception cref="RpcException">The encoding is not supported.</exception>
    public static string? ReadEncoding(IHeaderDictionary headers)
    {
        string? encoding = headers[WireHeaders.EncodingKey];
        return encoding is null or WireHeaders.Identity or WireHeaders.Gzip
            ? encoding
            : throw new RpcException(
                new Status(StatusCode.Unimplemented, $"The encoding '{encoding}' is not supported."));
    }

    public static bool AcceptsGzip(IHeaderDictionary headers) => headers[WireHeaders.AcceptEncodingKey]
        .Any(value => value!.Contains(WireHeaders.Gzip, StringComparison.OrdinalIgnoreCase));

    /// <summary>The client's address in gRPC's spelling.</summary>
    public static string PeerOf(ConnectionInfo connection)
    {
        if (connection.RemoteIpAddress is not { } address)
        {
            return "unknown";
        }

        var scheme = address.AddressFamily == AddressFamily.InterNetworkV6 ? "ipv6:" : "ipv4:";
        return scheme + new IPEndPoint(address, connection.RemotePort);
    }
}
