// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TokenLedger.Rpc;

/// <summary>Puts services on the routes of a web application, whose port must speak HTTP/2.</summary>
public static class RpcEndpointExtensions
{
    /// <summary>
    /// Serves a service; a call to a method or service that nobody serves gets UNIMPLEMENTED.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="service">What <c>X.BindService(implementation)</c> gave.</param>
    /// <param name="options">Limits and interceptor; null for the defaults.</param>
    /// <returns>All routes of the service, for conventions such as a required host.</returns>
    public static IEndpointConventionBuilder MapRpcService(
        this IEndpointRouteBuilder endpoints,
        ServerServiceDefinition service,
        RpcServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(service);
        var services = endpoints.ServiceProvider;
        var runtime = new ServerRuntime(
            options ?? new RpcServerOptions(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("TokenLedger.Rpc.Server"),
            services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        var group = endpoints.MapGroup("");
        service.BindService(new ServerBinder(group, runtime));
        MapFallbackOnce(endpoints);
        return group;
    }

    /// <summary>
    /// Serves an implementation, <c>class Impl : X.XBase</c>; one instance serves all calls.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The implementation does not derive from a generated base.
    /// </exception>
    public static IEndpointConventionBuilder MapRpcService<TService>(
        this IEndpointRouteBuilder endpoints, TService implementation, RpcServerOptions? options = null)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(implementation);
        for (var type = implementation.GetType(); type is not null; type = type.BaseType)
        {
            var attribute = type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false);
            var bind = attribute?.BindType.GetMethod(attribute.BindMethodName, [type]);
            if (bind?.Invoke(null, [implementation]) is ServerServiceDefinition service)
            {
                return endpoints.MapRpcService(service, options);
            }
        }

        throw new ArgumentException(
            "The implementation derives from no generated base.", nameof(implementation));
    }

    private static void MapFallbackOnce(IEndpointRouteBuilder endpoints)
    {
        var mapped = endpoints.DataSources.SelectMany(source => source.Endpoints)
            .Any(endpoint => endpoint.Metadata.GetMetadata<FallbackMarker>() is not null);
        if (mapped)
        {
            return;
        }

        var pattern = RoutePatternFactory.Parse(
            "{rpcService}/{rpcMethod}",
            defaults: null,
            parameterPolicies: new { rpcService = new RpcRequestConstraint() });
        endpoints.Map(pattern, ServerHeaders.RefuseUnknownMethodAsync)
            .WithMetadata(new FallbackMarker())
            .WithOrder(int.MaxValue);
    }

    private sealed class FallbackMarker;

    /// <summary>Leaves all other requests to the application's own routes.</summary>
    private sealed class RpcRequestConstraint : IRouteConstraint
    {
        public bool Match(
            HttpContext? httpContext,
            IRouter? route,
            string routeKey,
            RouteValueDictionary values,
            RouteDirection routeDirection) =>
            httpContext is not null && HttpMethods.IsPost(httpContext.Request.Method) &&
            WireHeaders.IsRpcContentType(httpContext.Request.ContentType);
    }
}
