// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>
/// An endpoint between a validator and the chain abroad, on a port of this machine. It hands everything on,
/// unless it is told to lie.
/// </summary>
internal sealed class RpcProxy : IAsyncDisposable
{
    private const int MostBytes = 1 << 20;
    private const int MostConnections = 64;

    private readonly WebApplication _server;
    private readonly HttpClient _node;
    private readonly CancellationTokenSource _end = new();
    private volatile RpcLie? _lie;
    private CancellationTokenSource _honest = new();

    private RpcProxy(WebApplication server, Uri node)
    {
        _server = server;
        _node = new HttpClient { BaseAddress = node, MaxResponseContentBufferSize = 64 * MostBytes };
        server.Run(ServeAsync);
    }

    public Uri Endpoint => new(_server.Services.GetRequiredService<IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>How it lies; null for an honest one.</summary>
    public RpcLie? Lie
    {
        get => _lie;
        set
        {
            _lie = value;

            // Who waits for an answer that never comes may go.
            Interlocked.Exchange(ref _honest, new CancellationTokenSource()).Cancel();
        }
    }

    public static async Task<RpcProxy> StartAsync(Uri node)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static (KestrelServerOptions options) =>
        {
            options.Listen(IPAddress.Loopback, 0);
            options.Limits.MaxRequestBodySize = MostBytes;
            options.Limits.MaxConcurrentConnections = MostConnections;
        });
        var proxy = new RpcProxy(builder.Build(), node);
        await proxy._server.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _server.StopAsync(_end.Token);
        await _server.DisposeAsync();
        _node.Dispose();
        _honest.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, _end.Token, _honest.Token);
        try
        {
            JsonNode request = (await JsonNode.ParseAsync(
                context.Request.Body, cancellationToken: gone.Token))!;
            JsonNode? answer = request is JsonArray batch
                ? await AnswerAsync(batch, gone.Token)
                : await AnswerAsync(request.AsObject(), gone.Token);
            if (answer is null)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer.ToJsonString(), gone.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException)
        {
            context.Abort();
        }
    }

    /// <summary>The answers in order; null when one is missing.</summary>
    private async Task<JsonArray?> AnswerAsync(JsonArray batch, CancellationToken cancel)
    {
        var answers = new JsonArray();
        foreach (JsonNode? request in batch)
        {
            if (await AnswerAsync(request!.AsObject(), cancel) is not { } answer)
            {
                return null;
            }

            answers.Add(answer);
        }

        return answers;
    }

    private async Task<JsonObject?> AnswerAsync(JsonObject request, CancellationToken cancel) =>
        _lie is { } lie ? await lie.Answer(request, ForwardAsync, cancel) : await ForwardAsync(request);

    private async Task<JsonObject> ForwardAsync(JsonObject request)
    {
        using var content = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _node.PostAsync((Uri?)null, content);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
    }
}
