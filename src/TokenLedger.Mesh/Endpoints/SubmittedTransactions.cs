// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Mesh.Endpoints;

/// <summary>
/// What clients handed in here, newest last, up to a number. Nodes tell of each transaction whether it waits,
/// and give out no list of those that do. Thread-safe.
/// </summary>
internal sealed class SubmittedTransactions
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<Hash256, Transaction> _items = [];

    public void Add(Hash256 id, Transaction content)
    {
        lock (_gate)
        {
            _items.Remove(id);
            _items.Add(id, content);
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
            return _items.GetValueOrDefault(id);
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

    public IReadOnlyList<Hash256> Ids()
    {
        lock (_gate)
        {
            return [.. _items.Keys];
        }
    }
}
