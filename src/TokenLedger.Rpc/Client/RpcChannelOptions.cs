// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using Grpc.Core;

namespace TokenLedger.Rpc;

/// <summary>
/// The limits of a client's channel. Immutable; a value out of range fails with
/// <see cref="ArgumentOutOfRangeException"/> where it is set.
/// </summary>
public sealed record RpcChannelOptions
{
    /// <summary>
    /// The largest response, in bytes, before and after decompression. Default 4 MiB, from 1.
    /// </summary>
    public int MaxReceiveMessageBytes
    {
        get;
        init => field = RpcServerOptions.InRange(value, 1, int.MaxValue - 1024);
    }
    = 4 * 1024 * 1024;

    /// <summary>
    /// The largest request, in bytes, before compression. Default 4 MiB, what servers take by default. From
    /// 1.
    /// </summary>
    public int MaxSendMessageBytes
    {
        get;
        init => field = RpcServerOptions.InRange(value, 1, int.MaxValue - 1024);
    }
    = 4 * 1024 * 1024;

    /// <summary>
    /// The time for a connection to come up, TLS included. Default 5 s; from 1 ms to 24 days.
    /// </summary>
    public TimeSpan ConnectTimeout
    {
        get;
        init =>
            field = RpcServerOptions.InRange(value, TimeSpan.FromMilliseconds(1), WireHeaders.LongestTimeout);
    }
    = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a unary call may take that was given no deadline. Null, the default: for ever. Streams never
    /// get a deadline that they were not given. From 1 ms to 24 days.
    /// </summary>
    public TimeSpan? DefaultDeadline
    {
        get;
        init => field = value is { } duration
            ? RpcServerOptions.InRange(duration, TimeSpan.FromMilliseconds(1), WireHeaders.LongestTimeout)
            : null;
    }

    /// <summary>
    /// How long a connection may be silent before it is probed by a ping, also while no call is open.
    /// Default 20 s; from 1 s to 24 days.
    /// </summary>
    public TimeSpan KeepAlivePingDelay
    {
        get;
        init => field = RpcServerOptions.InRange(value, TimeSpan.FromSeconds(1), WireHeaders.LongestTimeout);
    }
    = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The time for the answer to a ping, after which the connection is dead. Default 10 s; from 1 s.
    /// </summary>
    public TimeSpan KeepAlivePingTimeout
    {
        get;
        init => field = RpcServerOptions.InRange(value, TimeSpan.FromSeconds(1), WireHeaders.LongestTimeout);
    }
    = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether requests are compressed with gzip; servers without gzip refuse them. Default false.
    /// </summary>
    public bool CompressRequests { get; init; }

    /// <summary>
    /// TLS for an https address: client certificates, validation of the server. Null: the system's defaults.
    /// Not to be changed after the channel is created.
    /// </summary>
    public SslClientAuthenticationOptions? SslOptions { get; init; }

    /// <summary>
    /// Sent with every call, before the call's own: a client's credentials. Null: none. Not to be changed
    /// after the channel is created.
    /// </summary>
    public Metadata? Headers { get; init; }

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
