// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Server.Kestrel.Core;
using TokenLedger.Core;
using TokenLedger.Node.Configuration;

namespace TokenLedger.Node.Clients;

/// <summary>What the listeners take: connections of each, and headers, calls and windows of all.</summary>
internal static class ListenerLimits
{
    public static ConnectionBudget Api(ClientQuota quota) => new(Limits.ApiConnections, quota.Connections);

    public static ConnectionBudget Operations() =>
        new(Limits.OperationsConnections, Limits.OperationsConnections);

    /// <summary>What Kestrel enforces itself. It knows one number for all its listeners.</summary>
    public static void Apply(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections =
            Limits.ApiConnections + Limits.PeerConnections + Limits.OperationsConnections;
        limits.MaxRequestHeadersTotalSize = Limits.HeaderBytes;
        limits.MaxRequestHeaderCount = Limits.Headers;
        limits.RequestHeadersTimeout = TimeSpan.FromMilliseconds(Limits.HeadersWithinMs);
        limits.Http2.MaxStreamsPerConnection = Limits.StreamsPerConnection;
        limits.Http2.MaxRequestHeaderFieldSize = Limits.HeaderBytes;
        limits.Http2.InitialConnectionWindowSize = Limits.ConnectionWindowBytes;
        limits.Http2.InitialStreamWindowSize = Limits.ConnectionWindowBytes;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
    }
}
