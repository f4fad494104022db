// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Execution;

/// <summary>A waiting transaction.</summary>
/// <param name="Transaction">It.</param>
/// <param name="Arrival">A number that grows with every arrival.</param>
/// <param name="Sender">Its sender's queue.</param>
/// <param name="Lane">Its lane's queue.</param>
internal sealed record PoolEntry(
    VerifiedTransaction Transaction, ulong Arrival, PoolSender Sender, PoolLane Lane)
{
    public ulong Nonce => Transaction.Content.Nonce;

    public TimestampMs ValidUntil => Transaction.Content.ValidUntil;

    public int Bytes => Transaction.Signed.EncodedSize;

    /// <summary>By expiry, then arrival: a total order over a pool.</summary>
    public static readonly IComparer<PoolEntry> ByExpiry = Comparer<PoolEntry>.Create(static (a, b) =>
        a.ValidUntil != b.ValidUntil ? a.ValidUntil.CompareTo(b.ValidUntil) : a.Arrival.CompareTo(b.Arrival));
}

/// <summary>What waits of one sender.</summary>
internal sealed class PoolSender(Address address)
{
    public Address Address { get; } = address;

    public SortedDictionary<uint, PoolLane> Lanes { get; } = [];

    public Dictionary<RequestId, PoolEntry> Requests { get; } = [];

    public int Count { get; set; }

    /// <summary>How many lanes have their next nonce.</summary>
    public int ReadyLanes { get; set; }

    /// <summary>Its place among the senders that can be served; null while it has none.</summary>
    public LinkedListNode<PoolSender>? Turn { get; set; }
}

/// <summary>What waits in one lane.</summary>
internal sealed class PoolLane(uint lane, ulong next)
{
    private readonly SortedDictionary<ulong, PoolEntry> _entries = [];

    // Entries below Next that were told of and are not removed yet.
    private int _used;

    public uint Lane { get; } = lane;

    /// <summary>The next nonce of the finalized state, as far as the pool was told.</summary>
    public ulong Next { get; private set; } = next;

    /// <summary>The first nonce from <see cref="Next"/> on that is not here.</summary>
    public ulong End { get; private set; } = next;

    /// <summary>True when the next nonce was here at the last look.</summary>
    public bool WasReady { get; set; }

    public bool IsReady => End > Next;

    /// <summary>How many wait behind a nonce that is not here.</summary>
    public int Gaps => _entries.Count - (int)(End - Next) - _used;

    /// <summary><see cref="Gaps"/> at the last look.</summary>
    public int KnownGaps { get; set; }

    /// <summary>Its place among the lanes with a gap; null while it has none.</summary>
    public LinkedListNode<PoolLane>? Gapped { get; set; }

    /// <summary>The entry of the highest nonce.</summary>
    public PoolEntry Last => _entries.Last().Value;

    public bool IsEmpty => _entries.Count == 0;

    public PoolEntry? Find(ulong nonce) => _entries.GetValueOrDefault(nonce);

    public void Add(PoolEntry entry)
    {
        _entries.Add(entry.Nonce, entry);
        Extend();
    }

    public void Remove(PoolEntry entry)
    {
        bool there = _entries.Remove(entry.Nonce);
        Invariant.Require(there, "an entry is in its lane");
        if (entry.Nonce >= Next)
        {
            End = Math.Min(End, entry.Nonce);
        }
        else
        {
            _used--;
        }
    }

    /// <summary>Learns the finalized state's next nonce.</summary>
    /// <returns>Entries whose nonces are used up; they are still here.</returns>
    public IReadOnlyList<PoolEntry> Advance(ulong next)
    {
        if (next <= Next)
        {
            return [];
        }

        Next = next;
        End = Math.Max(End, next);
        Extend();
        PoolEntry[] used = [.. _entries.TakeWhile(row => row.Key < next).Select(static row => row.Value)];
        _used = used.Length;
        return used;
    }

    private void Extend()
    {
        while (_entries.ContainsKey(End))
        {
            End++;
        }
    }
}
