// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TokenLedger.Evm;

/// <summary>One JSON-RPC request.</summary>
/// <param name="Method">E.g. <c>eth_getBlockByNumber</c>.</param>
/// <param name="Parameters">Its parameters.</param>
public sealed record EvmRequest(string Method, params ImmutableArray<JsonNode?> Parameters);

/// <summary>
/// JSON-RPC 2.0 over HTTP to one node of an Ethereum network. Each call has a deadline and its answer a size;
/// nothing is tried again here, and no redirect is followed. Thread-safe.
/// </summary>
public sealed class EvmProvider : IDisposable
{
    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = EvmLimits.JsonDepth,
        AllowDuplicateProperties = false,
    };

    private readonly HttpClient _http;
    private readonly TimeSpan _deadline;
    private readonly TimeProvider _time;
    private long _lastId;

    /// <summary>Connects on the first call.</summary>
    /// <param name="endpoint">http or https.</param>
    /// <param name="deadline">How long a call may take, from connecting to the answer's last byte.</param>
    /// <param name="time">The clock.</param>
    /// <param name="name">What messages call it; else its host and port, as paths often hold keys.</param>
    /// <exception cref="ArgumentException">The endpoint is no web address, or the deadline is not positive.
    /// </exception>
    public EvmProvider(Uri endpoint, TimeSpan deadline, TimeProvider time, string? name = null)
        : this(endpoint, deadline, time, name, new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
    {
    }

    /// <summary>With another way to send, which it owns.</summary>
    internal EvmProvider(
        Uri endpoint, TimeSpan deadline, TimeProvider time, string? name, HttpMessageHandler handler)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(deadline, TimeSpan.Zero);
        if (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException(
                "An endpoint is an absolute http or https address.", nameof(endpoint));
        }

        Endpoint = endpoint;
        Name = name ?? endpoint.Authority;
        _deadline = deadline;
        _time = time;
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Where the node listens. It may hold a key: messages have <see cref="Name"/>.</summary>
    public Uri Endpoint { get; }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>Requests so far; a batch's count one by one.</summary>
    public long Requests => Volatile.Read(ref _lastId);

    /// <summary>Calls one method.</summary>
    /// <returns>The result, which may be JSON's null.</returns>
    /// <exception cref="EvmCallException">There is none: see its three kinds.</exception>
    public async Task<JsonElement> CallAsync(EvmRequest request, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        long id = Interlocked.Increment(ref _lastId);
        JsonElement answer = await PostAsync(Body(request, id), cancel).ConfigureAwait(false);
        return Result(answer, id);
    }

    /// <summary>Calls several methods with one HTTP request.</summary>
    /// <returns>The results in the order of the requests.</returns>
    /// <exception cref="EvmCallException">One of them has none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">They are more than a batch may have.</exception>
    public async Task<JsonElement[]> CallAllAsync(
        IReadOnlyList<EvmRequest> requests, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(requests.Count, EvmLimits.BatchRequests);
        if (requests.Count == 0)
        {
            return [];
        }

        long first = Interlocked.Add(ref _lastId, requests.Count) - requests.Count + 1;
        var batch = new JsonArray([.. requests.Select((request, i) => Body(request, first + i))]);
        JsonElement answer = await PostAsync(batch, cancel).ConfigureAwait(false);
        if (answer.ValueKind == JsonValueKind.Object)
        {
            // The batch as a whole is refused; its answer has no id of ours.
            throw RefusalOf(answer) ?? (EvmCallException)Malformed("a batch's answer is no list");
        }

        if (answer.ValueKind != JsonValueKind.Array || answer.GetArrayLength() != requests.Count)
        {
            throw Malformed("a batch has another number of answers");
        }

        // Answers may come in any order.
        var byId = new Dictionary<long, JsonElement>();
        foreach (JsonElement one in answer.EnumerateArray())
        {
            if (!byId.TryAdd(IdOf(one), one))
            {
                throw Malformed("a batch has two answers to one request");
            }
        }

        return [.. Enumerable.Range(0, requests.Count).Select(i =>
            byId.TryGetValue(first + i, out JsonElement one)
                ? Result(one, first + i)
                : throw Malformed("a batch lacks an answer"))];
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    internal EvmAnswerException Malformed(string what, bool isTooLarge = false, Exception? inner = null) =>
        new(Name, what, isTooLarge, inner);

    private static JsonObject Body(EvmRequest request, long id) => new()
    {
        ["jsonrpc"] = "2.0",
        ["id"] = id,
        ["method"] = request.Method,
        ["params"] = new JsonArray([.. request.Parameters.Select(static one => one?.DeepClone())]),
    };

    private async Task<JsonElement> PostAsync(JsonNode body, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(_deadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint);
            request.Content = new StringContent(body.ToJsonString());
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage response = await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            byte[] bytes = await ReadAsync(response.Content, either.Token).ConfigureAwait(false);
            return Parse(bytes, response);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new EvmTransportException(Name, $"no answer within {_deadline}", inner: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new EvmTransportException(Name, e.Message, inner: e);
        }
    }

    private async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancel)
    {
        if (content.Headers.ContentLength > EvmLimits.AnswerBytes)
        {
            throw TooLarge();
        }

        Stream stream = await content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var read = new MemoryStream();
            byte[] chunk = new byte[16 * 1024];
            while (await stream.ReadAsync(chunk, cancel).ConfigureAwait(false) is > 0 and var count)
            {
                if (read.Length + count > EvmLimits.AnswerBytes)
                {
                    throw TooLarge();
                }

                read.Write(chunk, 0, count);
            }

            return read.ToArray();
        }
    }

    private EvmAnswerException TooLarge() =>
        Malformed($"the answer is above {EvmLimits.AnswerBytes} bytes", isTooLarge: true);

    private JsonElement Parse(byte[] bytes, HttpResponseMessage response)
    {
        JsonElement? answer = null;
        Exception? reason = null;
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            answer = document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            reason = e;
        }

        if (!response.IsSuccessStatusCode)
        {
            // Some providers put JSON-RPC's errors under a status of HTTP.
            int status = (int)response.StatusCode;
            throw (answer is { } told ? RefusalOf(told) : null)
                ?? (EvmCallException)new EvmTransportException(
                Name,
                string.Create(CultureInfo.InvariantCulture, $"HTTP status {status}"),
                isTransient: status is 408 or 429 or >= 500);
        }

        return answer ?? throw Malformed("the answer is no JSON", inner: reason);
    }

    private JsonElement Result(JsonElement answer, long id)
    {
        if (RefusalOf(answer) is { } refusal)
        {
            throw refusal;
        }

        return IdOf(answer) == id && answer.TryGetProperty("result", out JsonElement result)
            ? result
            : throw Malformed("the answer has no result, or is to another call");
    }

    private EvmRpcException? RefusalOf(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object
            || !answer.TryGetProperty("error", out JsonElement error)
            || error.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        int code = error.TryGetProperty("code", out JsonElement number)
            && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out int told) ? told : 0;
        return new EvmRpcException(Name, code, MessageOf(error), RevertDataOf(error));
    }

    private static string MessageOf(JsonElement error)
    {
        try
        {
            string text = EvmHex.Text(EvmJson.Member(error, "message"));
            return new string([.. text.Take(EvmLimits.MessageChars).Where(static c => !char.IsControl(c))]);
        }
        catch (EvmFormatException)
        {
            return "no reason";
        }
    }

    private static ImmutableArray<byte> RevertDataOf(JsonElement error)
    {
        try
        {
            byte[] data = EvmHex.ReadData(EvmJson.Member(error, "data"));
            return data.Length <= EvmLimits.RevertBytes ? [.. data] : [];
        }
        catch (EvmFormatException)
        {
            // Other errors have words there, or an object.
            return [];
        }
    }

    private long IdOf(JsonElement answer) => answer.ValueKind == JsonValueKind.Object
        && answer.TryGetProperty("id", out JsonElement id)
        && id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out long value)
        ? value
        : throw Malformed("an answer has no id");
}
