// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Execution;

/// <summary>Walks one sender's transactions in the order in which a block over a certain parent may take
/// them.</summary>
internal sealed class PoolCursor
{
    private readonly PoolEntry?[] _heads;
    private readonly TimestampMs _time;

    public PoolCursor(PoolSender sender, LedgerView parent, TimestampMs time)
    {
        _time = time;
        _heads = new PoolEntry?[sender.Lanes.Count];
        int at = 0;
        foreach (PoolLane lane in sender.Lanes.Values)
        {
            _heads[at++] = Executable(lane, parent.NextNonce(sender.Address, lane.Lane));
        }
    }

    /// <summary>The earliest arrival among the lanes' next transactions; null when there is none
    /// left.</summary>
    public PoolEntry? Take()
    {
        int best = -1;
        for (int i = 0; i < _heads.Length; i++)
        {
            if (_heads[i] is { } head && (best < 0 || head.Arrival < _heads[best]!.Arrival))
            {
                best = i;
            }
        }

        if (best < 0)
        {
            return null;
        }

        PoolEntry taken = _heads[best]!;
        _heads[best] = Executable(taken.Lane, taken.Nonce + 1);
        return taken;
    }

    private PoolEntry? Executable(PoolLane lane, ulong nonce) =>
        lane.Find(nonce) is { } entry && entry.ValidUntil >= _time ? entry : null;
}
