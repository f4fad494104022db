// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using TokenLedger.Core;

namespace TokenLedger.Runtime;

/// <summary>What may wait in one lane of a mailbox.</summary>
/// <param name="Items">How many items.</param>
/// <param name="Bytes">How many bytes in all.</param>
internal readonly record struct LaneLimit(int Items, long Bytes);

/// <summary>
/// A bounded queue between threads. The own lane carries answers to what the reader asked for, so its length
/// is bounded by the reader's own requests; it is read first. Every other source has a lane of its own, which
/// refuses when it is full, so that one source can lose only its own messages. Those lanes are served in
/// turn, each for about <see cref="Limits.MailboxTurnBytes"/>: a lane that took more pays with later turns.
/// </summary>
/// <remarks>Thread-safe for any number of writers and one reader.</remarks>
internal sealed class Mailbox<T> : IDisposable
    where T : class
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _own = new();
    private readonly int _ownCapacity;
    private readonly ImmutableArray<Lane> _lanes;
    private readonly Func<T, long> _bytesOf;
    private readonly SemaphoreSlim _available = new(0);
    private int _turn;
    private bool _closed;

    /// <param name="ownCapacity">Items of the own lane.</param>
    /// <param name="lanes">The other lanes, by the number that writers use.</param>
    /// <param name="bytesOf">What an item weighs; null when each is worth a turn.</param>
    public Mailbox(int ownCapacity, IEnumerable<LaneLimit> lanes, Func<T, long>? bytesOf = null)
    {
        _ownCapacity = ownCapacity;
        _lanes = [.. lanes.Select(limit => new Lane(limit))];
        _bytesOf = bytesOf ?? (static _ => Limits.MailboxTurnBytes);
    }

    /// <summary>
    /// One source's items, and the bytes that it may still have served before others' turn.
    /// </summary>
    private sealed class Lane(LaneLimit limit)
    {
        private readonly Queue<(T Item, long Bytes)> _items = new();
        private long _bytes;

        public int Count => _items.Count;

        public long Credit { get; private set; } = Limits.MailboxTurnBytes;

        public bool TryAdd(T item, long bytes)
        {
            if (_items.Count >= limit.Items || _bytes + bytes > limit.Bytes)
            {
                return false;
            }

            _bytes += bytes;
            _items.Enqueue((item, bytes));
            return true;
        }

        public T Take()
        {
            (T item, long bytes) = _items.Dequeue();
            _bytes -= bytes;
            Credit -= bytes;
            return item;
        }

        public void Recharge() => Credit = Math.Min(Credit, 0) + Limits.MailboxTurnBytes;
    }

    /// <summary>Items waiting in all lanes.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _own.Count + _lanes.Sum(lane => lane.Count);
            }
        }
    }

    /// <summary>Puts an item into the own lane. Never blocks.</summary>
    /// <exception cref="InvariantException">More answers than requests: the lane is over its
    /// bound.</exception>
    public void Post(T item)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            Invariant.Require(_own.Count < _ownCapacity, "answers are bounded by requests");
            _own.Enqueue(item);
            _available.Release();
        }
    }

    /// <summary>Puts an item into a source's lane, unless that is full. Never blocks.</summary>
    public bool TryPost(int lane, T item)
    {
        long bytes = _bytesOf(item);
        lock (_gate)
        {
            if (_closed || !_lanes[lane].TryAdd(item, bytes))
            {
                return false;
            }

            _available.Release();
            return true;
        }
    }

    /// <summary>Takes the next item, waiting for one at most <paramref name="timeout"/>.</summary>
    public bool TryTake(TimeSpan timeout, [NotNullWhen(true)] out T? item)
    {
        item = null;
        if (!_available.Wait(timeout))
        {
            return false;
        }

        lock (_gate)
        {
            if (!_own.TryDequeue(out item))
            {
                item = NextLane()?.Take();
            }

            return item is not null;
        }
    }

    /// <summary>True once <see cref="Close"/> was called.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    /// <summary>Refuses what comes from now on and wakes the reader. Once is enough.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _closed = true;
                _available.Release();
            }
        }
    }

    /// <summary>Frees the wait handle, once the reader has ended.</summary>
    public void Dispose() => _available.Dispose();

    /// <summary>
    /// The lane whose turn it is: the last one while it has credit, else the next that has items and credit.
    /// When no lane with items has any left, a new round begins. Null when nothing waits.
    /// </summary>
    private Lane? NextLane()
    {
        while (true)
        {
            bool any = false;
            for (int i = 0; i < _lanes.Length; i++)
            {
                int index = (_turn + i) % _lanes.Length;
                if (_lanes[index] is { Count: > 0 } lane)
                {
                    any = true;
                    if (lane.Credit > 0)
                    {
                        _turn = index;
                        return lane;
                    }
                }
            }

            if (!any)
            {
                return null;
            }

            foreach (Lane lane in _lanes)
            {
                lane.Recharge();
            }

            _turn = (_turn + 1) % _lanes.Length;
        }
    }
}
