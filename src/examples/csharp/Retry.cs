// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Protocol;

namespace TokenLedger.Examples;

/// <summary>When a call is repeated, and how a sandbox is asked to go wrong.</summary>
internal static class Retry
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>200 ms, and twice as long each time, up to ten seconds; and never before the time that a node
    /// named.</summary>
    public static Task PauseAsync(int attempt, RpcException? after = null)
    {
        TimeSpan own = TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(attempt, 10)));
        TimeSpan asked = after is null ? TimeSpan.Zero : ErrorModel.RetryAfter(after) ?? TimeSpan.Zero;
        return Task.Delay(asked > own ? asked : own, TimeProvider.System);
    }

    /// <summary>The moment until which an answer is waited for.</summary>
    public static DateTime In(double seconds) =>
        TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(seconds);

    /// <summary>What --fault asks of a sandbox, for one call.</summary>
    public static Metadata Fault(string name) => name.Length == 0 ? [] : [new("tl-sandbox-fault", name)];
}
