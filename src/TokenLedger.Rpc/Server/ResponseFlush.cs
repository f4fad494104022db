// SPDX-License-Identifier: Apache-2.0
using System.IO.Pipelines;

namespace TokenLedger.Rpc;

/// <summary>
/// Sends what a call has written, and lets go of a send that is to end early without breaking the stream.
/// Kestrel answers a flush whose token is cancelled with RST_STREAM INTERNAL_ERROR at once, so that a client
/// would see a defect where the server only stops; here the flush goes on without a token, and the call
/// decides what becomes of it. One flush at a time.
/// </summary>
internal sealed class ResponseFlush(PipeWriter writer)
{
    private Task<FlushResult>? _pending;

    /// <summary>Whether a flush was given up or has failed: nothing more can be written.</summary>
    public bool IsInterrupted { get; private set; }

    /// <summary>Waits until the client may be sent what was written.</summary>
    /// <exception cref="OperationCanceledException">The token, or the client gave the call up.</exception>
    public async ValueTask FlushAsync(CancellationToken token)
    {
        IsInterrupted = true;
        ValueTask<FlushResult> flush = writer.FlushAsync(CancellationToken.None);
        FlushResult result;
        if (flush.IsCompleted)
        {
            result = await flush.ConfigureAwait(false);
        }
        else
        {
            _pending = flush.AsTask();
            result = await _pending.WaitAsync(token).ConfigureAwait(false);
        }

        IsInterrupted = false;
        if (result.IsCompleted)
        {
            throw new OperationCanceledException("The client gave the call up.", token);
        }
    }

    /// <summary>
    /// Whether the flush that was given up completes in time after all, so that the status can follow it.
    /// </summary>
    public async Task<bool> CompletesAsync(TimeSpan within, TimeProvider clock)
    {
        if (_pending is not { } pending)
        {
            return false;
        }

        try
        {
            return !(await pending.WaitAsync(within, clock).ConfigureAwait(false)).IsCompleted;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException or IOException)
        {
            return false;
        }
    }

    /// <summary>Ends when no flush is under way: the writer belongs to another request afterwards.</summary>
    public Task DrainAsync() =>
        _pending is null
            ? Task.CompletedTask
            : _pending.ContinueWith(
                static ended => _ = ended.Exception, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
