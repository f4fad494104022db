// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Simulation;

/// <summary>
/// What happens next: one queue of events, by time and then by the order in which they were asked for.
/// </summary>
internal sealed class VirtualTime
{
    private readonly PriorityQueue<Action, (ulong At, ulong Sequence)> _events = new();
    private ulong _sequence;

    public ulong NowMs { get; private set; }

    public ulong Events { get; private set; }

    public void After(ulong delayMs, Action action) => At(NowMs + delayMs, action);

    /// <summary>Not before now, whatever is asked.</summary>
    public void At(ulong atMs, Action action) =>
        _events.Enqueue(action, (Math.Max(atMs, NowMs), _sequence++));

    /// <summary>Runs what is due until then, and stands there.</summary>
    public void RunUntil(ulong untilMs, Func<bool>? stop = null)
    {
        while (_events.TryPeek(out _, out (ulong At, ulong) next) && next.At <= untilMs)
        {
            Action action = _events.Dequeue();
            NowMs = next.At;
            Events++;
            action();
            if (stop?.Invoke() == true)
            {
                return;
            }
        }

        NowMs = untilMs;
    }
}
