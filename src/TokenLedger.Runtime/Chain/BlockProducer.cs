// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution;

namespace TokenLedger.Runtime.Chain;

/// <summary>
/// Builds the blocks of the views that this node leads. An empty block waits for the heartbeat; a transaction starts
/// the block at once.
/// </summary>
internal sealed class BlockProducer(ChainParts parts, BlockChecker checker, IChainPorts ports, TimeProvider time)
{
    private Build? _waiting;

    /// <summary>True while a view is ours and its block is not built.</summary>
    public bool Waits => _waiting is not null;

    /// <summary>Takes over the task of building for a view.</summary>
    public void Begin(Build build)
    {
        _waiting = build;
        TryBuild();
    }

    /// <summary>Forgets a task of an older view.</summary>
    public void Abandon(View current)
    {
        if (_waiting?.View < current)
        {
            _waiting = null;
        }
    }

    /// <summary>How long until the waiting block is due even when it is empty.</summary>
    public TimeSpan WaitFor()
    {
        BlockParent? parent = _waiting is { } build ? parts.Tree.FindParent(build.ParentHash) : null;
        if (parent is null)
        {
            return TimeSpan.Zero;
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

        // A parent that was certified before a restart is in the consensus log, not yet executed in this process.
        if (!checker.TryExecute(build.ParentHash) || parts.Tree.FindParent(build.ParentHash) is not { } parent)
        {
            _waiting = null;
            ports.Tell(new BuildFailed(build.View));
            return;
        }

        // A parent from a clock that is ahead of ours must still be followed by a later time.
        TimestampMs now = Now();
        TimestampMs timestamp = now > parent.Header.Timestamp ? now : parent.Header.Timestamp.Plus(1);
        IReadOnlyList<VerifiedTransaction> candidates =
            parts.Pool.Select(parent.State, timestamp, BlockBudget.Full);
        if (candidates.Count == 0 && WaitFor() > TimeSpan.Zero)
        {
            return;
        }

        _waiting = null;
        (BlockNode node, var dropped) = parts.Tree.Build(parent, build.View, timestamp, candidates);
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
    /// True when no branch can include it. A used nonce or request id may be the doing of a block that is never
    /// final: what is final clears the pool of those.
    /// </summary>
    private static bool IsHopeless(Rejection reason) =>
        !reason.Retriable && reason.Code is not (RejectionCode.NonceUsed or RejectionCode.IdempotencyConflict);

    private TimestampMs Now() => new((ulong)time.GetUtcNow().ToUnixTimeMilliseconds());
}
