// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Security.Cryptography;
using Grpc.Core;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using TokenLedger.Core;
using TokenLedger.Node.Clients.Access;
using TokenLedger.Node.Configuration;
using TokenLedger.Node.Operations;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Node.Clients;

/// <summary>
/// Before a message is read: refuses calls with keys that nobody has, calls outside their caller's scopes,
/// and calls over its quota. And while a stream is open: ends it when its caller may no longer have it.
/// </summary>
internal sealed class ApiGate(
    PrincipalBook principals, ClientQuota anonymous, RequestQuota quota, TimeProvider time) : IDisposable
{
    // What executes or reads many rows costs as much as several plain reads.
    private static readonly FrozenSet<string> Costly = new[]
    {
        MethodScopes.Of(TransactionService.Descriptor.FullName, "SimulateTransaction"),
        MethodScopes.Of(QueryService.Descriptor.FullName, "GetBalanceProof"),
        MethodScopes.Of(QueryService.Descriptor.FullName, "GetSupplyProof"),
        MethodScopes.Of(QueryService.Descriptor.FullName, "GetEventProof"),
        MethodScopes.Of(QueryService.Descriptor.FullName, "CanReceive"),
        MethodScopes.Of(QueryService.Descriptor.FullName, "GetBlock"),
        MethodScopes.Of(QueryService.Descriptor.FullName, "ListBalances"),
        MethodScopes.Of(QueryService.Descriptor.FullName, "ListHolders"),
        MethodScopes.Of(QueryService.Descriptor.FullName, "ListHistory"),
        MethodScopes.Of(BlockService.Descriptor.FullName, "GetGenesis"),
        MethodScopes.Of(BlockService.Descriptor.FullName, "StreamBlocks"),
        MethodScopes.Of(QueryService.Descriptor.FullName, "WatchBlocks"),
        MethodScopes.Of(EventService.Descriptor.FullName, "Subscribe"),
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly OpenStreams _streams = new(time);
    private int _late;

    /// <summary>Runs around every call of a client.</summary>
    public async Task RunAsync(ServerCallContext context, Func<Task> next)
    {
        ConnectionInfo connection = context.GetHttpContext().Connection;
        var shown = Credentials.Of(
            context.RequestHeaders.GetValue(ApiKey.MetadataKey), connection.ClientCertificate);
        var address = ClientAddress.Of(connection.RemoteIpAddress);
        bool known = principals.TryResolve(shown, address, anonymous, out Caller caller);
        int cost = Costly.Contains(context.Method) ? Limits.ApiCostlyCall : 1;
        if (quota.Begin(caller, cost, out RequestQuota.Client? client) is { } wait)
        {
            await SlowDownAsync(context, caller).ConfigureAwait(false);
            throw ErrorModel.Failure(
                StatusCode.ResourceExhausted, ErrorModel.QuotaExceeded,
                "You call more often, or have more calls open, than one client may; slow down.",
                retryAfter: wait);
        }

        try
        {
            if (WhyNot(known, caller, context.Method) is { } refused)
            {
                throw refused;
            }

            new StreamAllowance(quota, client!).KeepWith(context);
            if (MethodScopes.Needed(context.Method) == ApiScopes.Stream)
            {
                _streams.Add(context, () => WhyNoMore(shown, address, caller.Principal, context.Method));
            }

            await TransportReasons.AddAsync(context, next).ConfigureAwait(false);
        }
        finally
        {
            _streams.Remove(context);
            quota.End(client!);
        }
    }

    public void Dispose() => _streams.Dispose();

    /// <summary>Why a stream ends that was let in; null while nothing changed.</summary>
    private RpcException? WhyNoMore(
        in Credentials shown, in ClientAddress address, string? principal, string method)
    {
        bool known = principals.TryResolve(shown, address, anonymous, out Caller now);
        return WhyNot(known && now.Principal == principal, now, method);
    }

    /// <summary>
    /// To refuse costs as much as to answer a read. So who goes on calling gets its refusals late, and a
    /// flood waits for itself; where too many wait, the connection is cut.
    /// </summary>
    private async ValueTask SlowDownAsync(ServerCallContext context, Caller caller)
    {
        if (quota.RefuseAtOnce(caller))
        {
            return;
        }

        try
        {
            if (Interlocked.Increment(ref _late) > Limits.ApiLateRefusals)
            {
                context.GetHttpContext().Features.Get<IConnectionLifetimeFeature>()?.Abort();
            }

            // Two thirds of that to four: what was refused together is not told together, and all of it
            // within the five seconds that clients commonly wait.
            int late = RandomNumberGenerator.GetInt32(
                Limits.ApiLateRefusalMs * 2 / 3, Limits.ApiLateRefusalMs * 4 / 3);
            await Task.Delay(TimeSpan.FromMilliseconds(late), time, context.CancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _late);
        }
    }

    private static RpcException? WhyNot(bool known, in Caller caller, string method)
    {
        if (!known)
        {
            return ErrorModel.Failure(
                StatusCode.Unauthenticated, ErrorModel.ApiKeyUnknown,
                "This node knows no such key, or it has expired. Ask its operator for another one.");
        }

        ApiScopes needed = MethodScopes.Needed(method);
        string who = caller.Principal ?? "whoever shows no key";
        return (caller.Scopes & needed) == needed
            ? null
            : ErrorModel.Failure(
                StatusCode.PermissionDenied, ErrorModel.ScopeMissing,
                $"This call needs the scope {SnakeCase(needed)}, and {who} has {SnakeCase(caller.Scopes)}. "
                    + "Ask the node's operator for a key with it.");
    }

    private static string SnakeCase(ApiScopes scopes) =>
        scopes == ApiScopes.None ? "none" : scopes.ToString().ToLowerInvariant();
}
