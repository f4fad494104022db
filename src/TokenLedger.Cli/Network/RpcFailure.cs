// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Security.Authentication;
using Google.Rpc;
using Grpc.Core;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Protocol;

namespace TokenLedger.Cli.Network;

/// <summary>What a failed call means to the person at the keyboard.</summary>
internal static class RpcFailure
{
    // How the platform says that the first bytes of an answer are none of TLS; it has no code for it.
    private const string NoTls = "corrupted frame";

    /// <summary>True when another node may answer: this one did not say anything of its own.</summary>
    public static bool IsOfTransport(RpcException failure) =>
        failure.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled
            or StatusCode.Internal or StatusCode.Unknown
        && ErrorModel.Read(failure) is null;

    /// <summary>True when the node says that it takes nothing now: another may.</summary>
    public static bool IsBusy(RpcException failure) => ErrorModel.Read(failure)?.Reason is { } reason
        && (reason == ErrorModel.QuotaExceeded
            || reason == RejectionCodes.Name(RejectionCode.Unavailable)
            || reason == RejectionCodes.Name(RejectionCode.PoolFull));

    /// <summary>True when no connection came up, so that nothing can have been taken.</summary>
    public static bool NeverSent(RpcException failure)
    {
        for (
            Exception? e = failure.Status.DebugException
            ?? failure.InnerException; e is not null; e = e.InnerException)
        {
            if (
                e is SocketException
                {
                    SocketErrorCode: SocketError.ConnectionRefused
                or SocketError.HostNotFound
                    or SocketError.HostUnreachable or SocketError.NetworkUnreachable
                }
                or HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError
                    or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
                })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The failure as it is printed.</summary>
    public static CliException ToCli(RpcException failure, Uri endpoint)
    {
        string node = ContextFile.Text(endpoint);
        if (ErrorModel.Read(failure) is { } info)
        {
            return Refused(info.Reason, failure.Status.Detail, ExitOf(failure.StatusCode, info));
        }

        if (TlsFailure(failure) is { } tls)
        {
            if (tls.Message.Contains(NoTls, StringComparison.Ordinal))
            {
                return new CliException(
                    "NODE_UNREACHABLE", ExitCode.Failed, $"{node} does not speak TLS.", tls.Message,
                    "Is it a node at http:// then? Look at what the context names: tl context show");
            }

            return new CliException(
                "TLS_UNTRUSTED", ExitCode.VerificationFailed,
                $"The certificate of {node} is vouched for by nobody whom you trust.", failure.Status.Detail,
                "Pass --ca FILE with its operator's authority, got from the operator and not from the node.");
        }

        return failure.StatusCode switch
        {
            StatusCode.Unavailable or StatusCode.Cancelled => new CliException(
                "NODE_UNREACHABLE", ExitCode.Failed, $"No answer from {node}.", failure.Status.Detail,
                "tl node status"),
            StatusCode.DeadlineExceeded => new CliException(
                "TIMEOUT", ExitCode.Failed, $"{node} did not answer in time.",
                next: "Try again with a longer --timeout, or look at: tl node status"),
            StatusCode.NotFound =>
                new CliException("NOT_FOUND", ExitCode.NotFound, Sentence(failure.Status.Detail)),
            StatusCode.InvalidArgument => new CliException(
                "INVALID_ARGUMENT", ExitCode.Usage, Sentence(failure.Status.Detail)),
            StatusCode.Unauthenticated or StatusCode.PermissionDenied => new CliException(
                "DENIED", ExitCode.Auth, Sentence(failure.Status.Detail)),
            StatusCode.Unimplemented => new CliException(
                "UNIMPLEMENTED", ExitCode.Failed, $"{node} does not know this call.", failure.Status.Detail,
                "Is it a node of TokenLedger, of this version? tl version"),
            _ => new CliException(
                "NODE_FAILED", ExitCode.Failed, $"{node} failed: {failure.StatusCode}.",
                failure.Status.Detail,
                "tl node status"),
        };
    }

    /// <summary>A refusal by the ledger as it is printed.</summary>
    public static CliException Refused(string code, string detail, ExitCode? exit = null) =>
        new(
            code, exit ?? ExitCodes.OfReason(code)
            ?? ExitCode.Failed, Sentence(detail), next: NextAfter(code));

    private static AuthenticationException? TlsFailure(RpcException failure)
    {
        Exception? e = failure.Status.DebugException;
        while (e is not (null or AuthenticationException))
        {
            e = e.InnerException;
        }

        return e as AuthenticationException;
    }

    private static ExitCode ExitOf(StatusCode status, ErrorInfo info) =>
        ExitCodes.OfReason(info.Reason) ?? status switch
        {
            StatusCode.NotFound => ExitCode.NotFound,
            StatusCode.InvalidArgument or StatusCode.OutOfRange => ExitCode.Usage,
            StatusCode.Unauthenticated or StatusCode.PermissionDenied => ExitCode.Auth,
            StatusCode.FailedPrecondition => ExitCode.RefusedByPolicy,
            StatusCode.AlreadyExists or StatusCode.Aborted => ExitCode.Conflict,
            _ => ExitCode.Failed,
        };

    private static string Sentence(string detail) =>
        detail.Length > 0 ? detail : "The node refused, and said no more.";

    private static string NextAfter(string code) => code switch
    {
        "ACCOUNT_UNKNOWN" or "ACCOUNT_FROZEN" or "ACCOUNT_NOT_FROZEN" or "ACCOUNT_EXISTS" =>
            "tl account show ACCOUNT",
        "RECEIVER_NOT_REGISTERED" => "Have a registrar enter the account: tl account create ACCOUNT",
        "INSUFFICIENT_AVAILABLE" => "tl account balance KEY",
        "NOT_REDEEMABLE" => "tl account balance ACCOUNT",
        "ASSET_UNKNOWN" => "tl asset list",
        "ASSET_EXISTS" or "ASSET_PAUSED" or "ASSET_NOT_PAUSED" or "SUPPLY_CAP_EXCEEDED" or "CAP_BELOW_SUPPLY"
            or "DOCUMENT_EXISTS" or "DOCUMENTS_FULL" => "tl asset show SYMBOL",
        "CURSOR_INVALID" => "Pass --from a cursor that tl event watch -o ndjson printed, as it is; or leave "
            + "it out to begin at the first block.",
        "PAGE_EXPIRED" => "Run the command again: the list begins anew, at the newest height.",
        "BLOCK_UNKNOWN" => "tl block list",
        "VALIDITY_TOO_LONG" => "Pass an --expires of at most 7d.",
        "AMOUNT_ZERO" => "Pass an --amount above zero.",
        "PROPOSAL_UNKNOWN" or "PROPOSAL_CLOSED" or "PROPOSAL_EXPIRED" => "tl proposal list --all",
        "MAKER_INACTIVE" => "Let an active maker propose it again: tl proposal list",
        "HASH_MISMATCH" or "ALREADY_APPROVED" or "SAME_MAKER" => "tl proposal show ID",
        "NOT_AUTHORISED" or "SENDER_UNKNOWN" or "OFFICER_UNKNOWN" or "INSTITUTION_UNKNOWN"
            or "KEY_IN_USE" => "tl institution list",
        "NO_POLICY" => "tl policy list",
        "IDEMPOTENCY_CONFLICT" => "tl tx status --request-id ID --from KEY",
        "NONCE_USED" or "NONCE_GAP" or "NONCE_OCCUPIED" or "EXPIRED" =>
            "Build the transaction again; it gets a new nonce.",
        "BAD_SIGNATURE" or "HIGH_S" => "Sign again with the sender's key: tl tx sign FILE --from KEY",
        ErrorModel.ApiKeyUnknown or ErrorModel.ScopeMissing =>
            "Put the operator's key into a file, and name it in the context: apiKeyFile. tl context show",
        "POOL_FULL" or "UNAVAILABLE" => "Try again in a moment; tl node status",
        _ => NextAfterBridge(code),
    };

    private static string NextAfterBridge(string code) => code switch
    {
        "BRIDGE_PAUSED" or "BRIDGE_NOT_PAUSED" or "BRIDGE_LOCK_CLOSED" or "BRIDGE_MESSAGE_CLOSED"
            or "BRIDGE_EPOCH" or "BRIDGE_ALREADY_ATTESTED" or "BRIDGE_ROTATION_OPEN" or "BRIDGE_BURN_UNKNOWN"
            or "BRIDGE_LOCK_UNKNOWN" or "BRIDGE_MESSAGE_UNKNOWN" or "BRIDGE_LANE_UNKNOWN"
            or "BRIDGE_TOKEN_UNKNOWN" =>
            "See what happened last: tl event watch",
        "BRIDGE_LIMIT" => "Lower the amount, or wait: what may pass comes back by and by.",
        "BRIDGE_ITEM_LIMIT" => "Split the amount over several locks.",
        "BRIDGE_CEILING" or "BRIDGE_BACKING" or "BRIDGE_TOO_FAR_AHEAD" =>
            "Wait for what comes before it, then try again.",
        "BRIDGE_RECIPIENT_INVALID" => "Check the address abroad.",
        "BRIDGE_ESCROW_ACCOUNT" => "Check the account: units come to this one by locks only.",
        "BRIDGE_NOT_SIGNER" or "BRIDGE_SEATS" => "tl institution list",
        "BRIDGE_LANE_EXISTS" or "BRIDGE_TOKEN_TAKEN" => "tl proposal list --all",
        _ => "",
    };
}
