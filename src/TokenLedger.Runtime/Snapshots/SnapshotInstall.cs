// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Snapshots;
using TokenLedger.Execution;
using TokenLedger.Storage;

namespace TokenLedger.Runtime.Snapshots;

/// <summary>The rules by which a snapshot becomes this node's ledger, wherever it comes from.</summary>
internal sealed class SnapshotInstall(
    RuntimeOptions options, StateSyncOptions sync, TimeProvider time, ILogger log)
{
    private readonly CommittedBlock _genesis = ValidatorParts.GenesisBlock(options.Genesis);
    private readonly ValidatorSet _validators = options.Genesis.ValidatorSet;
    private readonly long _started = time.GetTimestamp();

    /// <summary>What no chain may contradict; null when nothing is pinned.</summary>
    public Checkpoint? Checkpoint => sync.Checkpoint;

    /// <summary>What is wrong with a head; null when it is final on this network.</summary>
    public string? Problem(SnapshotHead head) =>
        head.Problem(_validators, _genesis.Block.Header.GenesisHash, options.Signatures) switch
        {
            { } problem => problem,
            null when Checkpoint is { } pinned && head.Header.Height < pinned.Height =>
                "it is older than the pinned checkpoint",
            null when Checkpoint is { } pinned && head.Header.Height == pinned.Height
                && head.Header.Hash != pinned.Hash => "it is not the pinned checkpoint",
            _ => null,
        };

    /// <summary>A peer sent what is not true: it is not asked again, and others are.</summary>
    public void Refused(SnapshotPeer peer, string problem)
    {
        peer.Blame();
        RuntimeLog.StateSyncRefused(log, peer.Name, problem);
    }

    /// <summary>The height that this node has by itself.</summary>
    public ulong OwnHeight()
    {
        using LedgerStore ledger = LedgerStore.Open(options.OpenLedger(), _genesis);
        return ledger.Head.Height.Value;
    }

    /// <summary>Opens what is fetched so far; begins with a head if it is not of that one.</summary>
    public SnapshotStaging Stage(Func<SnapshotHead, bool> isOffered, SnapshotHead newest)
    {
        SnapshotStaging staging = SnapshotStaging.Open(sync.OpenStaging());
        if (staging.Snapshot is not { } held || !isOffered(held))
        {
            staging.Begin(newest);
        }

        return staging;
    }

    /// <summary>
    /// Checks a whole state once more as a state and makes it the ledger. Disposes the staging.
    /// </summary>
    public void Finish(SnapshotStaging staging)
    {
        int entries;
        ulong height = staging.Head.Height.Value;
        using (staging)
        {
            var tree = StateTree.Build(staging.StateEntries());
            entries = tree.Count;
            Invariant.Require(tree.Root == staging.Head.Header.StateRoot, "a fetched state has its root");
            IReadOnlyList<string> broken = InvariantChecker.FullCheck(staging.State);
            Invariant.Require(
                broken.Count == 0, $"fetched state of height {height}: {string.Join("; ", broken)}");
            staging.Finish(_genesis.Block);
        }

        sync.Adopt();
        RuntimeLog.StateSyncDone(log, height, entries, time.GetElapsedTime(_started).TotalSeconds);
    }

    /// <summary>Takes all of a file, and refuses it at the first part that is not right.</summary>
    public void FromFile(SnapshotFile file)
    {
        SnapshotHead head = file.Head;
        string? problem = Problem(head);
        if (problem is null && Checkpoint is { } pinned && pinned.Height != head.Header.Height)
        {
            problem = "a file has no headers that lead to the pinned checkpoint: pin its own height "
                + $"{head.Header.Height}, or let the node fetch a state from its peers";
        }

        if (problem is null && OwnHeight() is var own && own >= head.Header.Height.Value)
        {
            problem = $"its height {head.Header.Height} is not above the ledger's, {own}";
        }

        Require(problem);
        using SnapshotStaging staging = Stage(held => held.Header.Hash == head.Header.Hash, head);
        while (staging.Next is { } next)
        {
            byte[]? chunk = file.FindChunk(next);
            Require(chunk is null ? "a chunk is missing" : staging.TryAdd(StateChunk.Decode(chunk)));
        }

        Finish(staging);
    }

    private static void Require(string? problem)
    {
        if (problem is not null)
        {
            throw new SnapshotException($"The snapshot is refused: {problem}.");
        }
    }
}
