// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace TokenLedger.Rpc;

/// <summary>
/// One call on the server, from the request's headers to the trailers. The deadline and the server's stop
/// cancel the call's token; the trailers follow when the service's method has ended, so that no two threads
/// write.
/// </summary>
internal sealed partial class ServerCall : ServerCallContext
{
    /// <summary>The code of RST_STREAM that says that the call is given up.</summary>
    private const int ResetCancel = 8;

    /// <summary>The code of RST_STREAM that every gRPC client reads as UNAVAILABLE.</summary>
    private const int ResetRefused = 7;

    /// <summary>What a client that does not read has to take a last message and the status.</summary>
    private static readonly TimeSpan LastFlush = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Messages written with <see cref="WriteFlags.BufferHint"/> are sent when they come to this.
    /// </summary>
    private const int MaxBufferedBytes = 32 * 1024;

    private static readonly Status DeadlineStatus = new(StatusCode.DeadlineExceeded, "The deadline passed.");

    private readonly ServerRuntime _runtime;
    private readonly string _method;
    private readonly bool _isStream;
    private FrameReader? _reader;
    private FrameWriter? _writer;
    private ResponseFlush? _flush;
    private CancellationTokenSource? _cancellation;
    private Metadata? _requestHeaders;
    private Metadata? _trailers;
    private int _bufferedBytes;
    private bool _compress;
    private bool _hasWritten;
    private volatile bool _abandoned;
    private CallGate _reading;
    private CallGate _writing;

    public ServerCall(HttpContext http, ServerRuntime runtime, string method, bool isStream)
    {
        Http = http;
        _runtime = runtime;
        _method = method;
        _isStream = isStream;
    }

    public HttpContext Http { get; }

    protected override string MethodCore => _method;

    protected override string HostCore => Http.Request.Host.Value ?? "";

    protected override string PeerCore => ServerHeaders.PeerOf(Http.Connection);

    protected override DateTime DeadlineCore => _deadline;

    protected override CancellationToken CancellationTokenCore => _cancellation!.Token;

    protected override Metadata ResponseTrailersCore => _trailers ??= [];

    protected override Status StatusCore { get; set; } = Status.DefaultSuccess;

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override Metadata RequestHeadersCore =>
        _requestHeaders ??= ServerHeaders.Read(Http.Request.Headers);

    /// <summary>Serves the call. Never fails.</summary>
    public async Task RunAsync(Func<ServerCall, Task> serve)
    {
        if (!WireHeaders.IsRpcContentType(Http.Request.ContentType))
        {
            Http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        if (!HttpProtocol.IsHttp2(Http.Request.Protocol) && !HttpProtocol.IsHttp3(Http.Request.Protocol))
        {
            Http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        try
        {
            try
            {
                Prepare();
                var interceptor = _runtime.Options.Interceptor;
                var served = interceptor is null
                    ? serve(this)
                    : interceptor(this, () => ServeOrExplainAsync(serve));
                await served.ConfigureAwait(false);
            }
            catch (Exception e)
            {
                SetFailure(ToRpcException(e));
            }

            await FinishAsync().ConfigureAwait(false);
        }
        finally
        {
            _deadlineTimer?.Dispose();
            _cancellation?.Dispose();
        }
    }

    /// <summary>Reads the request of a call that has exactly one.</summary>
    public async ValueTask<T> ReadOnlyMessageAsync<T>(Marshaller<T> marshaller)
        where T : class
    {
        var message = await ReadAsync(marshaller, default).ConfigureAwait(false);
        return message is not null && await ReadAsync(marshaller, default).ConfigureAwait(false) is null
            ? message
            : throw new RpcException(
                new Status(StatusCode.Unimplemented, "The method takes exactly one request."));
    }

    /// <summary>Reads a request; null after the last one.</summary>
    public async ValueTask<T?> ReadAsync<T>(Marshaller<T> marshaller, CancellationToken cancellationToken)
        where T : class
    {
        _reading.Enter();
        var linked = Link(cancellationToken, out var token);
        try
        {
            token.ThrowIfCancellationRequested();
            return await _reader!.ReadAsync(marshaller, token).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            // The request's token may tell of a broken connection only a moment later.
            _abandoned = true;
            throw new OperationCanceledException("The client gave the call up.", e, token);
        }
        finally
        {
            linked?.Dispose();
            _reading.Leave();
        }
    }

    /// <summary>
    /// Writes the response of a call that has exactly one. A small one leaves with the trailers. A large one
    /// waits for the client to read, so that the call, with what counts it, lasts as long as its memory.
    /// </summary>
    public Task WriteLastAsync<T>(T? message, Marshaller<T> marshaller)
        where T : class => message is null
            ? throw new RpcException(new Status(StatusCode.Internal, "The service gave no response."))
            : WriteAsync(
                message, marshaller, new WriteOptions((WriteOptions?.Flags ?? 0) | WriteFlags.BufferHint),
                CancellationToken);

    /// <summary>Writes a response of a stream, and waits while the client reads slowly.</summary>
    public async Task WriteAsync<T>(
        T message, Marshaller<T> marshaller, WriteOptions? writeOptions, CancellationToken cancellationToken)
    {
        writeOptions ??= WriteOptions;
        BeginWrite(message, marshaller, writeOptions, out var frameBytes);
        var linked = Link(cancellationToken, out var token);
        try
        {
            _bufferedBytes += frameBytes;
            if (writeOptions?.Flags.HasFlag(WriteFlags.BufferHint) != true ||
                _bufferedBytes >= MaxBufferedBytes)
            {
                _bufferedBytes = 0;
                await _flush!.FlushAsync(token).ConfigureAwait(false);
            }
        }
        finally
        {
            linked?.Dispose();
            _writing.Leave();
        }
    }

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        if (_hasWritten || Http.Response.HasStarted)
        {
            throw new InvalidOperationException("The response's headers were sent already.");
        }

        ServerHeaders.Append(Http.Response.Headers, responseHeaders);
        _hasWritten = true;
        await _flush!.FlushAsync(CancellationToken).ConfigureAwait(false);
    }

    private void Prepare()
    {
        var options = _runtime.Options;
        var request = Http.Request.Headers;
        Http.Response.ContentType = WireHeaders.ContentType;
        Http.Response.Headers[WireHeaders.AcceptEncodingKey] = WireHeaders.AcceptedEncodings;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(
            Http.RequestAborted, _isStream ? _runtime.Stopping : CancellationToken.None);
        StartDeadline(ServerHeaders.ReadTimeout(request));

        var encoding = ServerHeaders.ReadEncoding(request);

        // The limits of messages and the deadline do what Kestrel's limits of bodies would do, and those
        // would end an idle stream.
        if (Http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (_isStream && Http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        _reader = new FrameReader(Http.Request.BodyReader, options.MaxReceiveMessageBytes, encoding);
        _writer = new FrameWriter(options.MaxSendMessageBytes);
        _flush = new ResponseFlush(Http.Response.BodyWriter);
        _compress = options.CompressResponses && ServerHeaders.AcceptsGzip(request);
        if (_compress)
        {
            Http.Response.Headers[WireHeaders.EncodingKey] = WireHeaders.Gzip;
        }
    }

    /// <summary>
    /// The token for one read or write: the call's, or one that the caller's own also cancels.
    /// </summary>
    private CancellationTokenSource? Link(CancellationToken own, out CancellationToken token)
    {
        var linked = own.CanBeCanceled && own != CancellationToken
            ? CancellationTokenSource.CreateLinkedTokenSource(own, CancellationToken)
            : null;
        token = linked?.Token ?? CancellationToken;
        return linked;
    }

    private void BeginWrite<T>(
        T message, Marshaller<T> marshaller, WriteOptions? writeOptions, out int frameBytes)
    {
        _writing.Enter();
        try
        {
            CancellationToken.ThrowIfCancellationRequested();
            if (_flush!.IsInterrupted)
            {
                throw new InvalidOperationException("A write was given up; nothing can follow it.");
            }

            var compress = _compress && writeOptions?.Flags.HasFlag(WriteFlags.NoCompress) != true;
            var frame = _writer!.Write(message, marshaller, compress);
            frame.Span.CopyTo(Http.Response.BodyWriter.GetSpan(frame.Length));
            Http.Response.BodyWriter.Advance(frame.Length);
            _hasWritten = true;
            frameBytes = frame.Length;
        }
        catch
        {
            _writing.Leave();
            throw;
        }
    }

    /// <summary>Serves the call so that an interceptor sees failures as the client will see them.</summary>
    private async Task ServeOrExplainAsync(Func<ServerCall, Task> serve)
    {
        try
        {
            await serve(this).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw ToRpcException(e);
        }
    }

    private RpcException ToRpcException(Exception e)
    {
        var stopping = _isStream && _runtime.Stopping.IsCancellationRequested;
        switch (e)
        {
            case var _ when _deadlinePassed:
                return new RpcException(DeadlineStatus);
            case OperationCanceledException when _abandoned || Http.RequestAborted.IsCancellationRequested:
                return new RpcException(Status.DefaultCancelled);
            case OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled }
                when _ended is { } why:
                return why;
            case OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled }
                when stopping:
                return new RpcException(new Status(StatusCode.Unavailable, "The server is stopping."));
            case RpcException { StatusCode: not StatusCode.OK } failure:
                return failure;
            default:
                Log.HandlerFailed(_runtime.Logger, e, _method);
                return new RpcException(new Status(StatusCode.Unknown, "Exception was thrown by handler."));
        }
    }

    private void SetFailure(RpcException failure)
    {
        StatusCore = failure.Status;
        if (!ReferenceEquals(failure.Trailers, _trailers))
        {
            foreach (var entry in failure.Trailers)
            {
                ResponseTrailersCore.Add(entry);
            }
        }
    }

    private async Task FinishAsync()
    {
        await EndPendingOperationsAsync().ConfigureAwait(false);
        if (Http.RequestAborted.IsCancellationRequested)
        {
            await (_flush?.DrainAsync() ?? Task.CompletedTask).ConfigureAwait(false);
            return;
        }

        if (_flush is { IsInterrupted: true } &&
            !await _flush.CompletesAsync(LastFlush, _runtime.Options.TimeProvider).ConfigureAwait(false))
        {
            Reset();
            await _flush.DrainAsync().ConfigureAwait(false);
            return;
        }

        if (_deadlinePassed && StatusCore.StatusCode == StatusCode.OK)
        {
            StatusCore = DeadlineStatus;
        }

        var trailers = Http.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        var target = _hasWritten && trailers is not null ? trailers : Http.Response.Headers;
        ServerHeaders.WriteStatus(target, StatusCore, _trailers);

        // If the client is still sending, Kestrel resets the stream with NO_ERROR once the trailers are out.
        // To do it here would cut off responses that wait for the client's flow control.
    }

    /// <summary>
    /// A service may end while a read or write that it did not wait for is pending. HTTP's objects are reused
    /// for other requests, so nothing of this call may touch them later.
    /// </summary>
    private async Task EndPendingOperationsAsync()
    {
        var read = _reading.Close();
        var write = _writing.Close();
        if (!read.IsCompleted || !write.IsCompleted)
        {
            await _cancellation!.CancelAsync().ConfigureAwait(false);
            await read.ConfigureAwait(false);
            await write.ConfigureAwait(false);
        }
    }

    /// <summary>Gives the stream up: what was being written can't be completed.</summary>
    private void Reset() => Http.Features.GetRequiredFeature<IHttpResetFeature>().Reset(
        StatusCore.StatusCode == StatusCode.Unavailable ? ResetRefused : ResetCancel);
}
