// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Core.Genesis;
using TokenLedger.Mesh.Requests;

namespace TokenLedger.Mesh.Tests;

/// <summary>The endpoints that need no node, without a network between them and the client.</summary>
internal sealed class InProcess : IDisposable
{
    private readonly Handler _handler;
    private readonly HttpClient _http;

    public InProcess(GenesisDocument genesis)
        : this(MeshHost.Handlers(new MeshNetwork(genesis), online: null), genesis.NetworkName)
    {
    }

    public InProcess(IReadOnlyDictionary<string, MeshHandler> handlers, string networkName)
    {
        _handler = new Handler(new MeshServer(handlers, NullLogger.Instance));
        _http = new HttpClient(_handler) { BaseAddress = new Uri("http://localhost") };
        Client = new MeshClient(_http, networkName);
    }

    public MeshClient Client { get; }

    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }

    private sealed class Handler(MeshServer server) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var body = new MemoryStream();
            var context = new DefaultHttpContext();
            context.Request.Method = request.Method.Method;
            context.Request.Path = request.RequestUri!.AbsolutePath;
            context.Request.Body = await request.Content!.ReadAsStreamAsync(cancellationToken);
            context.Response.Body = body;
            await server.AnswerAsync(context);
            await context.Response.CompleteAsync();
            var response = new HttpResponseMessage((HttpStatusCode)context.Response.StatusCode)
            {
                Content = new ByteArrayContent(body.ToArray()),
            };
            response.Content.Headers.ContentType = new(context.Response.ContentType!);
            return response;
        }

        protected override void Dispose(bool disposing)
        {
            server.Dispose();
            base.Dispose(disposing);
        }
    }
}
