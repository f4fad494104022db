// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution;

namespace TokenLedger.Runtime.Chain;

/// <summary>
/// Builds the blocks of the views that this node leads. An empty block waits for the heartbeat; a transaction
/// starts the block at once. A parent that is not here yet is waited for, for half of the delay bound.
/// </summary>
internal sealed class BlockProducer(
    ChainParts parts, BlockChecker checker, IChainPorts ports, TimeProvider time)
{
    private readonly BlockPace _pace = new(parts.Delta);
    private Build? _waiting;
    private long _waitingSince;
    private Built? _built;

    /// <summary>The block of ours whose view is not left yet.</summary>
    private sealed record Built(View View, Hash256 Hash, int Transactions, long Started);

    /// <summary>True while a view is ours and its block is not built.</summary>
    public bool Waits => _waiting is not null;

    /// <summary>Takes over the task of building for a view.</summary>
    public void Begin(Build build)
    {
        _waiting = build;
        _waitingSince = time.GetTimestamp();
        TryBuild();
    }

    /// <summary>Forgets a task of an older view, and learns from how that ended.</summary>
    public void Abandon(View current)
    {
        if (_built is { } built && built.View < current)
        {
            _built = null;
            if (parts.Tree.Head.Header.View >= built.View || checker.Tip == built.Hash)
            {
                _pace.Certified(time.GetElapsedTime(built.Started), built.Transactions);
            }
            else
            {
                _pace.Nullified();
            }
        }

        if (_waiting?.View < current)
        {
            _waiting = null;
        }
    }

    /// <summary>
    /// How long until the waiting block is due even when it is empty, or given up for want of its parent.
    /// </summary>
    public TimeSpan WaitFor()
    {
        BlockParent? parent = _waiting is { } build ? parts.Tree.FindParent(build.ParentHash) : null;
        if (parent is null)
        {
            return Longer(parts.Delta / 2 - time.GetElapsedTime(_waitingSince), TimeSpan.Zero);
        }

        ulong due = parent.Header.Timestamp.Value + (ulong)parts.Heartbeat.TotalMilliseconds;
        ulong now = Now().Value;
        return due > now ? TimeSpan.FromMilliseconds(due - now) : TimeSpan.Zero;
    }

    /// <summary>Builds, when there is something to build or the heartbeat is due.</summary>
    public void TryBuild()
    {
        if (_waiting is not { } build)
        {
            return;
        }

        // The others may have made the parent final before this node executed it, or had its body; and one
        // that was certified before a restart is in the consensus log, not yet executed in this process.
        if (!checker.TryExecute(build.ParentHash)
            || parts.Tree.FindParent(build.ParentHash) is not { } parent)
        {
            if (checker.InvalidReason(build.ParentHash) is not null || WaitFor() == TimeSpan.Zero)
            {
                _waiting = null;
                ports.Tell(new BuildFailed(build.View));
            }

            return;
        }

        // A parent from a clock that is ahead of ours must still be followed by a later time.
        TimestampMs now = Now();
        TimestampMs timestamp = now > parent.Header.Timestamp ? now : parent.Header.Timestamp.Plus(1);
        long started = time.GetTimestamp();
        BlockBudget budget = BlockBudget.Full with { Transactions = _pace.Transactions };
        IReadOnlyList<VerifiedTransaction> candidates = parts.Pool.Select(parent.State, timestamp, budget);
        if (candidates.Count == 0 && WaitFor() > TimeSpan.Zero)
        {
            return;
        }

        _waiting = null;
        (BlockNode node, var dropped) = parts.Tree.Build(parent, build.View, timestamp, candidates);
        _built = new Built(build.View, node.Hash, node.Transactions.Length, started);
        foreach (DroppedTransaction drop in dropped)
        {
            if (IsHopeless(drop.Reason))
            {
                parts.Pool.Remove(drop.Transaction.Id);
            }
        }

        // Not synced: the own vote's record, which is, comes after it in the same log.
        parts.Candidates.PutCandidate(node.Hash, node.Block.Encode());
        ports.Relay(node.Block);
        ports.Tell(new BlockBuilt(build.View, node.Header));
    }

    /// <summary>
    /// True when no branch can include it. A used nonce or request id may be the doing of a block that is
    /// never final: what is final clears the pool of those.
    /// </summary>
    private static bool IsHopeless(Rejection reason) =>
        !reason.Retriable
            && reason.Code is not (RejectionCode.NonceUsed or RejectionCode.IdempotencyConflict);

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private TimestampMs Now() => new((ulong)time.GetUtcNow().ToUnixTimeMilliseconds());
}
