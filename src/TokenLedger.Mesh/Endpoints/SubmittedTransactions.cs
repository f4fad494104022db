// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Mesh.Endpoints;

/// <summary>
/// What clients handed in here, newest last, up to a number. Nodes tell of each transaction whether it waits,
/// and give out no list of those that do; so each is asked about in its turn, and believed to be as it was
/// last heard of. Thread-safe.
/// </summary>
internal sealed class SubmittedTransactions
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<Hash256, Entry> _items = [];
    private ulong _turn;

    /// <summary>Keeps a transaction that a node has just taken.</summary>
    public void Add(Hash256 id, Transaction content)
    {
        lock (_gate)
        {
            _items.Remove(id);
            _items.Add(id, new Entry(content));
            if (_items.Count > Limits.MeshPendingTransactions)
            {
                _items.RemoveAt(0);
            }
        }
    }

    public Transaction? Find(Hash256 id)
    {
        lock (_gate)
        {
            return _items.GetValueOrDefault(id)?.Content;
        }
    }

    /// <summary>What has come to its end needs no place any more.</summary>
    public void Remove(Hash256 id)
    {
        lock (_gate)
        {
            _items.Remove(id);
        }
    }

    /// <summary>Takes in whether the node has it in its pool.</summary>
    public void Heard(Hash256 id, bool waits)
    {
        lock (_gate)
        {
            if (_items.TryGetValue(id, out Entry? entry))
            {
                entry.Waits = waits;
            }
        }
    }

    /// <summary>Forgets what no block can take any more.</summary>
    /// <param name="blockTimeMs">The newest final block's time.</param>
    public void RemoveOver(ulong blockTimeMs)
    {
        lock (_gate)
        {
            for (int i = _items.Count - 1; i >= 0; i--)
            {
                if (_items.GetAt(i).Value.Content.ValidUntil.Value < blockTimeMs)
                {
                    _items.RemoveAt(i);
                }
            }
        }
    }

    /// <summary>Those that were not asked about for longest.</summary>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<Hash256> TakeTurns(int most)
    {
        lock (_gate)
        {
            KeyValuePair<Hash256, Entry>[] next =
                [.. _items.OrderBy(static item => item.Value.Turn).Take(most)];
            Array.ForEach(next, item => item.Value.Turn = ++_turn);
            return [.. next.Select(static item => item.Key)];
        }
    }

    /// <summary>Those that waited when they were last heard of.</summary>
    public IReadOnlyList<Hash256> Waiting()
    {
        lock (_gate)
        {
            return [.. _items.Where(static item => item.Value.Waits).Select(static item => item.Key)];
        }
    }

    private sealed class Entry(Transaction content)
    {
        public Transaction Content { get; } = content;

        public bool Waits { get; set; } = true;

        /// <summary>When it was last asked about; 0 for never.</summary>
        public ulong Turn { get; set; }
    }
}
