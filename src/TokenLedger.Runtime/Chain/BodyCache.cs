// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Runtime.Chain;

/// <summary>
/// Bodies that arrived before anybody asked for them, and those asked for. Headers of pushed bodies are anybody's
/// claims, so each validator has a share of its own: when that is full, its body of the furthest view goes, since the
/// nearest is needed first and any can be fetched again. One thread owns it.
/// </summary>
/// <param name="validators">How many share it.</param>
internal sealed class BodyCache(int validators)
{
    /// <summary>64 bodies of at most 2 MiB in all: enough for the views between certified and final.</summary>
    private const int Capacity = 64;

    /// <summary>Bodies that were asked for: consensus and its ancestors ask for few at a time.</summary>
    private const int AskedCapacity = 64;

    private readonly Dictionary<Hash256, Entry> _bodies = [];

    private sealed record Entry(Block Block, int? Source);

    /// <summary>Bodies that one validator may have here: two even in the largest set.</summary>
    public int Share { get; } = Math.Max(2, Capacity / validators);

    public Block? Find(in Hash256 hash) => _bodies.GetValueOrDefault(hash)?.Block;

    /// <summary>Keeps a body whose transactions are its header's.</summary>
    /// <param name="block">The block.</param>
    /// <param name="source">Whose share it takes; null when it was asked for.</param>
    /// <param name="finalView">Nothing up to this view is needed any more.</param>
    /// <returns>Its hash; null when it is not kept.</returns>
    public Hash256? Add(Block block, int? source, View finalView)
    {
        if (block.Header.View <= finalView || !block.BodyMatchesHeader())
        {
            return null;
        }

        Hash256 hash = block.Hash;
        if (source is null || !_bodies.ContainsKey(hash))
        {
            _bodies[hash] = new Entry(block, source);
        }

        KeyValuePair<Hash256, Entry>[] same = [.. _bodies.Where(pair => pair.Value.Source == source)];
        if (same.Length > (source is null ? AskedCapacity : Share))
        {
            Hash256 furthest = same.MaxBy(pair => pair.Value.Block.Header.View).Key;
            _bodies.Remove(furthest);
            return furthest == hash ? null : hash;
        }

        return hash;
    }

    /// <summary>Forgets bodies of views that are final.</summary>
    public void Prune(View finalView)
    {
        Hash256[] final = [.. _bodies.Where(p => p.Value.Block.Header.View <= finalView).Select(p => p.Key)];
        foreach (Hash256 hash in final)
        {
            _bodies.Remove(hash);
        }
    }
}
