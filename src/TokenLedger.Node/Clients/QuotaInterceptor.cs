// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Node.Operations;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Node.Clients;

/// <summary>Refuses calls of clients that are over their quota, before a message is read.</summary>
internal sealed class QuotaInterceptor(RequestQuota quota)
{
    // What executes or reads many rows costs as much as several plain reads.
    private static readonly FrozenSet<string> Costly = new[]
    {
        PathOf(TransactionService.Descriptor.FullName, "SimulateTransaction"),
        PathOf(QueryService.Descriptor.FullName, "GetBalanceProof"),
        PathOf(QueryService.Descriptor.FullName, "CanReceive"),
        PathOf(QueryService.Descriptor.FullName, "GetBlock"),
        PathOf(QueryService.Descriptor.FullName, "ListBalances"),
        PathOf(QueryService.Descriptor.FullName, "ListHolders"),
        PathOf(QueryService.Descriptor.FullName, "ListHistory"),
        PathOf(BlockService.Descriptor.FullName, "GetGenesis"),
        PathOf(BlockService.Descriptor.FullName, "StreamBlocks"),
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Runs around every call of a client.</summary>
    public async Task RunAsync(ServerCallContext context, Func<Task> next)
    {
        var address = ClientAddress.Of(context.GetHttpContext().Connection.RemoteIpAddress);
        int cost = Costly.Contains(context.Method) ? Limits.ApiCostlyCall : 1;
        if (quota.Begin(address, cost, out RequestQuota.Client? client) is { } wait)
        {
            throw ErrorModel.Failure(
                StatusCode.ResourceExhausted, ErrorModel.QuotaExceeded,
                "You call more often, or have more calls open, than one client may; slow down.",
                retryAfter: wait);
        }

        try
        {
            await TransportReasons.AddAsync(context, next).ConfigureAwait(false);
        }
        finally
        {
            quota.End(client!);
        }
    }

    private static string PathOf(string service, string method) => $"/{service}/{method}";
}
