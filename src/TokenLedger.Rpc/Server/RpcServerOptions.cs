// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Grpc.Core;

namespace TokenLedger.Rpc;

/// <summary>
/// Runs around every call of a server: for authentication, metrics, tracing. It runs before the first message
/// is read; <paramref name="next"/> serves the call, and fails with the status that
/// the client will see. To refuse a call, throw
/// <see cref="RpcException"/> without calling <paramref name="next"/>.
/// </summary>
/// <param name="context">The call.</param>
/// <param name="next">Serves the call; at most once.</param>
public delegate Task RpcServerInterceptor(ServerCallContext context, Func<Task> next);

/// <summary>
/// The limits of a server. Immutable; a value out of range fails with <see
/// cref="ArgumentOutOfRangeException"/> where it is set. Limits of connections (streams, headers, pings) are
/// Kestrel's own.
/// </summary>
public sealed record RpcServerOptions
{
    /// <summary>
    /// The largest request, in bytes, before and after decompression. Default 4 MiB, from 1.
    /// </summary>
    public int MaxReceiveMessageBytes
    {
        get;
        init => field = InRange(value, 1, int.MaxValue - 1024);
    }
    = 4 * 1024 * 1024;

    /// <summary>The largest response, in bytes, before compression. Default 4 MiB, from 1.</summary>
    public int MaxSendMessageBytes
    {
        get;
        init => field = InRange(value, 1, int.MaxValue - 1024);
    }
    = 4 * 1024 * 1024;

    /// <summary>
    /// The longest that a unary call may take, whatever its client asks. Streams have only their client's
    /// deadline. Default 5 minutes; from 1 ms to 24 days.
    /// </summary>
    public TimeSpan MaxDeadline
    {
        get;
        init => field = InRange(value, TimeSpan.FromMilliseconds(1), WireHeaders.LongestTimeout);
    }
    = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a unary call may take whose client asks for nothing; null for <see cref="MaxDeadline"/>.
    /// </summary>
    public TimeSpan? DefaultDeadline
    {
        get;
        init => field = value is { } duration
            ? InRange(duration, TimeSpan.FromMilliseconds(1), WireHeaders.LongestTimeout)
            : null;
    }

    /// <summary>
    /// Whether responses are compressed with gzip for clients that accept it. Default false.
    /// </summary>
    public bool CompressResponses { get; init; }

    /// <summary>What runs around every call; null for nothing.</summary>
    public RpcServerInterceptor? Interceptor { get; init; }

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal static T InRange<T>(T value, T min, T max, [CallerMemberName] string name = "")
        where T : IComparable<T> =>
        value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {min} to {max}.");
}
