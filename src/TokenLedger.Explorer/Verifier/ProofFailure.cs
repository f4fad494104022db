// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;
using Grpc.Core;
using TokenLedger.Protocol;

namespace TokenLedger.Explorer.Verifier;

/// <summary>Why a proof is not given: what, why, and what to do.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">A stable code: the node's own where it gave one.</param>
/// <param name="Sentence">For people.</param>
/// <param name="RetryAfterSeconds">When to ask again; null when that helps nothing.</param>
internal sealed record ProofFailure(int Status, string Code, string Sentence, int? RetryAfterSeconds = null)
{
    /// <summary>As many proofs as there may be are under way.</summary>
    public static ProofFailure Busy { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "BUSY",
        "Many proofs are being fetched at the moment. Ask again in a second.", 1);

    /// <summary>What a node's refusal, or its silence, is to a reader.</summary>
    public static ProofFailure Of(RpcException exception)
    {
        string? reason = ErrorModel.Read(exception)?.Reason;
        string detail = exception.Status.Detail;
        return exception.StatusCode switch
        {
            StatusCode.NotFound when reason is not null =>
                new(StatusCodes.Status404NotFound, reason, detail),
            StatusCode.InvalidArgument when reason is not null =>
                new(StatusCodes.Status400BadRequest, reason, detail),
            StatusCode.FailedPrecondition when reason is not null =>
                new(StatusCodes.Status409Conflict, reason, detail),
            StatusCode.ResourceExhausted => new(
                StatusCodes.Status503ServiceUnavailable, reason ?? ErrorModel.QuotaExceeded,
                "The node is asked more often than it allows. Ask again in a few seconds.", 5),
            StatusCode.Unavailable or StatusCode.DeadlineExceeded => new(
                StatusCodes.Status503ServiceUnavailable, "NODE_UNREACHABLE",
                "The node that this explorer follows does not answer. Ask again in a few seconds.", 5),
            StatusCode.Unimplemented => new(
                StatusCodes.Status502BadGateway, "NODE_TOO_OLD",
                "The node that this explorer follows gives no such proofs. Its operator must update it."),
            _ => new(
                StatusCodes.Status502BadGateway, reason ?? "NODE_FAILED",
                $"The node that this explorer follows failed: {detail}"),
        };
    }
}

/// <summary>A failure as JSON.</summary>
internal sealed record ProofFailureAnswer(string Code, string Sentence);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProofFailureAnswer))]
internal sealed partial class ProofFailureJson : JsonSerializerContext;
