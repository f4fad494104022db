// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;

namespace TokenLedger.Rpc;

/// <summary>
/// The richer error model: a serialized <c>google.rpc.Status</c> beside the plain status. The bytes are
/// opaque here; the project that has the proto reads and writes them.
/// </summary>
public static class RpcStatusDetails
{
    /// <summary>The trailer that carries the bytes.</summary>
    public const string MetadataKey = "grpc-status-details-bin";

    /// <summary>An exception for a service to throw, which carries the details to the client.</summary>
    public static RpcException Create(Status status, byte[] details) =>
        new(status, new Metadata { { MetadataKey, details } });

    /// <summary>The details that a failed call came with; null if there are none.</summary>
    public static byte[]? Get(RpcException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.Trailers.GetValueBytes(MetadataKey);
    }
}
