// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Runtime.Chain;

/// <summary>A final block and how many keys of the state changed since the one kept before it.</summary>
internal readonly record struct RetainedHead(FinalizedHead Head, int Changes);

/// <summary>
/// The newest final blocks with the state trees of their heights, so that earlier states can be proved for a
/// while. Trees share what did not change, so each costs what its block changed; the oldest go first, also
/// when few blocks change much. Heights are rising and have gaps, where a later block's certificate finalized
/// several. Not thread-safe.
/// </summary>
internal sealed class RecentHeads(int heads, int changes)
{
    private readonly Queue<(FinalizedHead Head, int Changes)> _heads = new();
    private int _changes;

    /// <summary>Adds the newest; <paramref name="changed"/> is how many keys differ from the one before.
    /// </summary>
    public void Add(FinalizedHead head, int changed)
    {
        _heads.Enqueue((head, changed));
        _changes = checked(_changes + changed);

        // What the oldest one changed is not kept for it: the tree before it is gone already.
        while (_heads.Count > heads || (_heads.Count > 1 && _changes - _heads.Peek().Changes > changes))
        {
            _changes -= _heads.Dequeue().Changes;
        }
    }

    /// <summary>The one at this height, or null with its nearest neighbours, if there are any.</summary>
    public FinalizedHead? Find(Height height, out Height? below, out Height? above)
    {
        (below, above) = (null, null);
        foreach ((FinalizedHead head, _) in _heads)
        {
            if (head.Height == height)
            {
                return head;
            }

            if (head.Height > height)
            {
                above = head.Height;
                return null;
            }

            below = head.Height;
        }

        return null;
    }
}
