// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Runtime.Chain;

/// <summary>
/// Bodies that arrived before anybody asked for them, and those asked for. Bounded: when full, the body of the
/// furthest view goes, since the nearest is needed first and any can be fetched again. One thread owns it.
/// </summary>
internal sealed class BodyCache
{
    /// <summary>64 bodies of at most 2 MiB: enough for the views between certified and final, and for a laggard.</summary>
    private const int Capacity = 64;

    private readonly Dictionary<Hash256, Block> _bodies = [];

    public Block? Find(in Hash256 hash) => _bodies.GetValueOrDefault(hash);

    /// <summary>Keeps a body whose transactions are its header's. Returns its hash; null when it is not kept.</summary>
    public Hash256? Add(Block block, View finalView)
    {
        if (block.Header.View <= finalView || !block.BodyMatchesHeader())
        {
            return null;
        }

        Hash256 hash = block.Hash;
        _bodies[hash] = block;
        if (_bodies.Count > Capacity)
        {
            Hash256 furthest = _bodies.MaxBy(pair => pair.Value.Header.View).Key;
            _bodies.Remove(furthest);
            return furthest == hash ? null : hash;
        }

        return hash;
    }

    /// <summary>Forgets bodies of views that are final.</summary>
    public void Prune(View finalView)
    {
        foreach (Hash256 hash in _bodies.Where(p => p.Value.Header.View <= finalView).Select(p => p.Key).ToArray())
        {
            _bodies.Remove(hash);
        }
    }
}
