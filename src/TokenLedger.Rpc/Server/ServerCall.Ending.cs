// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;

namespace TokenLedger.Rpc;

/// <content>What ends a call before its service does: its deadline, and whoever may end it.</content>
internal sealed partial class ServerCall
{
    private ITimer? _deadlineTimer;
    private DateTime _deadline = DateTime.MaxValue;
    private volatile bool _deadlinePassed;
    private volatile RpcException? _ended;

    /// <summary>
    /// Ends the call from outside its service: its token is cancelled, and the client sees this failure once
    /// the service has ended. Thread-safe; does nothing when the call has ended.
    /// </summary>
    public void End(RpcException why)
    {
        _ended = why;
        Cancel();
    }

    private void StartDeadline(TimeSpan? timeout)
    {
        var max = _runtime.Options.MaxDeadline;
        if (!_isStream)
        {
            timeout ??= _runtime.Options.DefaultDeadline ?? max;
            timeout = timeout > max ? max : timeout;
        }

        if (timeout is { } duration)
        {
            var clock = _runtime.Options.TimeProvider;
            _deadline = clock.GetUtcNow().UtcDateTime + duration;
            _deadlineTimer = clock.CreateTimer(
                static state => ((ServerCall)state!).OnDeadline(), this, duration, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnDeadline()
    {
        _deadlinePassed = true;
        Cancel();
    }

    private void Cancel()
    {
        try
        {
            _cancellation!.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call has ended meanwhile.
        }
    }
}
