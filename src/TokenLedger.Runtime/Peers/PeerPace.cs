// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Runtime.Peers;

/// <summary>
/// How fast each peer may hand transactions in, over all its streams: each costs a signature's check before
/// anything is known of it, and who sends the same or worthless ones for ever must not take the processor
/// from consensus. What is too fast is read later, so that the sender waits; nothing is dropped. Thread-safe.
/// </summary>
/// <remarks>The generic cell rate algorithm (ITU-T I.371), with a burst of one second.</remarks>
internal sealed class PeerPace(int peers, TimeProvider time)
{
    private readonly Lock _gate = new();

    // Until when each peer's transactions so far are paid for, on the clock's time.
    private readonly long[] _paid = new long[peers];

    /// <summary>Counts transactions of a peer.</summary>
    /// <returns>How long to wait before the next are read; zero within the pace.</returns>
    public TimeSpan Take(int peer, int transactions)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            long cost = time.TimestampFrequency * transactions / Limits.PeerTransactionsPerSecond;
            _paid[peer] = Math.Max(_paid[peer], now - time.TimestampFrequency) + cost;
            return _paid[peer] > now ? time.GetElapsedTime(now, _paid[peer]) : TimeSpan.Zero;
        }
    }
}
