// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Grpc.Core;

namespace TokenLedger.Rpc;

/// <summary>The responses of a call, as its user reads them.</summary>
internal sealed class ClientStreamReader<TRequest, TResponse>(ClientCall<TRequest, TResponse> call)
    : IAsyncStreamReader<TResponse>
    where TRequest : class
    where TResponse : class
{
    private TResponse? _current;

    public TResponse Current =>
        _current ?? throw new InvalidOperationException("There is no current message.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        _current = await call.ReadAsync(cancellationToken).ConfigureAwait(false);
        return _current is not null;
    }
}

/// <summary>The requests of a call, as its user writes them.</summary>
internal sealed class ClientStreamWriter<TRequest, TResponse>(ClientCall<TRequest, TResponse> call)
    : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private CallGate _writing;
    private bool _completed;

    public StreamContent Content { get; } = new(call.Ended);

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        _writing.Enter();
        try
        {
            if (_completed)
            {
                throw new InvalidOperationException("The request stream was completed.");
            }

            await call.WriteAsync(message, Content, WriteOptions, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Leave();
        }
    }

    public Task CompleteAsync()
    {
        _writing.Enter();
        _completed = true;
        Content.Complete();
        _writing.Leave();
        return Task.CompletedTask;
    }
}

/// <summary>One request. HTTP may send it again on another connection, so the frame stays as it is.</summary>
internal sealed class MessageContent(ReadOnlyMemory<byte> frame) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(frame, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = frame.Length;
        return true;
    }
}

/// <summary>A stream of requests: lends HTTP's stream to the writer until there are no more.</summary>
/// <param name="callEnded">Ends when the call has ended without the writer's doing.</param>
internal sealed class StreamContent(Task callEnded) : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(
        TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>HTTP's stream, once the request is on its way.</summary>
    public Task<Stream> Stream => _stream.Task;

    public void Complete() => _completed.TrySetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Sends the headers now: the server may speak first.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (!_stream.TrySetResult(stream))
        {
            throw new IOException("A stream of requests can't be sent a second time.");
        }

        await Task.WhenAny(_completed.Task, callEnded).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
