// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace TokenLedger.Rpc;

/// <summary>What all calls of a mapped service share.</summary>
internal sealed record ServerRuntime(RpcServerOptions Options, ILogger Logger, CancellationToken Stopping);

/// <summary>Turns each method of a service into a route.</summary>
internal sealed class ServerBinder(IEndpointRouteBuilder endpoints, ServerRuntime runtime) : ServiceBinderBase
{
    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        Map(method, handler, async (call, serve) =>
        {
            var request = await call.ReadOnlyMessageAsync(method.RequestMarshaller).ConfigureAwait(false);
            var response = await serve(request, call).ConfigureAwait(false);
            await call.WriteLastAsync(response, method.ResponseMarshaller).ConfigureAwait(false);
        });

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        Map(method, handler, async (call, serve) =>
        {
            var requests = new ServerStreamReader<TRequest>(call, method.RequestMarshaller);
            var response = await serve(requests, call).ConfigureAwait(false);
            await call.WriteLastAsync(response, method.ResponseMarshaller).ConfigureAwait(false);
        });

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
        Map(method, handler, async (call, serve) =>
        {
            var request = await call.ReadOnlyMessageAsync(method.RequestMarshaller).ConfigureAwait(false);
            var responses = new ServerStreamWriter<TResponse>(call, method.ResponseMarshaller);
            await serve(request, responses, call).ConfigureAwait(false);
        });

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        Map(method, handler, async (call, serve) =>
        {
            var requests = new ServerStreamReader<TRequest>(call, method.RequestMarshaller);
            var responses = new ServerStreamWriter<TResponse>(call, method.ResponseMarshaller);
            await serve(requests, responses, call).ConfigureAwait(false);
        });

    /// <summary>Without a handler there is no route, and a call to the method finds the fallback.</summary>
    private void Map<THandler>(IMethod method, THandler? handler, Func<ServerCall, THandler, Task> serve)
        where THandler : Delegate
    {
        if (handler is null)
        {
            return;
        }

        Func<ServerCall, Task> run = call => serve(call, handler);
        var isStream = method.Type != MethodType.Unary;
        endpoints.MapPost(
            method.FullName, http => new ServerCall(http, runtime, method.FullName, isStream).RunAsync(run))
            .WithDisplayName("gRPC " + method.FullName);
    }
}
