// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;
using TokenLedger.Rpc;

namespace Grpc.Core;

/// <summary>The way from a call to the HTTP request under it, named as in Grpc.AspNetCore.</summary>
public static class ServerCallContextExtensions
{
    /// <summary>The HTTP request, for example for its client certificate.</summary>
    /// <exception cref="InvalidOperationException">The context is not one of a served call.</exception>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext) =>
        serverCallContext is ServerCall call
            ? call.Http
            : throw new InvalidOperationException("This context does not belong to an HTTP request.");

    /// <summary>
    /// Ends a call that another thread serves: its token is cancelled, and when its service has ended, the
    /// client sees <paramref name="why"/>. A call that has ended is left as it is. Thread-safe.
    /// </summary>
    /// <exception cref="InvalidOperationException">The context is not one of a served call.</exception>
    public static void End(this ServerCallContext serverCallContext, RpcException why)
    {
        ArgumentNullException.ThrowIfNull(why);
        (serverCallContext as ServerCall
            ?? throw new InvalidOperationException("This context does not belong to an HTTP request."))
            .End(why);
    }
}
