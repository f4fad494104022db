// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core;

/// <summary>
/// A call that ended with another status than OK. A service throws it to choose the status its caller sees;
/// a client gets it from every awaited part of a failed call.
/// </summary>
public class RpcException : Exception
{
    /// <summary>A failure with the given status and no trailers.</summary>
    public RpcException(Status status)
        : this(status, Metadata.Empty)
    {
    }

    /// <summary>A failure with the given status, whose <see cref="Exception.Message"/> is chosen.</summary>
    public RpcException(Status status, string message)
        : this(status, Metadata.Empty, message)
    {
    }

    /// <summary>A failure with the given status and trailers.</summary>
    public RpcException(Status status, Metadata trailers)
        : this(status, trailers, status.ToString())
    {
    }

    /// <summary>A failure with all parts given.</summary>
    public RpcException(Status status, Metadata trailers, string message)
        : base(message, status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    /// <summary>How the call ended.</summary>
    public Status Status { get; }

    /// <summary>The code of <see cref="Status"/>, for exception filters.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>What the server sent, or is to send, after the last message. Never null.</summary>
    public Metadata Trailers { get; }
}
