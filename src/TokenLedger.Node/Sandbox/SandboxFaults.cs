// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using TokenLedger.Node.Clients.Access;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Node.Sandbox;

/// <summary>
/// What goes wrong on purpose, so that integrators see it before it happens: a call's metadata names its
/// fault, and the call that it comes with fails in that way and no other. A node that is no sandbox never
/// reads the metadata.
/// </summary>
internal static class SandboxFaults
{
    /// <summary>The metadata that names a fault.</summary>
    public const string MetadataKey = "tl-sandbox-fault";

    /// <summary>Any call: nothing is done, and the answer is UNAVAILABLE.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>Any call: nothing is done, and the answer is QUOTA_EXCEEDED.</summary>
    public const string RateLimit = "rate-limit";

    /// <summary>Any call that has one answer: it is done, and the answer is lost.</summary>
    public const string LostAnswer = "lost-answer";

    /// <summary>SubmitTransaction: the transaction becomes final, and the answer is DEADLINE_EXCEEDED.
    /// </summary>
    public const string TimeoutAfterCommit = "timeout-after-commit";

    /// <summary>Subscribe: the stream ends with UNAVAILABLE behind some items.</summary>
    public const string BrokenStream = "broken-stream";

    /// <summary>Subscribe: the stream ends with SLOW_CONSUMER behind some items.</summary>
    public const string SlowConsumer = "slow-consumer";

    /// <summary>Subscribe: the cursor is refused with CURSOR_PRUNED.</summary>
    public const string CursorPruned = "cursor-pruned";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private static readonly string Submit =
        MethodScopes.Of(TransactionService.Descriptor.FullName, "SubmitTransaction");

    private static readonly string Subscribe = MethodScopes.Of(EventService.Descriptor.FullName, "Subscribe");

    /// <summary>Those without one answer that could be lost.</summary>
    private static readonly FrozenSet<string> Streams = new[]
        {
            TransactionService.Descriptor, QueryService.Descriptor, EventService.Descriptor,
            BlockService.Descriptor, BridgeService.Descriptor, Health.Descriptor, ServerReflection.Descriptor,
        }
        .SelectMany(static service => service.Methods)
        .Where(static method => method.IsServerStreaming)
        .Select(static method => MethodScopes.Of(method.Service.FullName, method.Name))
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The fault that a call asks for; null for none.</summary>
    public static string? Of(ServerCallContext context) => context.RequestHeaders.GetValue(MetadataKey);

    /// <summary>Runs around every call of a client: faults that any call may have.</summary>
    public static async Task RunAsync(ServerCallContext context, Func<Task> next)
    {
        string? fault = Of(context);
        switch (fault)
        {
            case Unavailable:
                throw Lost();
            case RateLimit:
                throw ErrorModel.Failure(
                    StatusCode.ResourceExhausted, ErrorModel.QuotaExceeded,
                    "Sandbox: this call counts as one too many.", retryAfter: RetryAfter);
            case TimeoutAfterCommit when context.Method != Submit:
            case LostAnswer when Streams.Contains(context.Method):
            case BrokenStream or SlowConsumer or CursorPruned when context.Method != Subscribe:
            case not (null or LostAnswer or TimeoutAfterCommit
                or BrokenStream or SlowConsumer or CursorPruned):
                throw ErrorModel.Failure(
                    StatusCode.InvalidArgument, "SANDBOX_FAULT_UNKNOWN",
                    $"{context.Method} has no fault '{fault}'.");
        }

        await next().ConfigureAwait(false);
        if (fault == LostAnswer)
        {
            throw Lost();
        }
    }

    /// <summary>As a connection that breaks: without a reason.</summary>
    public static RpcException Lost() =>
        new(new Status(StatusCode.Unavailable, "Sandbox: the connection broke."));
}
