// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>Messages that arrive. One reader at a time.</summary>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message that the last successful <see cref="MoveNext"/> read.</summary>
    T Current { get; }

    /// <summary>Reads the next message; false after the last one.</summary>
    /// <exception cref="RpcException">On a client: the call ended with another status than OK.</exception>
    /// <exception cref="OperationCanceledException">
    /// On a server: the call was given up or timed out.
    /// </exception>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}

/// <summary>Messages that are sent. One write at a time: await each before the next.</summary>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>How following messages are written; null for the call's own setting.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>
    /// Sends a message; ends when it is handed to the transport, waiting while the peer reads slowly.
    /// </summary>
    Task WriteAsync(T message);

    /// <summary>As <see cref="WriteAsync(T)"/>; cancelling gives up the write and with it the call.</summary>
    Task WriteAsync(T message, CancellationToken cancellationToken);
}

/// <summary>The responses that a service streams.</summary>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>;

/// <summary>The requests that a client streams.</summary>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Says that no more requests follow.</summary>
    Task CompleteAsync();
}

/// <summary>Reading a stream with <c>await foreach</c>.</summary>
public static class AsyncStreamReaderExtensions
{
    /// <summary>Reads the next message; false after the last one.</summary>
    public static Task<bool> MoveNext<T>(this IAsyncStreamReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return reader.MoveNext(CancellationToken.None);
    }

    /// <summary>All messages, in order.</summary>
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        this IAsyncStreamReader<T> reader,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        while (await reader.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            yield return reader.Current;
        }
    }
}

/// <summary>How a message is written.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>The call's compression, and sent at once.</summary>
    None = 0,

    /// <summary>More messages follow soon: the transport may wait for them before it sends.</summary>
    BufferHint = 1,

    /// <summary>
    /// Not compressed, for example because the message is a secret or is compressed already.
    /// </summary>
    NoCompress = 2,
}

/// <summary>How messages are written. Immutable.</summary>
public class WriteOptions(WriteFlags flags = WriteFlags.None)
{
    /// <summary>No flags.</summary>
    public static readonly WriteOptions Default = new();

    /// <summary>The flags.</summary>
    public WriteFlags Flags { get; } = flags;
}
