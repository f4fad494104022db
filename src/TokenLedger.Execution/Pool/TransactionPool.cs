// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>
/// Transactions that wait for a block. Bounded in count, bytes and per sender. Not part of consensus: nodes' pools may
/// differ. One owner: no method may run beside another.
/// </summary>
public sealed class TransactionPool
{
    /// <summary>An empty pool with the limits of <see cref="Limits"/>.</summary>
    public TransactionPool() => throw new NotImplementedException();

    /// <summary>Transactions waiting.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>Bytes of transactions waiting.</summary>
    public int Bytes => throw new NotImplementedException();

    /// <summary>The waiting transaction with this id; null when there is none.</summary>
    public VerifiedTransaction? Find(Hash256 id) => throw new NotImplementedException();

    /// <summary>
    /// Takes a transaction that passed <see cref="TransactionRules.CheckStateless"/>. One that waits already is
    /// accepted again without effect. O(log n).
    /// </summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="head">The finalized state.</param>
    /// <param name="now">The node's idea of the next block's time.</param>
    /// <returns>Null when it waits now, else why it may not.</returns>
    public Rejection? Add(VerifiedTransaction transaction, IStateView head, TimestampMs now) =>
        throw new NotImplementedException();

    /// <summary>
    /// Candidates for a block over <paramref name="parent"/>: one sender after another gives one transaction, lanes in
    /// the order of their nonces, a sender's lanes by arrival, until the budget is full. Transactions in unfinalized
    /// ancestors are passed over, because the parent state's nonces tell. Nothing leaves the pool.
    /// </summary>
    /// <param name="parent">The state after the parent block, finalized or not.</param>
    /// <param name="time">The block's time: what has expired by then is passed over.</param>
    /// <param name="budget">How much to select.</param>
    public IReadOnlyList<VerifiedTransaction> Select(IStateView parent, TimestampMs time, BlockBudget budget) =>
        throw new NotImplementedException();

    /// <summary>
    /// Forgets a finalized block's transactions, and those whose nonces it used up.
    /// </summary>
    /// <returns>How many left the pool.</returns>
    public int RemoveFinalized(IReadOnlyList<VerifiedTransaction> transactions) => throw new NotImplementedException();

    /// <summary>Forgets one transaction, for example one that a proposer found can never be included.</summary>
    /// <returns>False when it did not wait here.</returns>
    public bool Remove(Hash256 id) => throw new NotImplementedException();

    /// <summary>Forgets what has expired by <paramref name="now"/>.</summary>
    /// <returns>The ids that left the pool, earliest expiry first.</returns>
    public IReadOnlyList<Hash256> RemoveExpired(TimestampMs now) => throw new NotImplementedException();
}
