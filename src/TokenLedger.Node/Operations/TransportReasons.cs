// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Protocol;

namespace TokenLedger.Node.Operations;

/// <summary>
/// Gives a stable reason to failures that the transport finds before a service sees the call, so that every
/// failure of the public services has one.
/// </summary>
internal static class TransportReasons
{
    public static async Task AddAsync(ServerCallContext context, Func<Task> next)
    {
        try
        {
            await next().ConfigureAwait(false);
        }
        catch (RpcException e) when (ReasonOf(e.StatusCode) is { } reason && ErrorModel.Read(e) is null)
        {
            throw ErrorModel.Failure(e.StatusCode, reason, e.Status.Detail);
        }
    }

    private static string? ReasonOf(StatusCode code) => code switch
    {
        StatusCode.ResourceExhausted => "MESSAGE_TOO_LARGE",
        StatusCode.Internal => "MESSAGE_MALFORMED",
        StatusCode.DeadlineExceeded => "DEADLINE_EXCEEDED",
        StatusCode.Unavailable => "NODE_STOPPING",
        _ => null,
    };
}
