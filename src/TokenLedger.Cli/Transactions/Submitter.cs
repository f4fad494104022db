// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Wire;
using SignedTransaction = TokenLedger.Core.Ledger.SignedTransaction;

namespace TokenLedger.Cli.Transactions;

/// <summary>Signed bytes on their way.</summary>
/// <param name="Signed">The bytes; the same are sent to every node.</param>
/// <param name="Id">Their id.</param>
/// <param name="RequestId">The request id as a UUID; null for none.</param>
/// <param name="From">--from as typed, for advice.</param>
internal sealed record SentTransaction(SignedTransaction Signed, Hash256 Id, string? RequestId, string? From);

/// <summary>
/// Sends the same bytes to one node after another until one has taken them. When a node may have taken them
/// and then
/// was lost, the outcome is never guessed: it is asked for, or said to be unknown.
/// </summary>
internal sealed class Submitter(Session session)
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(5);

    /// <exception cref="CliException">It was refused, never sent, or its outcome is unknown.</exception>
    public async Task<TransactionStatus> SubmitAsync(SentTransaction sent, CancellationToken token)
    {
        var message = new SubmitTransactionRequest { Transaction = TransactionMapper.ToWire(sent.Signed) };
        bool maybeTaken = false;
        CliException? busy = null;
        CliException? unreachable = null;
        foreach (int index in session.Connection.Order())
        {
            try
            {
                DateTime deadline = (session.Now + AttemptTimeout).UtcDateTime;
                SubmitTransactionResponse response = await session.Connection.Client(index).Transactions
                    .SubmitTransactionAsync(message, new CallOptions(null, deadline, token));
                session.Connection.Prefer(index);
                return response.Status ?? new TransactionStatus { TransactionId = Bytes(sent.Id) };
            }
            catch (RpcException e) when (token.IsCancellationRequested)
            {
                throw Unknown(sent, e.Status.Detail);
            }
            catch (RpcException e) when (RpcFailure.IsOfTransport(e))
            {
                maybeTaken |= !RpcFailure.NeverSent(e);
                unreachable = RpcFailure.ToCli(e, session.Connection.Endpoints[index]);
            }
            catch (RpcException e) when (RpcFailure.IsBusy(e))
            {
                busy = RpcFailure.ToCli(e, session.Connection.Endpoints[index]);
            }
            catch (RpcException e)
            {
                CliException refusal = RpcFailure.ToCli(e, session.Connection.Endpoints[index]);
                return maybeTaken ? await AskAsync(sent, refusal, token) : throw refusal;
            }
        }

        CliException reason = busy ?? unreachable!;
        return maybeTaken ? await AskAsync(sent, reason, token) : throw reason;
    }

    /// <summary>Waits until it is final or can never be.</summary>
    /// <exception cref="CliException">The time ran out, or no node answers: the outcome is
    /// unknown.</exception>
    public async Task<TransactionStatus> WaitAsync(SentTransaction sent, CancellationToken token)
    {
        DateTimeOffset end = session.Now + session.Connection.Timeout;
        string why = $"It was not final within {session.Connection.Timeout.TotalSeconds:0} s.";
        bool known = true;
        while (session.Now < end)
        {
            foreach (int index in session.Connection.Order())
            {
                try
                {
                    WaitFinalResponse response =
                        await session.Connection.Client(index).Transactions.WaitFinalAsync(
                        new WaitFinalRequest { TransactionId = Bytes(sent.Id) },
                        new CallOptions(null, end.UtcDateTime, token));
                    session.Connection.Prefer(index);
                    known = response.Status.State != TransactionState.Unspecified;
                    if (
                        response.Status.State is not (
                        TransactionState.Pending or TransactionState.Unspecified))
                    {
                        return response.Status;
                    }
                }
                catch (RpcException e) when (
                    !token.IsCancellationRequested && e.StatusCode != StatusCode.DeadlineExceeded)
                {
                    why = e.Status.Detail;
                }
                catch (RpcException)
                {
                    throw Unknown(sent, why);
                }
            }

            // Nodes that answer at once and do not know are not asked in a busy loop.
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), session.Environment.Time, token);
            }
            catch (OperationCanceledException)
            {
                throw Unknown(sent, "It was interrupted.");
            }
        }

        throw Unknown(sent, known ? why : $"{why} The node that was asked last knows nothing of it.");
    }

    private async Task<TransactionStatus> AskAsync(
        SentTransaction sent, CliException reason, CancellationToken token)
    {
        try
        {
            GetTransactionResponse response = await session.Connection.ReadAsync(
                (node, call) => node.Transactions.GetTransactionAsync(
                    new GetTransactionRequest { TransactionId = Bytes(sent.Id) }, call),
                token);
            if (response.Status is { State: not TransactionState.Unspecified } status)
            {
                return status;
            }
        }
        catch (CliException)
        {
            // No node can tell either.
        }

        throw Unknown(sent, $"{reason.Message} ({reason.Code}), after another node may have taken it.");
    }

    private static CliException Unknown(SentTransaction sent, string why) => new(
        "OUTCOME_UNKNOWN", ExitCode.OutcomeUnknown,
        sent.Signed.Body.IsEmpty
            ? $"Nothing tells yet whether transaction {sent.Id} will be final."
            : $"Transaction {sent.Id} was sent, and nothing tells yet whether it will be final.",
        why,
        "Do not send it again under a new request id. Run: " + (sent.RequestId is { } uuid
            ? $"tl tx status --request-id {uuid} --from {sent.From ?? "KEY"}"
            : $"tl tx status {sent.Id}"));

    private static ByteString Bytes(in Hash256 hash) => ByteString.CopyFrom(hash.ToArray());
}
