// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Merkle;
using TokenLedger.Execution;
using TokenLedger.Runtime.Snapshots;
using TokenLedger.Storage;

namespace TokenLedger.Runtime.Chain;

/// <summary>Commits what consensus or block sync says is final, in order of height.</summary>
internal sealed class BlockCommitter(ChainParts parts, BlockChecker checker, IChainPorts ports, ILogger log)
{
    /// <summary>Blocks between full counts of the state.</summary>
    private const ulong FullCheckEvery = 1_000;

    private Certificate? _waiting;

    /// <summary>The count under way, or the last one. Reads a snapshot of the ledger.</summary>
    public Task FullCheck { get; private set; } = Task.CompletedTask;

    /// <summary>Commits the block and its ancestors, or keeps the certificate until they are here.</summary>
    public void Finalize(Certificate certificate)
    {
        if (_waiting is null || certificate.Subject.View > _waiting.Subject.View)
        {
            _waiting = certificate;
        }

        if (!Resume())
        {
            ports.CatchUp();
        }
    }

    /// <summary>Tries again to commit what waits.</summary>
    /// <returns>False while something is missing.</returns>
    public bool Resume()
    {
        if (_waiting is not { } certificate)
        {
            return true;
        }

        if (certificate.Subject.View < parts.Tree.Head.Header.View)
        {
            _waiting = null;
            return true;
        }

        Hash256 hash = certificate.Subject.BlockHash;
        if (!checker.TryExecute(hash))
        {
            RequireNotDiverged(hash);
            return false;
        }

        _waiting = null;
        Commit(certificate);
        return true;
    }

    /// <summary>
    /// Executes and commits consecutive blocks of block sync, whose certificate the caller verified.
    /// </summary>
    /// <returns>Null, or what is wrong with what the peer sent.</returns>
    public string? Apply(ImmutableArray<Block> blocks, Certificate certificate)
    {
        foreach (Block block in blocks)
        {
            if (block.Header.Height <= parts.Tree.Head.Header.Height)
            {
                continue;
            }

            if (!checker.TryExecuteBody(block))
            {
                RequireNotDiverged(block.Hash);
                return $"block {block.Header.Height} does not follow this node's chain";
            }
        }

        if (certificate.Subject.View > parts.Tree.Head.Header.View)
        {
            Commit(certificate);
        }

        return null;
    }

    private void Commit(Certificate certificate)
    {
        IReadOnlyList<BlockNode>? path = parts.Tree.PathTo(certificate.Subject.BlockHash);
        Invariant.Require(path is not null, "what is final descends from what was final before");
        var never = new List<(Hash256 Id, RejectionCode Reason)>();
        ulong heightBefore = parts.Tree.Head.Header.Height.Value;
        MountainRange history = parts.Tree.Head.History;
        for (int i = 0; i < path.Count; i++)
        {
            BlockNode node = path[i];
            history = parts.Tree.Head.History;
            parts.Tree.Commit(node, i == path.Count - 1 ? certificate : null);
            never.AddRange(parts.Pool.RemoveFinalized(node.Transactions)
                .Select(static id => (id, RejectionCode.NonceUsed)));
            parts.Metrics.Committed(node.Header, node.Transactions.Length);
            RuntimeLog.Committed(
                log, node.Header.Height.Value, node.Hash, node.Header.View.Value, node.Transactions.Length);
        }

        BlockParent head = parts.Tree.Head;
        parts.Tree.DropStale();
        checker.Prune(head.Header.View);

        // By the time of what is final, not by a clock: every later block is of a later time.
        never.AddRange(parts.Pool.RemoveExpired(head.Header.Timestamp)
            .Select(static id => (id, RejectionCode.Expired)));
        parts.Feed.Publish(
            new FinalizedHead(head.Header, head.Hash, head.Tree, certificate),
            path.Sum(static node => node.Executed.Changes.Count),
            path.SelectMany(node => node.Transactions).Select(transaction => transaction.Id),
            never);
        ports.Tell(new Synced(certificate));
        if (path.Count > 0 && parts.Snapshots?.Wants(heightBefore, head.Header.Height.Value) == true)
        {
            parts.Snapshots.Take(new SnapshotSource(
                parts.Ledger.Snapshot(), head.Tree, certificate, history));
        }

        if (path.Any(node => node.Header.Height.Value % FullCheckEvery == 0))
        {
            BeginFullCheck();
        }
    }

    /// <summary>
    /// A quorum finalized what this node holds to be invalid: one of the two is wrong, and it must not go on.
    /// </summary>
    private void RequireNotDiverged(in Hash256 hash)
    {
        if (checker.InvalidReason(hash) is { } reason)
        {
            throw new InvariantException($"a final block {hash} is invalid here: {reason}");
        }
    }

    private void BeginFullCheck()
    {
        if (!FullCheck.IsCompleted)
        {
            return;
        }

        LedgerSnapshot snapshot = parts.Ledger.Snapshot();
        FullCheck = Task.Run(() =>
        {
            using (snapshot)
#pragma warning disable CA1031 // Nobody awaits this task: a state that cannot be counted must stop the node.
                try
                {
                    IReadOnlyList<string> broken = InvariantChecker.FullCheck(snapshot.State);
                    if (broken.Count > 0)
                    {
                        ports.Fatal(new InvariantException(
                            $"full count at height {snapshot.Head.Height}: {string.Join("; ", broken)}"));
                    }
                }
                catch (Exception e)
                {
                    ports.Fatal(e);
                }
#pragma warning restore CA1031
        });
    }
}
