// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Rpc;

/// <summary>
/// Lets one operation in at a time, refuses a second one instead of queueing it, and closes for good. A field
/// of this type must not be read-only.
/// </summary>
internal struct CallGate
{
    private const int Idle = 0;
    private const int Busy = 1;
    private const int Closed = 2;

    private int _state;
    private TaskCompletionSource? _left;

    /// <exception cref="InvalidOperationException">An operation is inside, or the gate is closed.</exception>
    public void Enter()
    {
        if (Interlocked.CompareExchange(ref _state, Busy, Idle) != Idle)
        {
            throw new InvalidOperationException(
                "An operation of this kind is in progress (await it first), or the call has ended.");
        }
    }

    public void Leave()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Busy) == Closed)
        {
            _left!.SetResult();
        }
    }

    /// <summary>Closes; the task ends when the operation that was inside, if any, has left.</summary>
    public Task Close()
    {
        if (Interlocked.CompareExchange(ref _state, Closed, Idle) == Idle)
        {
            return Task.CompletedTask;
        }

        _left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return Interlocked.Exchange(ref _state, Closed) == Busy ? _left.Task : Task.CompletedTask;
    }
}
