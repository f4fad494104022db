// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Grpc.Core;

namespace TokenLedger.Rpc;

/// <summary>
/// The headers that gRPC reserves, and how their values are written
/// (<see href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md"/>).
/// </summary>
internal static class WireHeaders
{
    public const string ContentType = "application/grpc";
    public const string StatusKey = "grpc-status";
    public const string MessageKey = "grpc-message";
    public const string TimeoutKey = "grpc-timeout";
    public const string EncodingKey = "grpc-encoding";
    public const string AcceptEncodingKey = "grpc-accept-encoding";
    public const string Identity = "identity";
    public const string Gzip = "gzip";
    public const string AcceptedEncodings = "identity,gzip";

    /// <summary>No timer is set beyond this; it is about as long as the runtime's timers go.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(24);

    private const long LargestTimeoutValue = 99_999_999;

    /// <summary>
    /// Whether a content type is gRPC's with protobuf, and not gRPC-Web's or another codec's.
    /// </summary>
    public static bool IsRpcContentType(string? contentType)
    {
        const string Protobuf = ContentType + "+proto";
        if (contentType is null || !contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = contentType.StartsWith(Protobuf, StringComparison.OrdinalIgnoreCase)
            ? contentType.AsSpan(Protobuf.Length)
            : contentType.AsSpan(ContentType.Length);
        return rest.IsEmpty || rest[0] is ';' or ' ';
    }

    /// <summary>
    /// Whether a header belongs to HTTP or gRPC, so that it is not metadata in either direction.
    /// </summary>
    public static bool IsReserved(string key) => key.StartsWith(':') || key.ToLowerInvariant() is
        StatusKey or MessageKey or TimeoutKey or EncodingKey or AcceptEncodingKey or "grpc-message-type" or
        "content-type" or "content-length" or "te" or "host" or "connection" or "transfer-encoding" or
        "accept-encoding" or "trailer" or "keep-alive" or "upgrade" or "proxy-connection";

    /// <summary>
    /// The shortest of the allowed spellings (8 digits and a unit) that is not below the duration.
    /// </summary>
    public static string FormatTimeout(TimeSpan timeout)
    {
        var milliseconds = Math.Max(
            1, (timeout.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);
        return milliseconds <= LargestTimeoutValue
            ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds}m")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Math.Min((milliseconds + 999) / 1000, LargestTimeoutValue)}S");
    }

    /// <summary>
    /// Reads a timeout; false if it is not 1 to 8 digits and a unit. At most <see cref="LongestTimeout"/>.
    /// </summary>
    public static bool TryParseTimeout(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > 9 ||
            !long.TryParse(
                text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var n))
        {
            return false;
        }

        long? ticks = text[^1] switch
        {
            'n' => n / TimeSpan.NanosecondsPerTick,
            'u' => n * TimeSpan.TicksPerMicrosecond,
            'm' => n * TimeSpan.TicksPerMillisecond,
            'S' => n * TimeSpan.TicksPerSecond,
            'M' => n * TimeSpan.TicksPerMinute,
            'H' => n * TimeSpan.TicksPerHour,
            _ => null,
        };
        timeout = new TimeSpan(Math.Min(ticks ?? 0, LongestTimeout.Ticks));
        return ticks is not null;
    }

    /// <summary>
    /// Adds what a header says to metadata. Bytes come as base64 with or without padding; several values may
    /// be joined by commas.
    /// </summary>
    /// <exception cref="RpcException">A value of bytes is not base64.</exception>
    public static void AddTo(Metadata metadata, string key, string value)
    {
        if (IsReserved(key))
        {
            return;
        }

        key = key.ToLowerInvariant();
        if (!key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
        {
            metadata.Add(Metadata.Entry.FromWire(key, ToPrintable(value)));
            return;
        }

        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries))
        {
            metadata.Add(Metadata.Entry.FromWire(key, DecodeBase64(key, part)));
        }
    }

    /// <summary>The value of an entry as a header carries it.</summary>
    public static string Encode(Metadata.Entry entry) =>
        entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes).TrimEnd('=') : entry.Value;

    /// <summary>
    /// A service may send back what it got, so what HTTP would refuse to send does not get in.
    /// </summary>
    private static string ToPrintable(string text) => text.AsSpan().ContainsAnyExceptInRange(' ', '~')
        ? string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c : '?'))
        : text;

    private static byte[] DecodeBase64(string key, string text)
    {
        try
        {
            // The platform would pass over white space, and one value would have many spellings.
            return text.AsSpan().ContainsAny(" \t\r\n")
                ? throw new FormatException("There is white space.")
                : Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"The value of '{key}' is not base64."));
        }
    }
}
