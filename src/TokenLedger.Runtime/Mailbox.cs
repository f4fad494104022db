// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using TokenLedger.Core;

namespace TokenLedger.Runtime;

/// <summary>
/// A bounded queue between threads with two lanes. The own lane carries answers to what the reader asked for, so its
/// length is bounded by the reader's own requests; the peers' lane carries what others send, and is refused when full,
/// in items or in bytes. The own lane is read first.
/// </summary>
internal sealed class Mailbox<T>(
    int ownCapacity, int peersCapacity, long peersBytes = long.MaxValue, Func<T, long>? bytesOf = null) : IDisposable
    where T : class
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _own = new();
    private readonly Queue<T> _peers = new();
    private readonly SemaphoreSlim _available = new(0);
    private long _bytes;
    private bool _closed;

    /// <summary>Items waiting in both lanes.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _own.Count + _peers.Count;
            }
        }
    }

    /// <summary>Puts an item into the own lane. Never blocks.</summary>
    /// <exception cref="InvariantException">More answers than requests: the lane is over its bound.</exception>
    public void Post(T item)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            Invariant.Require(_own.Count < ownCapacity, "answers are bounded by requests");
            _own.Enqueue(item);
            _available.Release();
        }
    }

    /// <summary>Puts an item into the peers' lane, unless that is full.</summary>
    public bool TryPost(T item)
    {
        long bytes = bytesOf?.Invoke(item) ?? 0;
        lock (_gate)
        {
            if (_closed || _peers.Count >= peersCapacity || _bytes + bytes > peersBytes)
            {
                return false;
            }

            _bytes += bytes;
            _peers.Enqueue(item);
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
            if (_own.TryDequeue(out item))
            {
                return true;
            }

            bool any = _peers.TryDequeue(out item);
            _bytes -= any ? bytesOf?.Invoke(item!) ?? 0 : 0;
            return any;
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

    /// <summary>Refuses what comes from now on and wakes the reader.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _available.Release();
        }
    }

    /// <summary>Frees the wait handle, once the reader has ended.</summary>
    public void Dispose() => _available.Dispose();
}
