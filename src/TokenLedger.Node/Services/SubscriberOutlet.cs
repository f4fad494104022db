// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Node.Services;

/// <summary>
/// A subscriber's end of its stream. The stream's buffer is all that may wait for it: when it is full, the
/// writer waits, and the subscriber is told to resume when it reads again late. For one writer.
/// </summary>
internal sealed class SubscriberOutlet : IAsyncDisposable
{
    /// <summary>The reason that a slow subscriber is told.</summary>
    public const string SlowConsumer = "SLOW_CONSUMER";

    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(Limits.SubscriberSlowMs);
    private static readonly TimeSpan Gone = TimeSpan.FromMilliseconds(Limits.SubscriberGoneMs);

    private readonly IServerStreamWriter<SubscribeResponse> _stream;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _patience;
    private readonly ITimer _timer;

    public SubscriberOutlet(
        IServerStreamWriter<SubscribeResponse> stream, TimeProvider time, CancellationToken ended)
    {
        _stream = stream;
        _time = time;
        _patience = CancellationTokenSource.CreateLinkedTokenSource(ended);
        _timer = time.CreateTimer(
            static patience => ((CancellationTokenSource)patience!).Cancel(), _patience,
            Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Hands an item over to the stream's buffer, and waits while that is full.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED, SLOW_CONSUMER: the buffer stood full for long.
    /// What was handed over still reaches the subscriber first, this item included.</exception>
    /// <exception cref="OperationCanceledException">The call ended, or the subscriber took nothing for so
    /// long that it is given up.</exception>
    public async Task WriteAsync(SubscribeResponse item)
    {
        Task written = _stream.WriteAsync(item, _patience.Token);
        if (written.IsCompletedSuccessfully)
        {
            return;
        }

        long began = _time.GetTimestamp();
        _timer.Change(Gone, Timeout.InfiniteTimeSpan);
        await written.ConfigureAwait(false);
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (_time.GetElapsedTime(began) > Slow)
        {
            throw ErrorModel.Failure(
                StatusCode.ResourceExhausted,
                SlowConsumer,
                $"Nothing was read for {Limits.SubscriberSlowMs / 1000} s. Subscribe again from the last "
                + "cursor that you have dealt with, and put what takes long behind a queue of your own.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The timer's callback must not come to a source that is gone.
        await _timer.DisposeAsync().ConfigureAwait(false);
        _patience.Dispose();
    }
}
