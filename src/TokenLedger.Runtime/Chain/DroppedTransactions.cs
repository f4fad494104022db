// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Runtime.Chain;

/// <summary>
/// The transactions that left this node's pool last and can never be final, each with the reason. In memory
/// only, so that a node that restarted knows of none. Thread-safe.
/// </summary>
/// <param name="capacity">How many are kept; the oldest are forgotten first.</param>
internal sealed class DroppedTransactions(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Hash256, RejectionCode> _reasons = [];
    private readonly Queue<Hash256> _order = [];

    /// <summary>These can never be final.</summary>
    public void Add(IEnumerable<(Hash256 Id, RejectionCode Reason)> never)
    {
        lock (_gate)
        {
            foreach ((Hash256 id, RejectionCode reason) in never)
            {
                if (!_reasons.TryAdd(id, reason))
                {
                    continue;
                }

                _order.Enqueue(id);
                if (_order.Count > capacity)
                {
                    _reasons.Remove(_order.Dequeue());
                }
            }
        }
    }

    /// <summary>
    /// <see cref="RejectionCode.Expired"/> or <see cref="RejectionCode.NonceUsed"/>; null when nothing is
    /// known.
    /// </summary>
    public RejectionCode? Find(in Hash256 id)
    {
        lock (_gate)
        {
            return _reasons.TryGetValue(id, out RejectionCode reason) ? reason : null;
        }
    }
}
