// SPDX-License-Identifier: Apache-2.0
using System.IO.Pipelines;
using System.Net;
using Grpc.Core;

namespace TokenLedger.Rpc;

/// <summary>
/// One call on the client, from the request's headers to the status. It ends once, by the trailers, a
/// failure, the deadline, the caller's token, <see cref="Dispose"/> or the channel's shutdown; all that
/// awaits it then gets the same status.
/// </summary>
internal sealed class ClientCall<TRequest, TResponse> : CallHandle
    where TRequest : class
    where TResponse : class
{
    private static readonly Status DeadlineStatus = new(StatusCode.DeadlineExceeded, "The deadline passed.");
    private static readonly Status DisposedStatus = new(StatusCode.Cancelled, "The call was disposed.");
    private static readonly Status ShutdownStatus = new(StatusCode.Cancelled, "The channel was shut down.");

    private readonly RpcChannel _channel;
    private readonly Method<TRequest, TResponse> _method;
    private readonly CallOptions _options;
    private readonly FrameWriter _writer;
    private readonly CancellationTokenSource _cancellation;
    private readonly CancellationToken _token;
    private readonly CancellationTokenRegistration _callerRegistration;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly DateTime? _deadline;
    private CancellationTokenRegistration _abortRegistration;
    private ITimer? _deadlineTimer;
    private CallGate _reading;
    private Task _sent = Task.CompletedTask;
    private Task? _only;
    private HttpResponseMessage? _response;
    private FrameReader? _reader;
    private Status? _cause;
    private volatile Outcome? _outcome;

    public ClientCall(RpcChannel channel, Method<TRequest, TResponse> method, CallOptions options)
    {
        channel.RequireOpen();
        _channel = channel;
        _method = method;
        _options = options;
        _writer = new FrameWriter(channel.Options.MaxSendMessageBytes);
        _deadline = DeadlineOf(channel.Options, method.Type, options);
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(channel.Shutdown);
        _token = _cancellation.Token;
        _callerRegistration = options.CancellationToken.UnsafeRegister(
            static state => ((ClientCall<TRequest, TResponse>)state!).Cancel(Status.DefaultCancelled), this);
    }

    /// <summary>Ends with the call; never fails.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Makes the body of a call with one request.</summary>
    /// <exception cref="RpcException">The request is above the limit; the call has ended.</exception>
    public HttpContent CreateContent(TRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return new MessageContent(Frame(request, _options.WriteOptions));
        }
        catch (RpcException e)
        {
            End(e.Status, Metadata.Empty);
            throw;
        }
    }

    /// <summary>Sends the request; failures show when the response is awaited.</summary>
    public void Start(string? host, HttpContent content) => _sent = SendAsync(host, content);

    /// <summary>Reads the response of a call that has exactly one. It is called once.</summary>
    public Task<TResponse> ReadOnlyMessageAsync() => (Task<TResponse>)(_only = ReadAndEndAsync());

    private async Task<TResponse> ReadAndEndAsync()
    {
        var message = await ReadAsync(default).ConfigureAwait(false);
        if (message is not null && await ReadAsync(default).ConfigureAwait(false) is null)
        {
            return message;
        }

        Dispose();
        throw new RpcException(
            new Status(StatusCode.Unimplemented, "The server did not send exactly one response."));
    }

    /// <summary>Reads a response; null after the last one if the status is OK.</summary>
    public async Task<TResponse?> ReadAsync(CancellationToken cancellationToken)
    {
        _reading.Enter();
        using var own = cancellationToken.UnsafeRegister(
            static state => ((ClientCall<TRequest, TResponse>)state!).Cancel(Status.DefaultCancelled), this);
        try
        {
            await _sent.ConfigureAwait(false);
            ThrowIfEnded();
            if (_outcome is not null)
            {
                return null;
            }

            _reader ??= await StartReadingAsync().ConfigureAwait(false);
            var message = await _reader.ReadAsync(_method.ResponseMarshaller, _token).ConfigureAwait(false);
            if (message is not null)
            {
                return message;
            }

            var trailers = _response!.TrailingHeaders;
            End(ClientHeaders.StatusOf(trailers), ClientHeaders.Read(trailers));
        }
        catch (Exception e)
        {
            EndWith(e);
        }
        finally
        {
            if (_outcome is not null)
            {
                _reader?.Complete();
            }

            _reading.Leave();
        }

        ThrowIfEnded();
        return null;
    }

    /// <summary>Writes a request of a stream, and waits while the server reads slowly.</summary>
    public async Task WriteAsync(
        TRequest message,
        StreamContent content,
        WriteOptions? writeOptions,
        CancellationToken cancellationToken)
    {
        writeOptions ??= _options.WriteOptions;
        using var own = cancellationToken.UnsafeRegister(
            static state => ((ClientCall<TRequest, TResponse>)state!).Cancel(Status.DefaultCancelled), this);
        await Task.WhenAny(content.Stream, Ended).ConfigureAwait(false);
        ThrowIfOver();
        var stream = await content.Stream.ConfigureAwait(false);
        var frame = Frame(message, writeOptions);
        try
        {
            await stream.WriteAsync(frame, _token).ConfigureAwait(false);
            if (writeOptions?.Flags.HasFlag(WriteFlags.BufferHint) != true)
            {
                await stream.FlushAsync(_token).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            // The server may have ended the call for a reason of its own, which is what the reader learns.
            // Where the user is not the reader, that reason comes by itself.
            if (_method.Type == MethodType.ClientStreaming)
            {
                await Ended.ConfigureAwait(false);
            }

            ThrowIfOver();
            throw new RpcException(TransportFailure.ToStatus(e));
        }
    }

    public override async Task<Metadata> GetHeadersAsync()
    {
        await _sent.ConfigureAwait(false);
        var headers = _response?.Headers ?? throw new RpcException(GetStatus(), GetTrailers());
        if (_only is { } only && ClientHeaders.ValueOf(headers, WireHeaders.StatusKey) is not null)
        {
            // The call ends with its headers: whoever has them can ask how.
            await only.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ClientHeaders.Read(headers);
    }

    public override Status GetStatus() => RequireOutcome().Status;

    public override Metadata GetTrailers() => RequireOutcome().Trailers;

    public override void Dispose()
    {
        Cancel(DisposedStatus);
        End(DisposedStatus, Metadata.Empty);
    }

    private static DateTime? DeadlineOf(RpcChannelOptions channel, MethodType type, CallOptions call)
    {
        if (call.Deadline is { } deadline && deadline != DateTime.MaxValue)
        {
            return deadline.Kind == DateTimeKind.Utc
                ? deadline
                : throw new InvalidOperationException("A deadline must be of kind Utc.");
        }

        return call.Deadline is null && type == MethodType.Unary && channel.DefaultDeadline is { } duration
            ? channel.TimeProvider.GetUtcNow().UtcDateTime + duration
            : null;
    }

    private ReadOnlyMemory<byte> Frame(TRequest message, WriteOptions? writeOptions) => _writer.Write(
        message,
        _method.RequestMarshaller,
        _channel.Options.CompressRequests && writeOptions?.Flags.HasFlag(WriteFlags.NoCompress) != true);

    private async Task SendAsync(string? host, HttpContent content)
    {
        try
        {
            var request = CreateRequest(host, content);
            _options.CancellationToken.ThrowIfCancellationRequested();
            var response = await _channel.SendAsync(request, _token).ConfigureAwait(false);
            _response = response;

            // From here on HTTP no longer looks at the token; disposing the response resets the stream.
            _abortRegistration = _token.UnsafeRegister(
                static state => ((HttpResponseMessage)state!).Dispose(), response);
            if (_outcome is not null)
            {
                response.Dispose();
            }
        }
        catch (Exception e)
        {
            EndWith(e);
        }
    }

    private HttpRequestMessage CreateRequest(string? host, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _channel.UriOf(_method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        content.Headers.TryAddWithoutValidation("content-type", WireHeaders.ContentType);
        request.Headers.Host = host;
        Add("te", "trailers");
        Add("user-agent", "grpc-tokenledger/0.1");
        Add(WireHeaders.AcceptEncodingKey, WireHeaders.AcceptedEncodings);
        if (_channel.Options.CompressRequests)
        {
            Add(WireHeaders.EncodingKey, WireHeaders.Gzip);
        }

        if (_deadline is { } deadline)
        {
            Add(WireHeaders.TimeoutKey, WireHeaders.FormatTimeout(StartDeadline(deadline)));
        }

        foreach (var entry in (_channel.Options.Headers ?? []).Concat(_options.Headers ?? []))
        {
            if (!WireHeaders.IsReserved(entry.Key))
            {
                Add(entry.Key, WireHeaders.Encode(entry));
            }
        }

        return request;

        void Add(string key, string value) => request.Headers.TryAddWithoutValidation(key, value);
    }

    private TimeSpan StartDeadline(DateTime deadline)
    {
        var clock = _channel.Options.TimeProvider;
        var left = deadline - clock.GetUtcNow().UtcDateTime;
        if (left <= TimeSpan.Zero)
        {
            throw new RpcException(DeadlineStatus);
        }

        _deadlineTimer = clock.CreateTimer(
            static state => ((ClientCall<TRequest, TResponse>)state!).Cancel(DeadlineStatus),
            this,
            left < WireHeaders.LongestTimeout ? left : WireHeaders.LongestTimeout,
            Timeout.InfiniteTimeSpan);
        return left;
    }

    /// <summary>Looks at the response's headers; a response without messages has its status there.</summary>
    private async ValueTask<FrameReader> StartReadingAsync()
    {
        var response = _response!;
        if (ClientHeaders.ValueOf(response.Headers, WireHeaders.StatusKey) is not null)
        {
            throw new RpcException(
                ClientHeaders.StatusOf(response.Headers), ClientHeaders.Read(response.Headers));
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new RpcException(new Status(
                TransportFailure.OfHttpStatus((int)response.StatusCode),
                $"HTTP status {(int)response.StatusCode}."));
        }

        var contentType = response.Content.Headers.NonValidated.TryGetValues("content-type", out var types)
            ? types.ToString()
            : null;
        if (!WireHeaders.IsRpcContentType(contentType))
        {
            throw new RpcException(new Status(StatusCode.Unknown, $"The content type is '{contentType}'."));
        }

        var encoding = ClientHeaders.ValueOf(response.Headers, WireHeaders.EncodingKey);
        var body = await response.Content.ReadAsStreamAsync(_token).ConfigureAwait(false);
        return new FrameReader(PipeReader.Create(body), _channel.Options.MaxReceiveMessageBytes, encoding);
    }

    private void Cancel(Status cause)
    {
        lock (_lock)
        {
            _cause ??= cause;
        }

        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call has ended meanwhile.
        }
    }

    /// <summary>Ends the call by a failure, unless a cancellation is what lies behind it.</summary>
    private void EndWith(Exception e)
    {
        var status = (e as RpcException)?.Status ?? TransportFailure.ToStatus(e);
        if (_token.IsCancellationRequested)
        {
            status = _cause ?? ShutdownStatus;
        }
        else if (status.StatusCode == StatusCode.Cancelled && e is not RpcException &&
            _deadline <= _channel.Options.TimeProvider.GetUtcNow().UtcDateTime)
        {
            // The server's clock was first, and it reset the stream instead of sending a status.
            status = DeadlineStatus;
        }

        End(status, (e as RpcException)?.Trailers ?? Metadata.Empty);
    }

    private void End(Status status, Metadata trailers)
    {
        if (Interlocked.CompareExchange(ref _outcome, new Outcome(status, trailers), null) is not null)
        {
            return;
        }

        _deadlineTimer?.Dispose();
        _callerRegistration.Unregister();
        _abortRegistration.Unregister();
        _response?.Dispose();
        // A write may wait for a window that the server, which has said all, never opens.
        _cancellation.Cancel();
        _cancellation.Dispose();
        _ended.TrySetResult();
    }

    private Outcome RequireOutcome() =>
        _outcome ?? throw new InvalidOperationException("The call has not ended.");

    private void ThrowIfEnded()
    {
        if (_outcome is { Status.StatusCode: not StatusCode.OK } outcome)
        {
            throw new RpcException(outcome.Status, outcome.Trailers);
        }
    }

    /// <summary>A write after the end fails, also when the end was a good one.</summary>
    private void ThrowIfOver()
    {
        ThrowIfEnded();
        if (_outcome is not null)
        {
            throw new InvalidOperationException("The server has ended the call.");
        }

        if (_token.IsCancellationRequested)
        {
            throw new RpcException(_cause ?? ShutdownStatus);
        }
    }

    /// <summary>How the call ended; a reference, so that other threads see all of it or nothing.</summary>
    private sealed record Outcome(Status Status, Metadata Trailers);
}
