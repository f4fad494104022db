// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Node.Sandbox;

/// <summary>Takes transactions as any node does, and loses the answer of those that ask for it.</summary>
internal sealed class SandboxTransactions(TransactionService.TransactionServiceBase inner)
    : TransactionService.TransactionServiceBase
{
    public override async Task<SubmitTransactionResponse> SubmitTransaction(
        SubmitTransactionRequest request, ServerCallContext context)
    {
        SubmitTransactionResponse taken =
            await inner.SubmitTransaction(request, context).ConfigureAwait(false);
        if (SandboxFaults.Of(context) != SandboxFaults.TimeoutAfterCommit)
        {
            return taken;
        }

        await inner.WaitFinal(new WaitFinalRequest { TransactionId = taken.TransactionId }, context)
            .ConfigureAwait(false);
        throw new RpcException(new Status(
            StatusCode.DeadlineExceeded, "Sandbox: the deadline passed, and the transaction is final."));
    }

    public override Task<SimulateTransactionResponse> SimulateTransaction(
        SimulateTransactionRequest request, ServerCallContext context) =>
        inner.SimulateTransaction(request, context);

    public override Task<GetTransactionResponse> GetTransaction(
        GetTransactionRequest request, ServerCallContext context) => inner.GetTransaction(request, context);

    public override Task<GetTransactionByRequestIdResponse> GetTransactionByRequestId(
        GetTransactionByRequestIdRequest request, ServerCallContext context) =>
        inner.GetTransactionByRequestId(request, context);

    public override Task<WaitFinalResponse> WaitFinal(WaitFinalRequest request, ServerCallContext context) =>
        inner.WaitFinal(request, context);
}
