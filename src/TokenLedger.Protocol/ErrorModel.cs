// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Rpc;
using Status = Grpc.Core.Status;

namespace TokenLedger.Protocol;

/// <summary>
/// The error model of the public services (AIP-193): every failure carries google.rpc.ErrorInfo with a stable
/// reason in the domain "tokenledger", so that programs never parse sentences.
/// </summary>
public static class ErrorModel
{
    /// <summary>The domain of all our reasons.</summary>
    public const string Domain = "tokenledger";

    /// <summary>Metadata key: "true" when the same bytes may be accepted later.</summary>
    public const string RetriableKey = "retriable";

    /// <summary>Metadata key: index of the failing operation.</summary>
    public const string OperationKey = "operation";

    /// <summary>Reason of a call over the client's quota; <see cref="RetryAfter"/> says how long to wait.
    /// </summary>
    public const string QuotaExceeded = "QUOTA_EXCEEDED";

    /// <summary>Reason of a call with a key that the node does not know, or that has expired.</summary>
    public const string ApiKeyUnknown = "API_KEY_UNKNOWN";

    /// <summary>Reason of a call that its caller's scopes do not allow.</summary>
    public const string ScopeMissing = "SCOPE_MISSING";

    /// <summary>About a block's time, which takes some out of a full pool.</summary>
    private static readonly TimeSpan PoolDrains = TimeSpan.FromSeconds(1);

    /// <summary>A longer wait than a day is not believed.</summary>
    private const long MaxRetrySeconds = 24 * 3600;

    /// <summary>
    /// A failure with a stable reason, and, as google.rpc.RetryInfo, when to try again if that is known.
    /// </summary>
    public static RpcException Failure(
        StatusCode code,
        string reason,
        string detail,
        IReadOnlyDictionary<string, string>? metadata = null,
        TimeSpan? retryAfter = null)
    {
        var info = new ErrorInfo { Reason = reason, Domain = Domain };
        foreach ((string key, string value) in metadata ?? new Dictionary<string, string>())
        {
            info.Metadata.Add(key, value);
        }

        var status = new Google.Rpc.Status
        {
            Code = (int)code,
            Message = detail,
            Details = { Any.Pack(info) },
        };
        if (retryAfter is { } delay)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        }

        byte[] bytes = Google.Protobuf.MessageExtensions.ToByteArray(status);
        return RpcStatusDetails.Create(new Status(code, detail), bytes);
    }

    /// <summary>A refused transaction as a failed call.</summary>
    public static RpcException Refusal(Rejection rejection) => Failure(
        StatusOf(rejection),
        rejection.Reason,
        rejection.Detail,
        new Dictionary<string, string>
        {
            [RetriableKey] = rejection.Retriable ? "true" : "false",
            [OperationKey] = rejection.Operation.ToString(System.Globalization.CultureInfo.InvariantCulture),
        },
        rejection.Code == RejectionCode.PoolFull ? PoolDrains : null);

    /// <summary>The reason and metadata of a failed call; null when the other side sent none.</summary>
    public static ErrorInfo? Read(RpcException exception) => Detail<ErrorInfo>(exception);

    /// <summary>When to try again; null when the other side does not say.</summary>
    public static TimeSpan? RetryAfter(RpcException exception) =>
        Detail<RetryInfo>(exception)?.RetryDelay is { Seconds: >= 0 and <= MaxRetrySeconds } delay
            && delay.Nanos is >= 0 and < 1_000_000_000
            ? delay.ToTimeSpan()
            : null;

    private static T? Detail<T>(RpcException exception)
        where T : class, Google.Protobuf.IMessage<T>, new()
    {
        byte[]? bytes = RpcStatusDetails.Get(exception);
        if (bytes is null)
        {
            return null;
        }

        try
        {
            var status = Google.Rpc.Status.Parser.ParseFrom(bytes);
            foreach (Any detail in status.Details)
            {
                if (detail.TryUnpack(out T found))
                {
                    return found;
                }
            }
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            // A peer's malformed details are no details.
        }

        return null;
    }

    private static StatusCode StatusOf(Rejection rejection) => rejection.Code switch
    {
        RejectionCode.Malformed or RejectionCode.NotCanonical or RejectionCode.TooLarge
            or RejectionCode.InvalidField or RejectionCode.AmountInvalid or RejectionCode.AmountZero
            or RejectionCode.LaneUnknown
            => StatusCode.InvalidArgument,
        RejectionCode.BadSignature or RejectionCode.HighS => StatusCode.Unauthenticated,
        RejectionCode.SenderUnknown or RejectionCode.NotAuthorised => StatusCode.PermissionDenied,
        RejectionCode.PoolFull => StatusCode.ResourceExhausted,
        RejectionCode.Unavailable => StatusCode.Unavailable,
        RejectionCode.NonceUsed or RejectionCode.NonceOccupied or RejectionCode.IdempotencyConflict
            => StatusCode.AlreadyExists,
        _ => StatusCode.FailedPrecondition,
    };
}
