// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core;

/// <summary>
/// The seventeen status codes of gRPC, with their numbers on the wire
/// (<see href="https://github.com/grpc/grpc/blob/master/doc/statuscodes.md"/>).
/// </summary>
public enum StatusCode
{
    /// <summary>Success.</summary>
    OK = 0,

    /// <summary>The caller, typically, gave the call up.</summary>
    Cancelled = 1,

    /// <summary>An error without a better code; what an unexpected exception of a handler becomes.</summary>
    Unknown = 2,

    /// <summary>The request can never be valid, whatever the state of the system.</summary>
    InvalidArgument = 3,

    /// <summary>
    /// The deadline passed before the call ended. The work may have been done all the same.
    /// </summary>
    DeadlineExceeded = 4,

    /// <summary>A requested thing does not exist.</summary>
    NotFound = 5,

    /// <summary>A thing to be created exists already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known, and may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota, a limit of size or a resource is used up.</summary>
    ResourceExhausted = 8,

    /// <summary>The system is not in the state that the operation needs.</summary>
    FailedPrecondition = 9,

    /// <summary>A conflict with a concurrent operation; try again from the start.</summary>
    Aborted = 10,

    /// <summary>Past the end of a valid range.</summary>
    OutOfRange = 11,

    /// <summary>The server does not have this method.</summary>
    Unimplemented = 12,

    /// <summary>An invariant is broken, or the peer does not keep to the protocol.</summary>
    Internal = 13,

    /// <summary>The service can't be reached now; a retry with back-off may help.</summary>
    Unavailable = 14,

    /// <summary>Data is lost or damaged beyond recovery.</summary>
    DataLoss = 15,

    /// <summary>The caller did not prove who they are.</summary>
    Unauthenticated = 16,
}
