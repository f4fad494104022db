// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using TokenLedger.Core;

namespace TokenLedger.Runtime.Chain;

/// <summary>
/// Who waits for the outcome of which transaction. A committed block wakes those who wait for one of its
/// transactions, or one that it makes impossible, and nobody else: a waiter costs nothing while other blocks
/// come. Thread-safe.
/// </summary>
/// <param name="capacity">Waiters at once.</param>
internal sealed class TransactionWaiters(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Hash256, Shared> _waiting = [];
    private int _count;

    /// <summary>All that wait for one transaction.</summary>
    private sealed class Shared
    {
        public TaskCompletionSource Settled { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Waiters { get; set; }
    }

    /// <summary>Waiters now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Waits until a transaction is final or never can be.</summary>
    /// <param name="id">Which.</param>
    /// <param name="isSettled">Looks whether that is so already; called once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when too many wait already.</returns>
    public async Task<bool> WaitAsync(
        Hash256 id, Func<Hash256, bool> isSettled, CancellationToken cancellationToken)
    {
        if (Join(id) is not { } shared)
        {
            return false;
        }

        try
        {
            // Asked after joining: what is committed later than this wakes.
            if (!isSettled(id))
            {
                await shared.Settled.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            return true;
        }
        finally
        {
            Leave(id, shared);
        }
    }

    /// <summary>These are settled and can be read as such.</summary>
    public void Wake(IEnumerable<Hash256> ids)
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                return;
            }

            foreach (Hash256 id in ids)
            {
                if (_waiting.TryGetValue(id, out Shared? shared))
                {
                    shared.Settled.TrySetResult();
                }
            }
        }
    }

    private Shared? Join(in Hash256 id)
    {
        lock (_gate)
        {
            if (_count >= capacity)
            {
                return null;
            }

            ref Shared? shared = ref CollectionsMarshal.GetValueRefOrAddDefault(_waiting, id, out _);
            shared ??= new Shared();
            shared.Waiters++;
            _count++;
            return shared;
        }
    }

    private void Leave(in Hash256 id, Shared shared)
    {
        lock (_gate)
        {
            _count--;
            shared.Waiters--;
            if (shared.Waiters == 0)
            {
                _waiting.Remove(id);
            }
        }
    }
}
