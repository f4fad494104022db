// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Wire;
using TokenLedger.Runtime;
using Rejection = TokenLedger.Core.Rejection;
using SignedTransaction = TokenLedger.Core.Ledger.SignedTransaction;
using Transaction = TokenLedger.Core.Ledger.Transaction;

namespace TokenLedger.Node.Services;

/// <summary>Takes transactions and tells what became of them.</summary>
internal sealed class TransactionServiceImpl(
    ValidatorRuntime runtime, LedgerReads reads, CancellationToken stopping)
    : TransactionService.TransactionServiceBase
{
    public override async Task<SubmitTransactionResponse> SubmitTransaction(
        SubmitTransactionRequest request, ServerCallContext context)
    {
        Rejection? malformed = TransactionMapper.TryFromWire(
            request.Transaction, out SignedTransaction? signed);
        if (malformed is not null)
        {
            throw ErrorModel.Refusal(malformed);
        }

        (Hash256 id, Rejection? rejection) = await runtime.SubmitAsync(signed!, context.CancellationToken)
            .ConfigureAwait(false);
        if (rejection is not null && MayBeRepeated(rejection.Code) && reads.FindFinal(id) is { } final)
        {
            // The very same body was included before: the answer to a repeated question, not an error.
            return new SubmitTransactionResponse { TransactionId = LedgerReads.Wire(id), Status = final };
        }

        if (rejection is not null)
        {
            throw ErrorModel.Refusal(rejection);
        }

        return new SubmitTransactionResponse
        {
            TransactionId = LedgerReads.Wire(id),
            Status = new TransactionStatus
            {
                TransactionId = LedgerReads.Wire(id),
                State = TransactionState.Pending,
                AsOfHeight = runtime.Ledger.Head.Height.Value,
            },
        };
    }

    public override Task<SimulateTransactionResponse> SimulateTransaction(
        SimulateTransactionRequest request, ServerCallContext context)
    {
        Rejection? rejection = TransactionMapper.TryDecode(request.Body.Span, out Transaction? transaction);
        rejection ??= TransactionRules.CheckStateless(transaction!);
        if (rejection is not null)
        {
            throw ErrorModel.Refusal(rejection);
        }

        using var snapshot = runtime.Ledger.Snapshot();
        ulong now = (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        TimestampMs time = new(Math.Max(now, snapshot.Head.Header.Timestamp.Value + 1));
        Height height = snapshot.Head.Height.Next;

        // A draft has no nonce and no time limit yet: it is asked what it would do, not whether it is in
        // turn.
        Transaction inTurn = transaction! with
        {
            Nonce = new LedgerView(snapshot.State).NextNonce(transaction.Sender, transaction.Lane),
            ValidUntil = time.Plus(60_000),
        };
        SimulationResult result = runtime.Machine.Simulate(
            snapshot.State, new BlockContext(height, time), inTurn);
        var response = new SimulateTransactionResponse
        {
            Height = snapshot.Head.Height.Value,
            Succeeded = result.Succeeded,
            Refusal = result.Rejection is null ? null : StateMapper.ToWire(result.Rejection),
        };
        for (int i = 0; i < result.Events.Length; i++)
        {
            response.Events.Add(EventMapper.ToWire(result.Events[i], height, time, (uint)i, null));
        }

        response.BalanceChanges.AddRange(result.Balances.Select(change => new Protocol.Ledger.V1.BalanceChange
        {
            Account = Google.Protobuf.ByteString.CopyFrom(change.Account.ToArray()),
            Asset = change.Asset.ToString(),
            Before = change.Before.ToString(),
            After = change.After.ToString(),
        }));
        return Task.FromResult(response);
    }

    public override async Task<GetTransactionResponse> GetTransaction(
        GetTransactionRequest request, ServerCallContext context)
    {
        Hash256 id = RequestFields.Hash(request.TransactionId, "transaction_id");
        return new GetTransactionResponse
        {
            Status = await reads.StatusAsync(id, context.CancellationToken).ConfigureAwait(false),
        };
    }

    public override async Task<GetTransactionByRequestIdResponse> GetTransactionByRequestId(
        GetTransactionByRequestIdRequest request, ServerCallContext context)
    {
        Address sender = RequestFields.Address(request.Sender, "sender");
        if (request.RequestId.Length != Limits.RequestIdBytes)
        {
            throw RequestFields.Invalid(
                $"request_id is {request.RequestId.Length} bytes, not {Limits.RequestIdBytes}.");
        }

        var requestId = new RequestId(BinaryPrimitives.ReadUInt128BigEndian(request.RequestId.Span));
        Hash256? id = new LedgerView(runtime.Ledger.State).Request(sender, requestId)?.TransactionId
            ?? await runtime.FindPendingAsync(
                sender, requestId, context.CancellationToken).ConfigureAwait(false);
        TransactionStatus status = id is { } known
            ? await reads.StatusAsync(known, context.CancellationToken).ConfigureAwait(false)
            : new TransactionStatus { AsOfHeight = runtime.Ledger.Head.Height.Value };
        return new GetTransactionByRequestIdResponse { Status = status };
    }

    public override async Task<WaitFinalResponse> WaitFinal(
        WaitFinalRequest request, ServerCallContext context)
    {
        Hash256 id = RequestFields.Hash(request.TransactionId, "transaction_id");
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        try
        {
            if (!await runtime.WaitFinalAsync(id, ends.Token).ConfigureAwait(false))
            {
                throw ErrorModel.Refusal(new Rejection(
                    RejectionCode.Unavailable, "Too many wait here; try again, or ask another node."));
            }

            return new WaitFinalResponse
            {
                Status = await reads.StatusAsync(id, ends.Token).ConfigureAwait(false),
            };
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw ErrorModel.Failure(
                StatusCode.Unavailable, "NODE_STOPPING", "This node stops; ask another what became of it.");
        }
    }

    /// <summary>
    /// True for what the pool says of a transaction, with a good signature, that was included before: its
    /// nonce and request id are used, and its time or its sender's standing may have ended since.
    /// </summary>
    private static bool MayBeRepeated(RejectionCode code) => code
        is RejectionCode.NonceUsed or RejectionCode.IdempotencyConflict
        or RejectionCode.Expired or RejectionCode.SenderUnknown;
}
