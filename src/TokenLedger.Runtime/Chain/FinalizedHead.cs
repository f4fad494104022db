// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Execution;

namespace TokenLedger.Runtime.Chain;

/// <summary>The newest final block, as readers see it. Immutable.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Tree">The state tree with its root.</param>
/// <param name="Certificate">Its own finalization; null for genesis.</param>
public sealed record FinalizedHead(BlockHeader Header, Hash256 Hash, StateTree Tree, Certificate? Certificate)
{
    /// <summary>Its height.</summary>
    public Height Height => Header.Height;
}

/// <summary>Tells any number of waiters that the chain grew. Thread-safe.</summary>
public sealed class FinalityFeed
{
    private readonly Lock _gate = new();
    private readonly RecentHeads _recent = new(Limits.RetainedHeads, Limits.RetainedTreeChanges);
    private FinalizedHead _head;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts at a head.</summary>
    public FinalityFeed(FinalizedHead head)
        : this([new RetainedHead(head, 0)])
    {
    }

    /// <summary>Starts at the last of some heads, which rise, with those before it.</summary>
    internal FinalityFeed(IReadOnlyList<RetainedHead> heads)
    {
        _head = heads[^1].Head;
        foreach (RetainedHead one in heads)
        {
            _recent.Add(one.Head, one.Changes);
        }
    }

    /// <summary>Who waits for single transactions.</summary>
    internal TransactionWaiters Transactions { get; } = new(Limits.TransactionWaiters);

    /// <summary>What left the pool and can never be final.</summary>
    internal DroppedTransactions Dropped { get; } = new(Limits.DroppedTransactions);

    /// <summary>The newest head.</summary>
    public FinalizedHead Head
    {
        get
        {
            lock (_gate)
            {
                return _head;
            }
        }
    }

    /// <summary>
    /// The final block of this height with its tree, as far as it is kept
    /// (<see cref="Limits.RetainedHeads"/>, <see cref="Limits.RetainedTreeChanges"/>) and has a certificate
    /// of its own; else null, with the nearest that are.
    /// </summary>
    public FinalizedHead? Find(Height height, out Height? below, out Height? above)
    {
        lock (_gate)
        {
            return _recent.Find(height, out below, out above);
        }
    }

    /// <summary>Waits until the head's height is at least <paramref name="height"/>.</summary>
    public async Task<FinalizedHead> WaitForAsync(Height height, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (_gate)
            {
                if (_head.Height >= height)
                {
                    return _head;
                }

                next = _next.Task;
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// A new head that can be read, how many keys of the state changed since the one before, the transactions
    /// that became final with it, and those that never can be.
    /// </summary>
    internal void Publish(
        FinalizedHead head,
        int changes,
        IEnumerable<Hash256> transactions,
        IReadOnlyCollection<(Hash256 Id, RejectionCode Reason)> never)
    {
        Dropped.Add(never);
        TaskCompletionSource reached;
        lock (_gate)
        {
            // Also told when nothing new is final: a node that starts has its head by a certificate then.
            if (head.Height > _head.Height)
            {
                _recent.Add(head, changes);
            }

            _head = head;
            reached = _next;
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        reached.SetResult();
        Transactions.Wake(transactions.Concat(never.Select(static dropped => dropped.Id)));
    }
}
