// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Grpc.Core;

namespace TokenLedger.Rpc;

/// <summary>
/// What failures below gRPC mean (<see
/// href="https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md"/> and PROTOCOL-HTTP2.md,
/// "Errors").
/// </summary>
internal static class TransportFailure
{
    /// <summary>
    /// The status of a call that nobody on this side ended: the caller looks at that first. HTTP also cancels
    /// what it is doing for a call whose connection breaks off, and such a cancellation is no one's wish.
    /// </summary>
    public static Status ToStatus(Exception failure)
    {
        var root = failure;
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (e is HttpProtocolException protocol)
            {
                return new Status(OfResetCode(protocol.ErrorCode), protocol.Message, failure);
            }

            root = e;
        }

        if (failure is OperationCanceledException)
        {
            return new Status(StatusCode.Unavailable, "The connection broke off.", failure);
        }

        var code = failure switch
        {
            HttpRequestException or IOException or ObjectDisposedException => StatusCode.Unavailable,
            _ => StatusCode.Internal,
        };
        return new Status(code, root.Message, failure);
    }

    public static StatusCode OfHttpStatus(int httpStatus) => httpStatus switch
    {
        400 => StatusCode.Internal,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.Unimplemented,
        429 or 502 or 503 or 504 => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    /// <summary>Reads <c>grpc-status</c>; what is no known number is UNKNOWN.</summary>
    public static StatusCode OfStatusHeader(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) &&
        code <= (int)StatusCode.Unauthenticated
            ? (StatusCode)code
            : StatusCode.Unknown;

    /// <summary>
    /// The code of RST_STREAM or GOAWAY. NO_ERROR (0) without a status is how a server goes away in good
    /// order, so here it is UNAVAILABLE, as is what the table does not name.
    /// </summary>
    private static StatusCode OfResetCode(long code) => code switch
    {
        0x1 or 0x2 or 0x3 or 0x4 or 0x6 or 0x9 or 0xa => StatusCode.Internal,
        0x8 => StatusCode.Cancelled,
        0xb => StatusCode.ResourceExhausted,
        0xc => StatusCode.PermissionDenied,
        _ => StatusCode.Unavailable,
    };
}
