// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Core.Json;

namespace TokenLedger.Mesh.Requests;

/// <summary>
/// Reads a request and says how it is answered: what is wrong with the request is known before the work
/// begins.
/// </summary>
internal delegate Func<CancellationToken, Task<JsonObject>> MeshHandler(StrictObject request);

/// <summary>
/// One request: its method, size and form, then its handler, then an answer or an error. By the API's
/// convention every error has the status 500, whatever its cause. Thread-safe.
/// </summary>
internal sealed class MeshServer(IReadOnlyDictionary<string, MeshHandler> handlers, ILogger log) : IDisposable
{
    private readonly FrozenDictionary<string, MeshHandler> _handlers =
        handlers.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly SemaphoreSlim _slots = new(Limits.MeshRequestsAtOnce, Limits.MeshRequestsAtOnce);

    public async Task AnswerAsync(HttpContext context)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        ends.CancelAfter(Limits.MeshRequestWithinMs);
        bool placed = false;
        try
        {
            (int, JsonObject) answer = await GuardAsync(
                context,
                async () =>
                {
                    // Who is slow to ask holds nobody up; who is slow to read holds a place, for a while.
                    Func<CancellationToken, Task<JsonObject>> work = await ReadAsync(context, ends.Token)
                        .ConfigureAwait(false);
                    await _slots.WaitAsync(ends.Token).ConfigureAwait(false);
                    placed = true;
                    return await work(ends.Token).ConfigureAwait(false);
                },
                ends.Token).ConfigureAwait(false);
            await WriteAsync(context.Response, answer, ends.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
        finally
        {
            if (placed)
            {
                _slots.Release();
            }
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<(int Status, JsonObject Answer)> GuardAsync(
        HttpContext context, Func<Task<JsonObject>> work, CancellationToken token)
    {
        try
        {
            return (StatusCodes.Status200OK, await work().ConfigureAwait(false));
        }
        catch (MeshException e)
        {
            return Error(e.Error, e.Message);
        }
        catch (StrictJsonException e)
        {
            return Error(MeshError.RequestInvalid, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            return Error(
                e.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? MeshError.RequestTooLarge
                    : MeshError.RequestInvalid,
                e.Message);
        }
#pragma warning disable CA1031 // The last frame of a request: a client learns that it failed, the log why.
        catch (Exception e) when (!token.IsCancellationRequested)
        {
            Log.Failed(log, context.Request.Path.Value ?? "", e);
            return Error(MeshError.Failed, "See the adapter's log.");
        }
#pragma warning restore CA1031
    }

    private static async Task WriteAsync(
        HttpResponse response, (int Status, JsonObject Json) answer, CancellationToken token)
    {
        response.StatusCode = answer.Status;
        response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(response.BodyWriter);
        answer.Json.WriteTo(writer);
        await writer.FlushAsync(token).ConfigureAwait(false);
    }

    private static (int Status, JsonObject Answer) Error(MeshError error, string detail) =>
        (StatusCodes.Status500InternalServerError, error.ToJson(detail));

    private async Task<Func<CancellationToken, Task<JsonObject>>> ReadAsync(
        HttpContext context, CancellationToken aborted)
    {
        HttpRequest request = context.Request;
        if (!_handlers.TryGetValue(request.Path.Value ?? "", out MeshHandler? handler))
        {
            throw new MeshException(MeshError.EndpointUnknown, "See the README for those that there are.");
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            throw new MeshException(MeshError.MethodNotAllowed, $"It was asked with {request.Method}.");
        }

        ReadOnlyMemory<byte> body = await BodyAsync(request, aborted).ConfigureAwait(false);
        return StrictJson.Read(body, Limits.MeshRequestBytes, root => root.Object(o => handler(o)));
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpRequest request, CancellationToken aborted)
    {
        // One byte more than may come tells that more came; a length that is declared is not believed.
        byte[] buffer = new byte[Math.Min(
            request.ContentLength ?? Limits.MeshRequestBytes, Limits.MeshRequestBytes) + 1];
        int read = await request.Body.ReadAtLeastAsync(
            buffer, buffer.Length, throwOnEndOfStream: false, aborted).ConfigureAwait(false);
        return read <= Limits.MeshRequestBytes
            ? buffer.AsMemory(0, read)
            : throw new MeshException(
                MeshError.RequestTooLarge, $"It is over {Limits.MeshRequestBytes} bytes.");
    }
}
