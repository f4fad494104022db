// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Protocol;

namespace TokenLedger.Node.Clients;

/// <summary>What a stream may read, by its caller's quota. Thread-safe.</summary>
internal sealed class StreamAllowance(RequestQuota quota, RequestQuota.Client client)
{
    /// <summary>The allowance of a call that the gate let in.</summary>
    public static StreamAllowance Of(ServerCallContext context) =>
        (StreamAllowance)context.UserState[typeof(StreamAllowance)];

    /// <summary>Keeps it with a call, for the service that serves it.</summary>
    public void KeepWith(ServerCallContext context) => context.UserState[typeof(StreamAllowance)] = this;

    /// <summary>Counts rows that were read.</summary>
    /// <returns>How long to wait before reading more.</returns>
    public TimeSpan Charge(int rows) => quota.ChargeReading(client, rows);

    /// <summary>Takes one of the caller's places for streams that begin far below the head.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED, QUOTA_EXCEEDED: it has taken all.</exception>
    public void BeginReplay()
    {
        if (!quota.TryBeginReplay(client))
        {
            throw ErrorModel.Failure(
                StatusCode.ResourceExhausted, ErrorModel.QuotaExceeded,
                $"{Limits.ReplaysPerClient} streams of yours read old blocks already; wait until one has "
                    + "reached the newest.",
                retryAfter: TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Gives the place back.</summary>
    public void EndReplay() => quota.EndReplay(client);
}
