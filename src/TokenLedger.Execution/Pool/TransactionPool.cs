// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>
/// Transactions that wait for a block. Bounded in count, bytes and per sender. Those behind a gap of nonces
/// may never be executable: they have a smaller bound of their own and make room for whatever is. Some room
/// is for officers only, so that nobody else's flood keeps a freeze out. Not part of consensus: nodes' pools
/// may differ. One owner: no method may run beside another.
/// </summary>
public sealed class TransactionPool
{
    /// <summary>Senders whose next transaction does not fit before a selection is called full.</summary>
    private const int Misfits = 64;

    private readonly Dictionary<Hash256, PoolEntry> _byId = [];
    private readonly Dictionary<Address, PoolSender> _senders = [];
    private readonly SortedSet<PoolEntry> _byExpiry = new(PoolEntry.ByExpiry);

    // Senders with something that the finalized state could execute, longest unserved first.
    private readonly LinkedList<PoolSender> _turns = [];

    // Lanes with something behind a gap, longest so first.
    private readonly LinkedList<PoolLane> _gapped = [];
    private int _gaps;
    private ulong _arrivals;

    /// <summary>Transactions waiting.</summary>
    public int Count => _byId.Count;

    /// <summary>Bytes of transactions waiting.</summary>
    public int Bytes { get; private set; }

    /// <summary>The waiting transaction with this id; null when there is none.</summary>
    public VerifiedTransaction? Find(Hash256 id) => _byId.GetValueOrDefault(id)?.Transaction;

    /// <summary>The waiting transaction of a sender's request; null when there is none.</summary>
    public VerifiedTransaction? Find(Address sender, RequestId requestId) =>
        _senders.GetValueOrDefault(sender)?.Requests.GetValueOrDefault(requestId)?.Transaction;

    /// <summary>
    /// The nonce behind all that waits without a gap in a sender's lane; null when nothing waits there.
    /// </summary>
    public ulong? NonceBehind(Address sender, uint lane) =>
        _senders.GetValueOrDefault(sender)?.Lanes.GetValueOrDefault(lane)?.End;

    /// <summary>
    /// Takes a transaction that passed <see cref="TransactionRules.CheckStateless"/>. One that waits already
    /// is accepted again without effect. O(log n).
    /// </summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="head">The finalized state.</param>
    /// <param name="now">The node's idea of the next block's time.</param>
    /// <returns>Null when it waits now, else why it may not.</returns>
    public Rejection? Add(VerifiedTransaction transaction, IStateView head, TimestampMs now)
    {
        if (_byId.ContainsKey(transaction.Id))
        {
            return null;
        }

        Transaction content = transaction.Content;
        var read = new LedgerView(head);
        Rejection? refusal = InclusionRules.CheckTime(content, now)
            ?? InclusionRules.CheckSender(read, content.Sender);
        if (refusal is not null)
        {
            return refusal;
        }

        ulong next = read.NextNonce(content.Sender, content.Lane);
        PoolSender? sender = _senders.GetValueOrDefault(content.Sender);
        PoolLane? lane = sender?.Lanes.GetValueOrDefault(content.Lane);
        if (sender is not null && lane is not null)
        {
            Advance(sender, lane, next);
        }

        refusal = CheckPlace(content, next, lane)
            ?? InclusionRules.CheckRequest(read, content, transaction.Id, now)
            ?? MakeRoom(transaction, sender, read, isGap: content.Nonce != (lane?.End ?? next));
        if (refusal is not null)
        {
            return refusal;
        }

        Insert(transaction, next);
        return null;
    }

    /// <summary>
    /// Candidates for a block over <paramref name="parent"/>: one sender after another gives one transaction,
    /// lanes in the order of their nonces, a sender's lanes by arrival, until the budget is full.
    /// Transactions in unfinalized ancestors are passed over, because the parent state's nonces tell. Nothing
    /// leaves the pool.
    /// </summary>
    /// <param name="parent">The state after the parent block, finalized or not.</param>
    /// <param name="time">The block's time: what has expired by then is passed over.</param>
    /// <param name="budget">How much to select.</param>
    public IReadOnlyList<VerifiedTransaction> Select(IStateView parent, TimestampMs time, BlockBudget budget)
    {
        var picked = new List<VerifiedTransaction>();
        var served = new List<LinkedListNode<PoolSender>>();
        var round = new Queue<PoolCursor>();
        var room = new Room(budget);
        var read = new LedgerView(parent);
        LinkedListNode<PoolSender>? turn = _turns.First;
        for (; turn is not null && room.IsLeft; turn = turn.Next)
        {
            var cursor = new PoolCursor(turn.Value, read, time);
            if (Pick(cursor, room, picked))
            {
                round.Enqueue(cursor);
                served.Add(turn);
            }
        }

        while (room.IsLeft && round.TryDequeue(out PoolCursor? cursor))
        {
            if (Pick(cursor, room, picked))
            {
                round.Enqueue(cursor);
            }
        }

        foreach (LinkedListNode<PoolSender> node in served)
        {
            _turns.Remove(node);
            _turns.AddLast(node);
        }

        return picked;
    }

    /// <summary>
    /// Forgets a finalized block's transactions, and those whose nonces it used up.
    /// </summary>
    /// <returns>The ids of those that lost their nonce to another transaction: they can never be
    /// final.</returns>
    public IReadOnlyList<Hash256> RemoveFinalized(IReadOnlyList<VerifiedTransaction> transactions)
    {
#if PLANTED
        if (Planted.Is(PlantedBug.PoolReplaysFinal)) { return []; }
#endif
        var replaced = new List<Hash256>();
        foreach (VerifiedTransaction transaction in transactions)
        {
            Transaction content = transaction.Content;
            if (_senders.TryGetValue(content.Sender, out PoolSender? sender)
                && sender.Lanes.TryGetValue(content.Lane, out PoolLane? lane))
            {
                replaced.AddRange(Advance(sender, lane, content.Nonce + 1)
                    .Select(static used => used.Transaction.Id)
                    .Where(id => id != transaction.Id));
            }
        }

        return replaced;
    }

    /// <summary>Forgets one transaction, for example one that a proposer found can never be
    /// included.</summary>
    /// <returns>False when it did not wait here.</returns>
    public bool Remove(Hash256 id)
    {
        bool waits = _byId.TryGetValue(id, out PoolEntry? entry);
        if (waits)
        {
            Drop(entry!);
        }

        return waits;
    }

    /// <summary>Forgets what has expired by <paramref name="now"/>.</summary>
    /// <returns>The ids that left the pool, earliest expiry first.</returns>
    public IReadOnlyList<Hash256> RemoveExpired(TimestampMs now)
    {
        var gone = new List<Hash256>();
        while (_byExpiry.Min is { } first && first.ValidUntil < now)
        {
            gone.Add(first.Transaction.Id);
            Drop(first);
        }

        return gone;
    }

    private static Rejection? CheckPlace(Transaction content, ulong next, PoolLane? lane)
    {
        if (content.Nonce < next)
        {
            return new Rejection(
                RejectionCode.NonceUsed,
                $"Lane {content.Lane} of {content.Sender} has used nonce {content.Nonce}; it uses {next} "
                + "next.");
        }

        if (lane?.Find(content.Nonce) is { } other)
        {
            return new Rejection(
                RejectionCode.NonceOccupied,
                $"Lane {content.Lane} of {content.Sender} has transaction {other.Transaction.Id} waiting "
                + $"with nonce {content.Nonce}.");
        }

        ulong free = lane?.End ?? next;
        return content.Nonce - next <= free - next + Limits.PoolNonceGap
            ? null
            : new Rejection(
                RejectionCode.NonceGap,
                $"Lane {content.Lane} of {content.Sender} wants nonce {free} next and keeps "
                + $"{Limits.PoolNonceGap} more, not {content.Nonce}.");
    }

    private Rejection? MakeRoom(
        VerifiedTransaction transaction, PoolSender? sender, LedgerView read, bool isGap)
    {
        if (transaction.Content.RequestId is { } requestId
            && sender is not null
            && sender.Requests.TryGetValue(requestId, out PoolEntry? other))
        {
            return new Rejection(
                RejectionCode.IdempotencyConflict,
                $"Request {Words.Uuid(requestId)} stands for transaction {other.Transaction.Id}, waiting.");
        }

        if (sender?.Count >= Limits.PoolPerSender)
        {
            return new Rejection(
                RejectionCode.PoolFull,
                $"{sender.Address} has {sender.Count} transactions waiting, the limit for one sender.");
        }

        if (isGap && _gaps >= Limits.PoolGaps)
        {
            EvictGap();
        }

        int bytes = transaction.Signed.EncodedSize;
        bool isOfficer = read.Officer(transaction.Content.Sender) is not null;
        int most = Limits.PoolTransactions - (isOfficer ? 0 : Limits.PoolForOfficers);
        while (!isGap && _gaps > 0 && !HasRoom(bytes, most))
        {
            EvictGap();
        }

        return HasRoom(bytes, most)
            ? null
            : new Rejection(
                RejectionCode.PoolFull, $"{Count} transactions of {Bytes} bytes wait: no room for {bytes}.");
    }

    private bool HasRoom(int bytes, int most) => Count < most && bytes <= Limits.PoolBytes - Bytes;

    /// <summary>The lane that has waited longest for a missing nonce loses its last transaction.</summary>
    private void EvictGap() => Drop(_gapped.First!.Value.Last);

    private void Insert(VerifiedTransaction transaction, ulong next)
    {
        Transaction content = transaction.Content;
        if (!_senders.TryGetValue(content.Sender, out PoolSender? sender))
        {
            sender = new PoolSender(content.Sender);
            _senders.Add(content.Sender, sender);
        }

        if (!sender.Lanes.TryGetValue(content.Lane, out PoolLane? lane))
        {
            lane = new PoolLane(content.Lane, next);
            sender.Lanes.Add(content.Lane, lane);
        }

        var entry = new PoolEntry(transaction, _arrivals++, sender, lane);
        lane.Add(entry);
        sender.Count++;
        Bytes += entry.Bytes;
        _byId.Add(transaction.Id, entry);
        _byExpiry.Add(entry);
        if (content.RequestId is { } requestId)
        {
            sender.Requests.Add(requestId, entry);
        }

        Refresh(sender, lane);
    }

    private IReadOnlyList<PoolEntry> Advance(PoolSender sender, PoolLane lane, ulong next)
    {
        IReadOnlyList<PoolEntry> used = lane.Advance(next);
        foreach (PoolEntry entry in used)
        {
            Drop(entry);
        }

        Refresh(sender, lane);
        return used;
    }

    private void Drop(PoolEntry entry)
    {
        (PoolSender sender, PoolLane lane) = (entry.Sender, entry.Lane);
        lane.Remove(entry);
        sender.Count--;
        Bytes -= entry.Bytes;
        _byId.Remove(entry.Transaction.Id);
        _byExpiry.Remove(entry);
        if (entry.Transaction.Content.RequestId is { } requestId)
        {
            sender.Requests.Remove(requestId);
        }

        Refresh(sender, lane);
        if (lane.IsEmpty)
        {
            sender.Lanes.Remove(lane.Lane);
        }

        if (sender.Count == 0)
        {
            _senders.Remove(sender.Address);
        }
    }

    /// <summary>Gives a sender a turn when it got something to execute, and takes it when it has
    /// nothing.</summary>
    private void Refresh(PoolSender sender, PoolLane lane)
    {
        if (lane.IsReady != lane.WasReady)
        {
            lane.WasReady = lane.IsReady;
            sender.ReadyLanes += lane.IsReady ? 1 : -1;
        }

        int gaps = lane.Gaps;
        _gaps += gaps - lane.KnownGaps;
        lane.KnownGaps = gaps;
        if (gaps > 0 && lane.Gapped is null)
        {
            lane.Gapped = _gapped.AddLast(lane);
        }
        else if (gaps == 0 && lane.Gapped is { } gapped)
        {
            _gapped.Remove(gapped);
            lane.Gapped = null;
        }

        if (sender.ReadyLanes > 0 && sender.Turn is null)
        {
            sender.Turn = _turns.AddLast(sender);
        }
        else if (sender.ReadyLanes == 0 && sender.Turn is { } turn)
        {
            _turns.Remove(turn);
            sender.Turn = null;
        }
    }

    private static bool Pick(PoolCursor cursor, Room room, List<VerifiedTransaction> picked)
    {
        if (cursor.Take() is not { } entry || !room.TryUse(entry.Transaction))
        {
            return false;
        }

        picked.Add(entry.Transaction);
        return true;
    }

    /// <summary>What a block has left.</summary>
    private sealed class Room(BlockBudget budget)
    {
        private int _bytes = budget.Bytes - BlockHeader.Size - sizeof(uint);
        private int _transactions = budget.Transactions;
        private int _work = budget.Work;
        private int _misfits;

        public bool IsLeft => _transactions > 0 && _work > 0 && _bytes > 0 && _misfits < Misfits;

        public bool TryUse(VerifiedTransaction transaction)
        {
            int work = TransactionRules.Work(transaction.Content);
            int bytes = transaction.Signed.EncodedSize;
            if (_transactions < 1 || work > _work || bytes > _bytes)
            {
                _misfits++;
                return false;
            }

            _transactions--;
            _work -= work;
            _bytes -= bytes;
            return true;
        }
    }
}
